"""A mail as it arrived: whether its one-click headers are there, and signed for."""

import pytest

from drumbeat.app.received import examine_mail

HEADERS = {
    "From": "Ana <ana@news.shop.example>",
    "List-Unsubscribe": "<https://shop.example/u/1>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "DKIM-Signature": "v=1; a=rsa-sha256; d=shop.example; s=k1;"
    "\r\n h=From : Subject: List-Unsubscribe:\r\n list-unsubscribe-post; bh=abc; b=def",
}
FULL = HEADERS["DKIM-Signature"]


def raw(**changes: str | None) -> bytes:
    """The good mail with headers changed (underscores for hyphens), or left out."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {**HEADERS, **named}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([*lines, "", "Hello"]).encode()


def test_a_mail_in_order() -> None:
    assert [(one.is_well, one.detail) for one in examine_mail(raw())] == [
        (True, "one-click headers are there"),
        (True, "signed by shop.example"),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"DKIM_Signature": None}, "no DKIM signature of news.shop", id="unsigned"),
        pytest.param(
            {"DKIM_Signature": FULL.replace("d=shop.example", "d=esp.example")},
            "no DKIM signature of news.shop.example",
            id="signed-by-another",
        ),
        pytest.param(
            {"DKIM_Signature": FULL.replace("list-unsubscribe-post", "date")},
            "does not cover list-unsubscribe-post",
            id="not-covered",
        ),
        pytest.param(
            {"DKIM_Signature": FULL.replace("h=", "x=")},
            "does not cover list-unsubscribe and list-unsubscribe-post",
            id="covers-nothing",
        ),
        pytest.param(
            {"List_Unsubscribe_Post": None}, "list-unsubscribe-post missing", id="no-header"
        ),
        pytest.param({"From": None}, "no DKIM signature of its sender", id="from-nobody"),
    ],
)
def test_a_mail_out_of_order(changes: dict[str, str | None], says: str) -> None:
    sick = [one.detail for one in examine_mail(raw(**changes)) if not one.is_well]
    assert any(says in detail for detail in sick), sick


def test_another_signature_beside_ours_does_no_harm() -> None:
    both = raw(DKIM_Signature=f"v=1; d=esp.example; h=from; b=x\r\nDKIM-Signature: {FULL}")
    assert all(one.is_well for one in examine_mail(both))
