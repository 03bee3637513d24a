"""Headers: on every response, the refused and the broken ones too; and nothing inline."""

import re

import pytest

from drumbeat.testing.web_doors import Doors, services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web.application import ControlRoom, create_app
from drumbeat.web.headers import PAGE_POLICY
from drumbeat.web.settings import WebSettings
from drumbeat.web.verbs import ProofNeeded
from tests.web.test_access import STREAMS, address, all_routes, methods_of
from tests.web.visitor import Visitor

READ = [
    pytest.param(address(route), id=route.path)
    for route in all_routes()
    if "GET" in methods_of(route) and route.path not in STREAMS
]
WANTED = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "cache-control",
)


@pytest.mark.parametrize("path", [*READ, "/nowhere", "/inbox/none", "/static/none.css"])
def test_every_response_has_the_headers(ana: Visitor, path: str) -> None:
    answer = ana.get(path)
    assert [name for name in WANTED if name not in answer.headers] == []
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_that_breaks_has_the_headers_too(world: WebWorld, ana: Visitor) -> None:
    world.campaigns = None  # type: ignore[assignment]
    answer = ana.get("/today")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert "Traceback" not in answer.text


PAGES = [p for p in READ if not re.search("/mail/|/api/", str(p.values[0]))]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|<[^>]*\s(?:style|on[a-z]+)=")


@pytest.mark.parametrize(
    "path",
    [
        *(p for p in READ if "/mail/" not in str(p.values[0]) and "/api/" not in str(p.values[0])),
        *(f"/by-link/{name}" for name in ("decide", "risky", "trouble", "old", "nonsense")),
    ],
)
def test_no_page_has_an_inline_script_style_or_handler(ana: Visitor, path: str) -> None:
    assert INLINE.findall(ana.get(path, headers={"accept-encoding": "identity"}).text) == []


def test_the_policy_allows_no_inline_code_and_no_stranger() -> None:
    assert "unsafe" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY
    assert "frame-ancestors 'none'" in PAGE_POLICY


def test_a_mail_preview_may_do_nothing(ana: Visitor) -> None:
    answer = ana.get("/assets/issue-42/mail/robin")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox;")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "<script" not in answer.text


def test_https_is_remembered_only_where_there_is_https(world: WebWorld) -> None:
    secure = create_app(services(world), WebSettings(SETTINGS.form_key, is_https=True))
    plain: ControlRoom = create_app(services(world), SETTINGS)
    name = "strict-transport-security"
    assert name in Visitor(secure, None).get("/healthz").headers
    assert name not in Visitor(plain, None).get("/healthz").headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("POST", "/freeze", 403, id="another site"),
        pytest.param("DELETE", "/today", 405, id="no such method"),
        pytest.param("OPTIONS", "/today", 405, id="options"),
        pytest.param("HEAD", "/today", 405, id="head"),
        pytest.param("POST", "/api/v1/freeze", 403, id="the interface"),
        pytest.param("POST", "/hooks/none", 403, id="a hook from a page"),
        pytest.param("GET", "/inbox?after=" + "9" * 300, 422, id="unreadable"),
    ],
)
def test_refusals_have_the_headers_too(ana: Visitor, method: str, path: str, status: int) -> None:
    answer = ana.send(method, path, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == status
    assert [name for name in WANTED if name not in answer.headers] == []


def test_a_page_that_asks_who_one_is_has_them_and_nothing_inline(
    ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unproven(*_: object) -> None:
        raise ProofNeeded("it is of high risk")

    monkeypatch.setattr(Doors, "unfreeze", unproven)
    answer = ana.post("/unfreeze", scope="", reason='it is "safe" <b>')
    assert answer.status_code == 403
    assert [name for name in WANTED if name not in answer.headers] == []
    assert INLINE.findall(answer.text) == []
    assert "<b>" not in answer.text
