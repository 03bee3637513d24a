"""Settled: what a person has looked into does not freeze again; what is new does, and at once."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from drumbeat.agents.monitor import Monitor, WatchCase
from drumbeat.core.campaign.guardrail_rule import Consequence
from drumbeat.core.operations.guardrail import Snapshot, counted_from
from drumbeat.core.operations.watch_finding import WatchFinding
from drumbeat.cycle.settled import is_again, unless_settled
from tests.agents.desk import planned, rule, snapshot, watch_case

ANGRY = rule(
    {
        "metric": "negative_comment_share",
        "above": "30%",
        "after": "20 comments",
        "then": "freeze",
        "severity": "critical",
    }
)
FIRST = snapshot(1, comments=40.0, negative_comments=38.0)
THAWED = FIRST.at + timedelta(minutes=30)


def case(*snapshots: Snapshot, **more: Any) -> WatchCase:
    return watch_case(
        plan=planned().model_copy(update={"forecasts": ()}),
        guardrails=(ANGRY,),
        snapshots=snapshots,
        **more,
    )


def watch(looked_at: WatchCase) -> Iterable[WatchFinding]:
    found = Monitor().watch(looked_at)
    return found if isinstance(found, tuple) else ()


def consequences(*snapshots: Snapshot, is_thawed: bool = True) -> list[Consequence | None]:
    at = case(*snapshots)
    settled = unless_settled(watch(at), at, watch, THAWED if is_thawed else None)
    return [one.consequence for one in settled]


@pytest.mark.parametrize(
    ("comments", "negative", "then"),
    [
        pytest.param(40, 38, Consequence.ESCALATE, id="nothing came in since"),
        pytest.param(55, 53, Consequence.ESCALATE, id="too few since to tell"),
        pytest.param(100, 40, Consequence.ESCALATE, id="what came in since is well"),
        pytest.param(100, 90, Consequence.FREEZE, id="it goes on"),
    ],
)
def test_only_what_came_in_after_the_thaw_freezes_again(
    comments: float, negative: float, then: Consequence
) -> None:
    later = snapshot(3, comments=comments, negative_comments=negative)
    assert consequences(FIRST, later) == [then]
    assert consequences(FIRST, later, is_thawed=False) == [Consequence.FREEZE]


def test_the_settled_one_says_why_it_does_not_freeze() -> None:
    at = case(FIRST, snapshot(3, comments=40.0, negative_comments=38.0))
    (found,) = unless_settled(watch(at), at, watch, THAWED)
    assert "a person ended the freeze since" in found.text


def test_what_goes_on_after_a_thaw_is_news_whenever_it_was_told() -> None:
    at = case(FIRST)
    (found,) = watch(at)
    told = case(FIRST, told={found.key: FIRST.at})
    assert is_again(found, told, THAWED)
    assert not is_again(found, told, FIRST.at)
    assert not is_again(found, told, None)


def test_counting_starts_from_the_oldest_snapshot_kept() -> None:
    one, two = snapshot(5, comments=10.0), snapshot(6, comments=16.0, clicks=3.0)
    (left,) = counted_from((one, two), THAWED)
    assert (left.at, left.counts) == (two.at, {"comments": 6.0, "clicks": 3.0})
    assert counted_from((), THAWED) == ()
