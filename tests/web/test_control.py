"""Control: freeze from every page, unfreeze with a reason, roll back with a plan, set the clock."""

import pytest

from drumbeat.testing.web_world import WebWorld
from drumbeat.web.views.campaign import Status
from tests.web.visitor import Visitor

PAGES = ("/today", "/inbox", "/freeze", "/settings", "/menu")


@pytest.mark.parametrize("path", PAGES)
def test_freeze_all_is_one_click_from_every_page(vera: Visitor, path: str) -> None:
    assert 'href="/freeze"' in vera.get(path).text


def test_anyone_freezes_everything_with_a_reason(vera: Visitor, world: WebWorld) -> None:
    done = vera.post("/freeze", reason="the site is down")
    assert done.status_code == 303
    assert world.frozen is not None
    page = vera.get("/today").text
    assert "Everything is frozen" in page
    assert "the site is down" in page


def test_a_freeze_without_a_reason_asks_for_one(vera: Visitor, world: WebWorld) -> None:
    refused = vera.post("/freeze", reason="  ")
    assert refused.status_code == 422
    assert "Say why before freezing" in refused.text
    assert world.frozen is None


def test_unfreezing_is_for_operators(vera: Visitor, ana: Visitor, world: WebWorld) -> None:
    vera.post("/freeze", reason="the site is down")
    assert vera.post("/unfreeze", reason="up again").status_code == 403
    assert "An operator can unfreeze" in vera.get("/freeze").text
    assert ana.post("/unfreeze", reason="up again").status_code == 303
    assert world.frozen is None


def test_one_campaign_is_frozen_by_its_id(jon: Visitor, world: WebWorld) -> None:
    done = jon.post("/freeze", scope="brew-tips", reason="typo in a caption")
    assert done.headers["location"].startswith("/campaigns/brew-tips?done=Frozen")
    assert world.campaigns["brew-tips"].status is Status.FROZEN


def test_freezing_an_unknown_campaign_says_so(jon: Visitor) -> None:
    assert jon.get("/freeze?scope=none").status_code == 404


def test_a_roll_back_shows_its_plan_before_it_acts(ana: Visitor, world: WebWorld) -> None:
    page = ana.get("/changes/e-1047/roll-back").text
    assert "Send time: 08:30 goes back to 09:00" in page
    done = ana.post("/changes/e-1047/roll-back", fingerprint="plan-e-1047", reason="complaints")
    assert done.headers["location"].startswith("/changes?done=Rolled")
    assert world.changes[0].why == "complaints"


def test_a_roll_back_of_another_plan_is_refused_and_keeps_the_reason(ana: Visitor) -> None:
    refused = ana.post("/changes/e-1047/roll-back", fingerprint="old", reason="complaints")
    assert refused.status_code == 409
    assert 'value="complaints"' in refused.text


def test_what_cannot_be_taken_back_says_why(ana: Visitor) -> None:
    page = ana.get("/changes/e-1011/roll-back").text
    assert "already delivered to 12,455 people" in page
    assert "<button" not in page[page.index("What would happen") : page.index("</main>")]


def test_the_demo_clock_is_set_from_the_page(ana: Visitor, world: WebWorld) -> None:
    assert "Simulated market" in ana.get("/today").text
    assert ana.post("/clock", speed="3600").status_code == 303
    assert world.speed == 3600


def test_there_is_no_clock_outside_of_the_demo(ana: Visitor, world: WebWorld) -> None:
    world.is_demo = False
    assert "Simulated market" not in ana.get("/today").text
    assert ana.post("/clock", speed="3600").status_code == 404


def test_observing_is_for_operators(ana: Visitor, jon: Visitor, world: WebWorld) -> None:
    assert jon.post("/campaigns/brew-tips/observe").status_code == 403
    assert ana.post("/campaigns/brew-tips/observe").status_code == 303
    assert world.campaigns["brew-tips"].status is Status.OBSERVING


def test_theme_and_keys_are_kept_by_the_browser(vera: Visitor) -> None:
    kept = vera.post("/settings", theme="dark", keys="off").headers.get_list("set-cookie")
    assert any(cookie.startswith("drumbeat-theme=dark;") for cookie in kept)
    assert any(cookie.startswith("drumbeat-keys=off;") for cookie in kept)
    page = vera.get("/today", headers={"cookie": "drumbeat-theme=dark; drumbeat-keys=off"}).text
    assert 'data-theme="dark" data-keys="off"' in page


def test_a_theme_we_do_not_have_is_ignored(vera: Visitor) -> None:
    page = vera.get("/today", headers={"cookie": 'drumbeat-theme="><script>'}).text
    assert 'data-theme="system"' in page


def test_the_demo_says_who_it_signed_in(ana: Visitor, vera: Visitor) -> None:
    assert "signed in by the demo" in ana.get("/today").text
    assert "signed in by the demo" not in vera.get("/today").text


def test_a_moment_to_go_back_to_leads_to_its_plan(ana: Visitor) -> None:
    plan = ana.get("/campaigns/brew-tips/roll-back?to=2026-11-20T08:00")
    assert plan.status_code == 303
    assert plan.headers["location"] == "/changes/to:brew-tips@2026-11-20T08:00/roll-back"
    assert "Roll back to…" in ana.get("/campaigns/brand-search").text
