"""Secrets, personal data and canaries are found in outgoing text; look-alikes are not."""

import pytest

from drumbeat.core.untrusted.leak import LeakKind, leaks

KEY = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to jane.doe@gmail.com", LeakKind.EMAIL),
        ("Write to JANE+x@sub.shop.co.uk now", LeakKind.EMAIL),
        ("Call +49 30 1234 5678", LeakKind.PHONE),
        ("Call 0049 (30) 12345678", LeakKind.PHONE),
        ("Tel. 030 / 1234567", LeakKind.PHONE),
        ("IBAN DE89 3704 0044 0532 0130 00", LeakKind.ACCOUNT),
        ("GB82WEST12345698765432", LeakKind.ACCOUNT),
        ("Card 4111 1111 1111 1111", LeakKind.CARD),
        ("5500-0000-0000-0004", LeakKind.CARD),
        ("AKIAIOSFODNN7EXAMPLE", LeakKind.SECRET),
        (f"ghp_{KEY}", LeakKind.SECRET),
        (f"sk-{KEY}", LeakKind.SECRET),
        (f"sk-ant-api03-{KEY}", LeakKind.SECRET),
        ("xoxb-123456789012-abcdef", LeakKind.SECRET),
        ("-----BEGIN RSA PRIVATE KEY-----", LeakKind.SECRET),
        ("password: hunter2hunter2", LeakKind.SECRET),
        ("api_key=9f8e7d6c5b4a", LeakKind.SECRET),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4fw", LeakKind.SECRET),
        ("see ZEBRA-CANARY-42 here", LeakKind.CANARY),
        ("see z\u200bebra-canary-42 here", LeakKind.CANARY),
        ("jane\u200b@gmail.com", LeakKind.EMAIL),
    ],
)
def test_what_must_not_go_out_is_found(text: str, kind: LeakKind) -> None:
    found = leaks(text, canaries=("Zebra-Canary-42",))
    assert kind in {one.kind for one in found}


@pytest.mark.parametrize(
    "text",
    [
        "The release checksum is 5af25ab328eebb6099dd0a421551286a; add it to the notes.",
        "The job UUID is 550e8400-e29b-41d4-a716-446655440000.",
        "The sample JWT in the documentation is eyJhbGciOiJub25lIn0.eyJkZW1vIjp0cnVlfQ.",
        "The public logo data URL starts with cHVibGljLWRlbW8tYXNzZXQtMQ==.",
        "Northbean Kaffeerösterei GmbH, Lehrter Straße 17, 10557 Berlin, Germany",
        "Purchase contracts 2026-001 to 2026-022, published on the page",
        "Lot 14, above 1,800 metres, 31 bags, EUR 16.50",
        "On 2026-11-23 at 09:00 for 250 g, 61% above 1 2 3 4",
        "https://northbean.example/harvest?utm_campaign=nb_nl_eu_202609_37&utm_content=main",
        "Follow @northbean and use #coffee",
        "Reset your password: the link is in your account",
        "4111 1111 1111 1112 is no card: its check digit is wrong",
        "DE00 3704 0044 0532 0130 00 is no account",
        "Order 3000 0000 0000 0001",
    ],
)
def test_look_alikes_pass(text: str) -> None:
    assert leaks(text) == ()


def test_our_own_address_may_go_out() -> None:
    text = "Questions? hello@northbean.example"
    assert leaks(text)
    assert leaks(text, allowed=("Hello@northbean.example",)) == ()


def test_a_report_does_not_repeat_what_leaked() -> None:
    (found,) = leaks("Write to jane.doe@gmail.com")
    assert found.found == "jane…om"
    assert "doe@gmail" not in found.found


def test_markup_does_not_hide_a_leak() -> None:
    assert leaks("<p>jane<b></b>.doe@gmail.com</p>")
