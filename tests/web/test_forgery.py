"""Forgery: what another site, an old page or a stranger's token can make us do: nothing."""

import pytest

from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web import form_token
from drumbeat.web.rights import Right, right_of
from tests.web.test_access import address, all_routes, methods_of
from tests.web.visitor import ORIGIN, Visitor

CHANGING = [
    pytest.param(address(route), id=route.path)
    for route in all_routes()
    if "POST" in methods_of(route) and right_of(route.endpoint) is not Right.PUBLIC
]

OPEN = [
    pytest.param(address(route), id=route.path)
    for route in all_routes()
    if "POST" in methods_of(route) and right_of(route.endpoint) is Right.PUBLIC
]


@pytest.mark.parametrize("path", CHANGING)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"sec-fetch-site": "cross-site"}, id="another site"),
        pytest.param({"sec-fetch-site": "same-site"}, id="a sibling domain"),
        pytest.param({"origin": "https://evil.example"}, id="an old browser, another origin"),
        pytest.param({"origin": "null"}, id="a sandboxed frame"),
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_a_good_token(
    ana: Visitor, world: WebWorld, path: str, headers: dict[str, str]
) -> None:
    answer = ana.send("POST", path, data={"token": ana.token, "reason": "x"}, headers=headers)
    assert answer.status_code == 403
    assert world.number == 1047


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_needs_no_sign_in_is_refused_from_elsewhere_too(
    nobody: Visitor, world: WebWorld, path: str, site: str
) -> None:
    answer = nobody.send("POST", path, data={"reason": "x"}, headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert world.number == 1047


@pytest.mark.parametrize("path", CHANGING)
@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="none"),
        pytest.param("abc.def", id="made up"),
        pytest.param(form_token.issue(SETTINGS.form_key, "s-jon"), id="of another session"),
        pytest.param(
            form_token.issue(b"another key of thirty-two bytes!!", "s-ana"), id="other key"
        ),
    ],
)
def test_a_form_without_our_token_is_refused(
    ana: Visitor, world: WebWorld, path: str, token: str
) -> None:
    answer = ana.send(
        "POST",
        path,
        data={"token": token, "reason": "x"},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 403
    assert world.number == 1047


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"sec-fetch-site": "same-origin"}, True, id="our page"),
        pytest.param({"sec-fetch-site": "none"}, True, id="typed by the person"),
        pytest.param({"sec-fetch-site": "cross-site"}, False, id="another site"),
        pytest.param(
            {"sec-fetch-site": "cross-site", "origin": ORIGIN, "host": "drumbeat.test"},
            False,
            id="metadata wins over origin",
        ),
        pytest.param({"origin": ORIGIN, "host": "drumbeat.test"}, True, id="origin is host"),
        pytest.param({"origin": ORIGIN, "host": "drumbeat.test:81"}, False, id="another port"),
        pytest.param({}, True, id="no browser at all: the token decides"),
    ],
)
def test_where_a_request_comes_from(headers: dict[str, str], expected: bool) -> None:
    assert form_token.is_same_origin(headers) is expected


def test_each_page_has_another_token_for_the_same_session() -> None:
    tokens = {form_token.issue(SETTINGS.form_key, "s-ana") for _ in range(20)}
    assert len(tokens) == 20
    assert all(form_token.is_ours(SETTINGS.form_key, "s-ana", token) for token in tokens)


def test_a_form_key_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        type(SETTINGS)(form_key=b"short")


def test_a_form_that_is_too_large_is_refused(ana: Visitor) -> None:
    assert ana.post("/freeze", reason="x" * 100_000).status_code == 413
