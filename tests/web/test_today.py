"""Today: what needs attention, what changed, what is running; answered without any script."""

from dataclasses import replace

import pytest

from drumbeat.testing.web_world import WebWorld
from tests.web.visitor import Visitor


def fingerprint(world: WebWorld, proposal_id: str) -> str:
    return world.decisions[proposal_id].item.fingerprint


def test_the_root_leads_to_today(ana: Visitor) -> None:
    answer = ana.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")


def test_the_three_questions_are_answered_in_one_sentence(ana: Visitor) -> None:
    page = ana.get("/today").text
    assert "<strong>3 decisions</strong> are waiting, the first is due in 25\u00a0min." in page
    assert "<strong>7</strong> campaigns are running, 1 is frozen." in page
    assert "<strong>5</strong> things changed since you were here at 08:00." in page


def test_the_title_counts_what_waits(ana: Visitor) -> None:
    assert "<title>(3) Today · Drumbeat</title>" in ana.get("/today").text


def test_a_campaign_row_shows_value_comparison_anomaly_and_pace(ana: Visitor) -> None:
    page = ana.get("/today").text
    for expected in ("€61.20", "CPA · +212%", "3.4 σ", "€5,120 of €6,000", "Decide by 13:25"):
        assert expected in page


def test_restraint_is_shown_as_a_decision(ana: Visitor) -> None:
    assert "No change" in ana.get("/today").text


def test_approving_on_today_returns_to_today_with_an_undo(ana: Visitor, world: WebWorld) -> None:
    done = ana.post(
        "/inbox/prop-raise-retargeting/approve",
        fingerprint=fingerprint(world, "prop-raise-retargeting"),
        reason="",
        back="today",
    )
    assert done.status_code == 303
    assert done.headers["location"].startswith("/today?done=Approved")
    assert world.decisions["prop-raise-retargeting"].answered is not None
    page = ana.get(done.headers["location"]).text
    assert "Approved: Raise daily budget by 12%" in page
    assert 'action="/decisions/e-1048/undo"' in page
    assert "<strong>2 decisions</strong>" in page


def test_mine_keeps_what_the_person_owns(ana: Visitor) -> None:
    page = ana.get("/today?mine=true").text
    assert 'id="row-weekly-newsletter"' in page
    assert 'id="row-brand-search"' not in page


def test_a_day_on_which_nothing_waits_says_what_comes_next(ana: Visitor, world: WebWorld) -> None:
    world.decisions.clear()
    world.troubles.clear()
    page = ana.get("/today").text
    assert "Nothing needs you" in page
    assert "issue 43 of The Monday Roast, on Thursday" in page


def test_an_empty_workspace_says_how_to_begin(ana: Visitor, world: WebWorld) -> None:
    world.decisions.clear()
    world.campaigns.clear()
    world.changes.clear()
    page = ana.get("/today").text
    assert "No campaign here yet" in page
    assert "Nothing has changed yet" in page


def test_a_thousand_campaigns_are_shown_page_by_page(ana: Visitor, world: WebWorld) -> None:
    model = world.campaigns["brew-tips"]
    world.campaigns.update({f"c{n}": replace(model, id=f"c{n}") for n in range(1000)})
    first, last = ana.get("/today").text, ana.get("/today?after=1000").text
    assert first.count('<tr id="row-') == 50
    assert "Show more of 1,010 campaigns" in first
    assert last.count('<tr id="row-') == 10
    assert "Show more" not in last


@pytest.mark.parametrize("path", ["/today?after=-1", "/today?after=x%00", "/today?mine=maybe"])
def test_odd_questions_are_answered_without_breaking(ana: Visitor, path: str) -> None:
    assert ana.get(path).status_code in (200, 422)
