"""States: every screen empty, huge, missing, refused and broken; a new screen has to say so too."""

from dataclasses import dataclass, replace

import pytest

from drumbeat.testing.web_doors import Doors
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.application import page_routers
from drumbeat.web.guard import GuardedRoute
from drumbeat.web.verbs import Refused
from tests.web.hostile import fill
from tests.web.visitor import Visitor

MANY = 1000
KB = 1024
TYPED = "what I typed, at length"


@dataclass(frozen=True)
class Screen:
    """What a screen says when there is nothing, too much, or no such thing; and the order whose
    refusal must keep what was typed. Empty: it cannot be in that state."""

    path: str
    empty: str = ""
    huge: str = ""
    missing: str = ""
    order: str = ""
    field: str = "reason"


SCREENS = {
    "/today": Screen("/today", "Nothing needs you", "Show more of 1,000 campaigns"),
    "/inbox": Screen("/inbox", "Nothing needs you", "Show more of 1,000 decisions"),
    "/inbox/{proposal_id}": Screen(
        "/inbox/prop-send-42", missing="/inbox/none", order="/inbox/prop-send-42/reject"
    ),
    "/campaigns": Screen("/campaigns", "No campaign fits", "Show more of 1,000 campaigns"),
    "/campaigns/{campaign_id}": Screen("/campaigns/brand-search", missing="/campaigns/none"),
    "/calendar": Screen("/calendar?shape=list", "Nothing is planned", "900 are left"),
    "/experiments": Screen("/experiments", "No test is running", order="/experiments"),
    "/experiments/{experiment_id}": Screen(
        "/experiments/H-07", missing="/experiments/none", order="/experiments/H-07/ship"
    ),
    "/changes": Screen("/changes", "No change fits", "Show more of 1,000 changes"),
    "/changes/{change_id}": Screen("/changes/e-1047", missing="/changes/none"),
    "/changes/{change_id}/roll-back": Screen(
        "/changes/e-1047/roll-back",
        missing="/changes/none/roll-back",
        order="/changes/e-1047/roll-back",
    ),
    "/cycles/{cycle_id}": Screen(
        "/cycles/brand-search-2026-w48", huge="earlier steps are left out", missing="/cycles/none"
    ),
    "/assets/{asset_id}": Screen(
        "/assets/issue-42",
        huge="Show more of 1,000 comments",
        missing="/assets/none",
        order="/assets/issue-42/comments",
        field="text",
    ),
    "/assets/{asset_id}/mail/{reader}": Screen(
        "/assets/issue-42/mail/robin", missing="/assets/issue-42/mail/none"
    ),
    "/review": Screen(
        "/review", "No week is over yet", huge="that went off the road",
        missing="/review?week=1999-W01", order="/review", field="minutes",
    ),
    "/autonomy": Screen("/autonomy", "No action is allowed", order="/autonomy/phase"),
    "/autonomy/rule": Screen("/autonomy/rule?kind=ads.set_budget"),
    "/new-campaign": Screen("/new-campaign", missing="/new-campaign?kind=none"),
    "/connections": Screen("/connections", "Nothing is connected"),
    "/escalations": Screen("/escalations", "Nothing is wrong", "Show more of 1,001 escalations"),
    "/escalations/{escalation_id}": Screen(
        "/escalations/esc-spend-pace",
        missing="/escalations/none",
        order="/escalations/esc-spend-pace/resolve",
    ),
    "/search": Screen("/search?q=zzz", "Nothing is called “zzz”"),
    "/search/found": Screen("/search/found?q=zzz", "Nothing is called “zzz”"),
    "/freeze": Screen("/freeze", order="/freeze"),
    "/welcome": Screen("/welcome", "Begin the tour"),
    "/settings": Screen("/settings"),
    "/menu": Screen("/menu"),
}  # fmt: skip
# Shown to nobody in particular, or drawn by rooms with tests of their own.
ELSEWHERE = {
    "/", "/access", "/by-link/{token}", "/shared/{token}", "/shared/{token}/mail/{number}/{reader}",
    "/calendar.ics", "/changes/export.jsonl", "/healthz",
    "/readyz", "/static/{name:path}", "/live", "/sign-in", "/sign-in/oidc", "/sign-in/oidc/done",
    "/u/{token}", "/cycles/{cycle_id}/case.json", "/campaigns/{campaign_id}/roll-back",
}  # fmt: skip
FRAGMENTS = {"/search/found", "/assets/{asset_id}/mail/{reader}"}


