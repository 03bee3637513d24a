"""Who may propose, what a day may cost, what small steps add up to: one table a check."""

from datetime import timedelta
from typing import Any

import pytest

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks import c22_proposer, c40_pace, c46_daily
from drumbeat.core.governance.facts import DailyRoom, PastChange
from drumbeat.core.governance.verdict import Weight
from tests.core.governance import desk

FORBID, ASK = Weight.FORBID, Weight.ASK
PERSON = {"by": desk.ANA}
PAUSE = {"kind": "ads.pause", "spend_delta": desk.euros(-4)}


def room(running: int, ceiling: int, overspend: float = 1.0) -> dict[str, Any]:
    return {"daily_room": DailyRoom(desk.euros(ceiling), desk.euros(running), overspend)}


def many(count: int, ago: timedelta) -> dict[str, Any]:
    return {"past_changes": (PastChange(desk.NOW - ago, 0.0),) * count}


def limits(**more: Any) -> dict[str, Any]:
    return {"row": desk.row(limits=more)}


PROPOSER = [
    pytest.param({}, {"proposer": None}, None, id="an agent needs no account"),
    pytest.param(PERSON, {}, None, id="a manager"),
    pytest.param(PERSON, {"proposer": desk.account("operator")}, None, id="an operator"),
    pytest.param(PERSON, {"proposer": desk.account("performance")}, None, id="its approver"),
    pytest.param(PERSON, {"proposer": desk.account("viewer")}, FORBID, id="a viewer"),
    pytest.param(PERSON, {"proposer": desk.account("admin")}, FORBID, id="an administrator"),
    pytest.param(PERSON, {"proposer": None}, FORBID, id="nobody we know"),
    pytest.param(
        PERSON, {"proposer": desk.account("manager", is_active=False)}, FORBID, id="disabled"
    ),
    pytest.param(
        PERSON, {"proposer": desk.account("manager", is_agent=True)}, FORBID, id="a machine"
    ),
    pytest.param(PERSON, {"row": desk.row(people=["analyst"])}, FORBID, id="not the row's people"),
    pytest.param(
        PERSON,
        {"row": desk.row(people=["analyst"]), "proposer": desk.account("analyst")},
        None,
        id="the row's people",
    ),
    pytest.param({"by": Actor.system("clock")}, {}, FORBID, id="the clock adds risk"),
    pytest.param({"by": Actor.system("clock"), **PAUSE}, {}, None, id="the clock takes risk away"),
]
DAILY = [
    pytest.param({}, {}, None, id="no ceiling declared"),
    pytest.param({}, room(100, 144), None, id="just fits"),
    pytest.param({}, room(101, 144), FORBID, id="a euro too many"),
    pytest.param({}, room(100, 288, overspend=2), None, id="twice the budgets fit"),
    pytest.param({}, room(100, 287, overspend=2), FORBID, id="twice the budgets do not fit"),
    pytest.param(PERSON, room(101, 144), FORBID, id="people too"),
    pytest.param({"after": {"daily_budget_minor": 36_00}}, room(500, 144), None, id="less a day"),
    pytest.param(
        {"before": None, "after": {"daily_budget_minor": 50_00, "status": "active"}},
        room(100, 144),
        FORBID,
        id="a launch",
    ),
    pytest.param(
        {"before": None, "after": {"daily_budget_minor": 50_00, "status": "paused"}},
        room(100, 144),
        None,
        id="what is paused costs nothing",
    ),
    pytest.param(
        {
            "before": {"daily_budget_minor": 50_00, "status": "paused"},
            "after": {"daily_budget_minor": 50_00, "status": "active"},
        },
        room(100, 144),
        FORBID,
        id="enabling costs",
    ),
]
PACE = [
    pytest.param({}, {**limits(changes_per_month=3), **many(2, timedelta(days=9))}, None, id="two"),
    pytest.param(
        {}, {**limits(changes_per_month=3), **many(3, timedelta(days=9))}, ASK, id="three"
    ),
    pytest.param(
        {}, {**limits(changes_per_month=3), **many(3, timedelta(days=30))}, None, id="long ago"
    ),
    pytest.param({}, limits(spend_per_change="EUR 4"), None, id="just cheap enough"),
    pytest.param({}, limits(spend_per_change="EUR 3.99"), ASK, id="a cent too dear"),
    pytest.param(PERSON, limits(spend_per_change="EUR 1"), None, id="a person asked for it"),
    pytest.param(
        {},
        {**limits(spend_per_day="EUR 20"), "promised_lately": desk.euros(16)},
        None,
        id="the day has room",
    ),
    pytest.param(
        {},
        {**limits(spend_per_day="EUR 20"), "promised_lately": desk.euros(17)},
        ASK,
        id="many small ones add up",
    ),
    pytest.param({}, limits(spend_per_day="EUR 20"), ASK, id="nobody has counted"),
    pytest.param({}, {"most_change": 0.05}, ASK, id="the campaign file is stricter"),
    pytest.param({}, {"most_change": 0.5}, None, id="the campaign file is laxer, the row holds"),
]


@pytest.mark.parametrize(("asked", "known", "weight"), PROPOSER)
def test_proposer(asked: dict[str, Any], known: dict[str, Any], weight: Weight | None) -> None:
    found = c22_proposer.check(desk.proposal(**asked), desk.facts(**known))
    assert (found.weight if found else None) == weight


@pytest.mark.parametrize(("asked", "known", "weight"), DAILY)
def test_daily(asked: dict[str, Any], known: dict[str, Any], weight: Weight | None) -> None:
    found = c46_daily.check(desk.proposal(**asked), desk.facts(**known))
    assert (found.weight if found else None) == weight


@pytest.mark.parametrize(("asked", "known", "weight"), PACE)
def test_pace(asked: dict[str, Any], known: dict[str, Any], weight: Weight | None) -> None:
    found = c40_pace.check(desk.proposal(**asked), desk.facts(**known))
    assert (found.weight if found else None) == weight
