"""A link in a mail, opened and answered as browsers, scanners and strangers do it."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from drumbeat.core.governance.matrix import Risk
from drumbeat.gate.link import Link, LinkKind, seal
from drumbeat.store.proposals import Status
from tests.app.pages.browser import ORIGIN, Browser
from tests.app.pages.world import LAUNCH, World

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def path_for(world: World, account: str = "mei", **changes: object) -> str:
    asked = world.waiting(LAUNCH)[0].proposal
    link = Link(
        LinkKind.DECISION,
        asked.id,
        asked.fingerprint,
        account,
        world.now + timedelta(hours=72),
        f"mail to {account}",
    )
    return f"/by-link/{seal(replace(link, **changes), world.demo.app.gate.door.key)}"  # type: ignore[arg-type]


def send(
    browser: Browser, method: str, path: str, data: dict[str, str] | None = None, **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(browser._send(method, path, {"data": data or {}, "headers": named}))


def answer(browser: Browser, path: str, word: str, **fields: str) -> httpx.Response:
    """Press the button of the page that the link shows."""
    token = _TOKEN.search(browser.get(path).text)
    data = {"token": token[1] if token else "", **fields}
    return send(browser, "POST", f"{path}/{word}", data, sec_fetch_site="same-origin")


@pytest.fixture
def stranger(world: World) -> Browser:
    """A browser in which nobody is signed in: the demo listens on more than this machine."""
    return world.browser(host="0.0.0.0")


def test_a_link_shows_the_same_decision_as_the_inbox(world: World, stranger: Browser) -> None:
    page = stranger.text(path_for(world))
    for question in ("What would change", "Why you", "If you do nothing", "Can it be undone"):
        assert question in page
    assert "asks Mei Tanaka" in page


def test_a_scanner_that_opens_everything_decides_nothing(world: World, stranger: Browser) -> None:
    path = path_for(world)
    before = world.entries()
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        for place in (path, f"{path}/approve", f"{path}/reject", f"{path}/acknowledge"):
            send(stranger, method, place, purpose="prefetch")
    # Posting what it found, without the form of the page, counts for nothing either.
    assert send(stranger, "POST", f"{path}/approve").status_code == 403
    assert world.entries() == before
    assert world.waiting(LAUNCH)


def test_an_answer_by_link_is_given_once_in_its_persons_name(
    world: World, stranger: Browser
) -> None:
    path, asked = path_for(world), world.waiting(LAUNCH)[0].proposal.id
    done = answer(stranger, path, "approve", reason="looks right")
    assert done.status_code == 200
    assert "Approved." in done.text
    assert "set-cookie" not in done.headers
    assert world.judged(asked).status in (Status.AGREED, Status.APPROVED)
    [entry] = [one for one in world.entries("approved") if one.subject == asked]
    assert (entry.actor, entry.body["via"]) == ("person:mei", "link")
    replay = answer(stranger, path, "approve")
    assert replay.status_code == 410
    assert "used already" in replay.text


def test_a_rejection_without_a_reason_keeps_the_link(world: World, stranger: Browser) -> None:
    path = path_for(world)
    missing = answer(stranger, path, "reject", reason=" ")
    assert missing.status_code == 422
    assert "Say why" in missing.text
    assert "Rejected." in answer(stranger, path, "reject", reason="not this week").text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"fingerprint": "0" * 64}, "changed since you looked", id="stale"),
        pytest.param({"subject": "prop-none"}, "gone", id="no-such"),
        pytest.param({"account": "launcher"}, "does nothing", id="agent"),
        pytest.param({"account": "zoe"}, "does nothing", id="nobody"),
    ],
)
def test_a_spoilt_link_says_why_and_does_nothing(
    world: World, stranger: Browser, changes: dict[str, object], says: str
) -> None:
    path = path_for(world, **changes)  # type: ignore[arg-type]
    page = stranger.get(path)
    assert page.status_code == 410
    assert says in page.text
    assert answer(stranger, path, "approve").status_code == 410
    assert world.waiting(LAUNCH)


def test_a_lapsed_or_forged_link_does_nothing(world: World, stranger: Browser) -> None:
    lapsed = path_for(world, until=world.now)
    assert "lapsed" in stranger.get(lapsed).text
    assert stranger.get(path_for(world)[:-3] + "abc").status_code == 410
    assert stranger.get("/by-link/nonsense").status_code == 410


def test_a_forwarded_link_does_not_count_for_whoever_is_signed_in(world: World) -> None:
    path, jon = path_for(world), world.browser("jon", host="0.0.0.0")
    page = jon.get(path)
    assert page.status_code == 403
    assert "This link was sent to Mei Tanaka, and Jon Becker is signed in here" in page.text
    assert answer(jon, path, "approve").status_code == 403
    assert world.waiting(LAUNCH)


def test_another_site_cannot_press_the_button(world: World, stranger: Browser) -> None:
    path = path_for(world)
    token = _TOKEN.search(stranger.get(path).text)
    assert token
    for headers in ({"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}):
        refused = send(stranger, "POST", f"{path}/approve", {"token": token[1]}, **headers)
        assert refused.status_code == 403
    assert ORIGIN not in token[1]
    assert world.waiting(LAUNCH)


def test_high_risk_leads_to_signing_in(
    world: World, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drumbeat.gate.answer.risk_of", lambda *_: Risk.HIGH)
    path = path_for(world)
    page = stranger.get(path).text
    assert "Sign in to decide" in page
    assert "/approve" not in page
    assert world.waiting(LAUNCH)


def test_the_address_is_kept_from_other_sites_and_search_engines(
    world: World, stranger: Browser
) -> None:
    headers = stranger.get(path_for(world)).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]
