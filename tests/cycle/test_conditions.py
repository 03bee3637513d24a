"""Conditions of policy/sla.yaml against a live cycle: what holds is found, what is unknown too."""

from typing import Any

import pytest

from drumbeat.core.campaign.guardrail_rule import Consequence
from drumbeat.core.campaign.plan import Forecast
from drumbeat.core.operations.condition import Condition
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.cycle.conditions import compares, findings, spoken_of
from tests.agents.desk import planned, snapshot, watch_case

OPENS = Forecast(metric="open_rate", low=0.35, mean=0.4, high=0.45, why="the past")


def condition(**fields: Any) -> Condition:
    return Condition.model_validate({"id": "one", "then": "escalate", **fields})


BELOW = condition(metric="open_rate", below="forecast", by="20%", after="10000 delivered")
WRITTEN = condition(expr="open_rate < 80% * open_rate.forecast and delivered >= 10000")
FIXED = condition(metric="open_rate", below="30%")


def found(one: Condition, *, is_early: bool = False, **counts: float) -> list[WatchFinding]:
    plan = planned().model_copy(update={"forecasts": (OPENS,)})
    case = watch_case(plan=plan, snapshots=(snapshot(2, **counts),))
    return list(findings((one,), case, is_early=is_early))


@pytest.mark.parametrize("one", [BELOW, WRITTEN], ids=["typed", "written"])
def test_what_holds_has_its_consequence(one: Condition) -> None:
    (finding,) = found(one, delivered=12_000.0, opens=3_000.0)
    assert (finding.kind, finding.consequence) == (WatchKind.GUARDRAIL, Consequence.ESCALATE)
    assert finding.metric in ("open_rate", "delivered")


@pytest.mark.parametrize("one", [BELOW, WRITTEN], ids=["typed", "written"])
def test_what_cannot_be_told_is_a_data_problem_and_never_acts(one: Condition) -> None:
    (finding,) = found(one, delivered=12_000.0)
    assert (finding.kind, finding.consequence) == (WatchKind.DATA, None)


@pytest.mark.parametrize("one", [BELOW, WRITTEN], ids=["typed", "written"])
def test_what_does_not_hold_is_no_finding(one: Condition) -> None:
    assert found(one, delivered=9_000.0, opens=1_000.0) == []
    assert found(one, delivered=12_000.0, opens=5_000.0) == []


def test_moving_lines_are_left_alone_in_the_first_hours() -> None:
    assert found(BELOW, is_early=True, delivered=12_000.0, opens=10.0) == []
    assert found(WRITTEN, is_early=True, delivered=12_000.0, opens=10.0) == []
    assert len(found(FIXED, is_early=True, delivered=12_000.0, opens=10.0)) == 1


def test_a_condition_knows_what_it_speaks_of() -> None:
    assert spoken_of(BELOW) == {"open_rate", "delivered"}
    assert spoken_of(WRITTEN) == {"open_rate", "delivered"}
    assert spoken_of(condition(expr="not -spend > EUR 0", after="5 orders")) == {"spend", "orders"}
    assert [compares(one) for one in (BELOW, WRITTEN, FIXED)] == [True, True, False]
