"""Levels and demotion at the gate: earned and lost for one kind on one channel, by cause."""

from pathlib import Path
from typing import Any

import pytest

from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.gate.answer import Answered
from drumbeat.gate.escalate import escalate
from drumbeat.gate.hold import scope_named
from drumbeat.gate.levels import level_of, target_of
from drumbeat.gate.phases import phase_of
from drumbeat.gate.rollback import Undo
from drumbeat.store import ledger
from drumbeat.store.proposals import Status
from drumbeat.testing.gate_world import CAMPAIGN, GateWorld, gate_world

JON, VIC = Actor.person("jon"), Actor.person("vic")
BUDGET, ADS = "ads.set_budget", "ads"
ROWS: dict[str, Any] = {
    "autonomy.promote": {
        "agents": ["optimizer"],
        "risk": "high",
        "phase": "full",
        "approvals": {"roles": ["manager"]},
        "always_ask": True,
    },
    "autonomy.demote": {"agents": ["monitor"], "risk": "low", "phase": "draft"},
}


@pytest.fixture
def world(tmp_path: Path) -> GateWorld:
    return gate_world(tmp_path, policy={"actions": ROWS})


def wish(world: GateWorld, kind: str, before: str, after: str) -> Proposal:
    action = Action(
        kind=kind,
        channel=Channel.WORKSPACE,
        connection="",
        campaign="",
        target=target_of(BUDGET, ADS),
        before={"level": before},
        after={"level": after, "declared": "act"},
        spend_delta=Money.zero("EUR"),
    )
    now = world.clock.now()
    return propose(action, JON, "a test", now=now, expires_at=now.replace(day=9))


def level(world: GateWorld, kind: str = BUDGET) -> Level | None:
    with world.database.read() as connection:
        return level_of(world.door, connection, kind, ADS)


def phase(world: GateWorld) -> Phase | None:
    with world.database.read() as connection:
        return phase_of(world.door, connection, CAMPAIGN)


def demotions(world: GateWorld) -> list[str]:
    with world.database.read() as connection:
        return [e.subject for e in ledger.entries(connection, kinds=("demoted",))]


def test_agents_start_where_the_matrix_lets_them(world: GateWorld) -> None:
    assert level(world) is Level.ACT
    assert world.gate.submit(world.budget(40_00, 44_00)).status is Status.ALLOWED


@pytest.mark.parametrize(
    ("to", "status"),
    [("ask", Status.WAITING), ("draft", Status.WAITING), ("observe", Status.OBSERVED)],
)
def test_a_demoted_kind_goes_no_further_than_its_level(
    world: GateWorld, to: str, status: Status
) -> None:
    world.gate.submit(wish(world, "autonomy.demote", "act", to))
    assert level(world) is Level(to)
    judged = world.gate.submit(world.budget(40_00, 44_00))
    assert judged.status is status
    assert [f.check for f in judged.verdict.findings] == ["level"]


def test_another_kind_and_people_keep_what_they_have(world: GateWorld) -> None:
    world.gate.submit(wish(world, "autonomy.demote", "act", "observe"))
    assert level(world, "ads.pause") is Level.ACT
    assert world.gate.submit(world.budget(40_00, 44_00, by=JON)).status is Status.ALLOWED


def test_more_of_it_takes_another_person(world: GateWorld) -> None:
    world.gate.submit(wish(world, "autonomy.demote", "act", "ask"))
    asked = wish(world, "autonomy.promote", "ask", "act")
    assert world.gate.submit(asked).status is Status.WAITING
    answer = world.gate.approve(asked.id, "dana", asked.fingerprint, is_fresh=True)
    assert isinstance(answer, Answered)
    assert level(world) is Level.ACT


def test_a_demotion_that_raises_slips_past_nobody(world: GateWorld) -> None:
    world.gate.submit(wish(world, "autonomy.demote", "act", "ask"))
    with pytest.raises(ValueError, match="cannot go"):
        world.gate.submit(wish(world, "autonomy.demote", "ask", "act"))
    assert level(world) is Level.ASK


@pytest.mark.parametrize(
    ("code", "expected"), [("wrong", Level.ASK), ("timing", Level.ACT), ("other", Level.ACT)]
)
def test_a_grave_rejection_costs_the_kind_a_step(
    world: GateWorld, code: str, expected: Level
) -> None:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    world.gate.reject(asked.id, "dana", "no", code)
    assert level(world) is expected
    assert phase(world) is (Phase.SUPERVISED if expected is Level.ASK else Phase.CONDITIONAL)


def test_a_grave_edit_costs_a_step(world: GateWorld) -> None:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    action = asked.action.revised(after={"daily_budget_minor": 50_00})
    world.gate.edit(asked.id, "jon", action, "far too much", "wrong")
    assert level(world) is Level.ASK


@pytest.mark.parametrize(("by", "expected"), [(None, Level.ASK), (JON, Level.ACT)])
def test_a_roll_back_of_an_agents_change_costs_a_step(
    world: GateWorld, by: Actor | None, expected: Level
) -> None:
    world.gate.submit(world.budget(40_00, 44_00, by=by))
    world.gate.pump()
    step = world.gate.plan_rollback_last(CAMPAIGN)
    assert isinstance(step, Undo)
    world.gate.roll_back(step, JON, "a mistake")
    assert level(world) is expected


@pytest.mark.parametrize("name", ["channel:ads", "action:ads.set_budget", "agent:optimizer"])
def test_a_freeze_for_what_agents_did_costs_the_scope_a_step(world: GateWorld, name: str) -> None:
    world.gate.hold(HoldMode.FREEZE, scope_named(name), VIC, "it went wild", "harmful")
    assert level(world) is Level.ASK
    assert phase(world) is Phase.CONDITIONAL


@pytest.mark.parametrize("name", [CAMPAIGN, None])
def test_a_freeze_of_a_campaign_costs_its_phase_a_step(world: GateWorld, name: str | None) -> None:
    world.gate.hold(HoldMode.FREEZE, scope_named(name), VIC, "it went wild", "harmful")
    assert (level(world), phase(world)) == (Level.ACT, Phase.SUPERVISED)


def test_a_freeze_as_a_precaution_costs_nothing(world: GateWorld) -> None:
    world.gate.hold(HoldMode.FREEZE, scope_named(None), VIC, "a fire drill")
    assert demotions(world) == []


@pytest.mark.parametrize(("failure", "count"), [("brand_crisis", 1), ("platform", 0)])
def test_an_incident_of_the_agents_own_costs_a_step_once(
    world: GateWorld, failure: str, count: int
) -> None:
    for _ in range(2):
        with world.database.write() as transaction:
            escalate(
                world.door,
                transaction,
                failure=failure,
                severity="critical",
                campaign=CAMPAIGN,
                text="people are angry",
                key="angry",
                kind=AlertKind.METRIC,
            )
    assert len(demotions(world)) == count


def test_people_who_mostly_disagree_are_drift(world: GateWorld) -> None:
    for number in range(10):
        target = f"line_item:retargeting/{number}"
        world.site.objects[target] = {"daily_budget_minor": 40_00}
        asked = world.budget(40_00, 60_00, target=target)
        world.gate.submit(asked)
        world.gate.reject(asked.id, "dana", "not now", "timing")
        assert level(world) is (Level.ASK if number == 9 else Level.ACT)
    assert demotions(world) == [target_of(BUDGET, ADS)]