def of(state: str) -> list[object]:
    return [pytest.param(s, id=name) for name, s in SCREENS.items() if getattr(s, state)]


def test_every_screen_has_a_row() -> None:
    pages = {
        route.path
        for router in page_routers()
        for route in router.routes
        if isinstance(route, GuardedRoute) and "GET" in (route.methods or ())
    }
    assert {one for one in pages if not one.startswith("/api/")} == SCREENS.keys() | ELSEWHERE


@pytest.mark.parametrize("screen", of("empty"))
def test_an_empty_screen_says_so_and_what_comes_next(
    ana: Visitor, world: WebWorld, screen: Screen
) -> None:
    for one in (world.decisions, world.troubles, world.campaigns, world.changes):
        one.clear()
    world.has_plans = False
    page = ana.get(screen.path)
    assert page.status_code == 200
    assert screen.empty in page.text


@pytest.mark.parametrize("screen", of("huge"))
def test_a_huge_screen_is_paged_and_says_how_much_more(
    ana: Visitor, world: WebWorld, screen: Screen
) -> None:
    fill(world, tuple(f"Thing number {number}" for number in range(MANY)))
    asset, cycle = world.assets["issue-42"], world.cycles["brand-search-2026-w48"]
    said = replace(asset.comments, items=asset.comments.items[:1] * MANY)
    world.assets["issue-42"] = replace(asset, comments=said)
    many = replace(cycle.trace[0], rows=cycle.trace[0].rows[:1] * MANY)
    world.cycles[cycle.id] = replace(cycle, trace=(many,))
    page = ana.get(screen.path)
    assert page.status_code == 200
    assert screen.huge in page.text
    assert len(page.content) < 300 * KB


@pytest.mark.parametrize("screen", of("missing"))
def test_what_is_not_there_is_said_with_a_way_on(ana: Visitor, screen: Screen) -> None:
    page = ana.get(screen.missing)
    assert page.status_code == 404
    assert "Go to Today" in page.text


@pytest.mark.parametrize("screen", of("order"))
def test_a_refusal_keeps_what_was_typed(
    ana: Visitor, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> Refused:
        return Refused("Not now.", 409)

    for verb in ("reject", "rollback", "comment", "keep_minutes", "change_phase", "resolve",
                 "freeze", "ship_experiment", "start_experiment"):  # fmt: skip
        monkeypatch.setattr(Doors, verb, refused)
    extra = {"fingerprint": "x", "week": "2026-W47", "version": "v3", "hypothesis": "H-16",
             "campaign": "brand-search", "to": "full"}  # fmt: skip
    page = ana.post(screen.order, **{**extra, screen.field: TYPED})
    assert page.status_code == 409
    assert "Not now." in page.text
    assert TYPED in page.text or screen.order == "/experiments"


@pytest.mark.parametrize("screen", [pytest.param(s, id=n) for n, s in SCREENS.items()])
def test_a_screen_waits_with_its_own_outline(ana: Visitor, screen: Screen) -> None:
    """What is shown meanwhile is part of the page before it: rows without words."""
    page = ana.get(screen.path)
    assert page.status_code == 200
    is_whole = not any(SCREENS[one] is screen for one in FRAGMENTS)
    assert ('class="skeleton"' in page.text) is is_whole


@pytest.mark.parametrize("read", ["today", "queue", "campaigns", "changes", "autonomy", "health"])
def test_a_screen_that_breaks_says_what_to_do(
    ana: Visitor, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Doors, read, broken)
    paths = {"queue": "/inbox", "health": "/connections"}
    page = ana.get(paths.get(read, f"/{read}"))
    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert "the disk is full" not in page.text


def test_an_order_that_breaks_hands_back_what_was_typed(
    ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Doors, "freeze", broken)
    page = ana.post("/freeze", scope="", reason=f"{TYPED} <b>")
    assert page.status_code == 500
    assert "What you entered" in page.text
    assert f"{TYPED} &lt;b&gt;" in page.text
    too_long = ana.post("/freeze", scope="", reason="x" * 3000)
    assert too_long.status_code == 422
    assert "x" * 3000 in too_long.text
    assert "“reason” takes 2,000 characters at most" in too_long.text
    assert 'name="token"' not in page.text.partition("What you entered")[2]
