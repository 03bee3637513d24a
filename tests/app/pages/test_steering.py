"""The weekly review and the phases over a workspace that has lived."""

from datetime import timedelta

import pytest

from drumbeat.web.verbs import Done, Refused
from tests.app.pages.world import World


def test_minutes_are_kept_with_their_week_and_in_the_ledger(world: World) -> None:
    review, dana = world.services.review, world.person("dana")
    assert review is not None
    before = review.review("")
    assert before is not None
    assert (before.minutes_by, before.week) == ("", f"{before.first:%G-W%V}")
    assert isinstance(review.keep_minutes(before.week, dana, " Keep Tuesdays. "), Done)
    after = review.review(before.week)
    assert after is not None
    assert (after.minutes, after.minutes_by) == ("Keep Tuesdays.", "Dana Okafor")
    assert world.entries("minuted")[-1].body["text"] == "Keep Tuesdays."
    ahead = f"{world.now + timedelta(days=14):%G-W%V}"
    assert isinstance(review.keep_minutes(ahead, dana, "too soon"), Refused)


def test_the_review_times_the_launch_and_counts_the_promises(world: World) -> None:
    review = world.services.review
    assert review is not None
    view = review.review("")
    assert view is not None
    named = {kpi.name: kpi for kpi in view.operations}
    assert named["Time to launch"].value is not None
    assert named["Promises kept"].value is not None


@pytest.mark.parametrize(
    ("to", "kind", "told"),
    [
        pytest.param("conditional", "autonomy.promote", "somebody else decides", id="up"),
        pytest.param("draft", "autonomy.demote", "goes to draft", id="down"),
    ],
)
def test_a_phase_goes_up_by_asking_and_down_at_once(
    world: World, to: str, kind: str, told: str
) -> None:
    answer = world.services.verbs.change_phase("weekly-newsletter", to, world.person("dana"), "why")
    assert isinstance(answer, Done), answer
    assert told in answer.text
    waits = [one.proposal.id for one in world.waiting(kind)]
    assert bool(waits) == (to == "conditional")
    if waits:
        review = world.services.review
        assert review is not None
        view = review.review("")
        assert view is not None
        rule = next(one for one in view.rules if one.proposal_id == waits[0])
        assert "+phase: conditional" in rule.diff


def test_phases_are_not_skipped(world: World) -> None:
    answer = world.services.verbs.change_phase(
        "weekly-newsletter", "full", world.person("dana"), "why"
    )
    assert isinstance(answer, Refused)
