"""Levels and demotion at the gate: earned and lost for one kind on one channel, by cause."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.shadow import ShadowCase, ShadowVerdict
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.gate.answer import Answered
from drumbeat.gate.demotion import look_for_drift
from drumbeat.gate.escalate import escalate
from drumbeat.gate.hold import scope_named
from drumbeat.gate.levels import level_of, target_of
from drumbeat.gate.phases import phase_of
from drumbeat.gate.rollback import Undo
from drumbeat.store import ledger, shadow
from drumbeat.store.proposals import Status
from drumbeat.testing.gate_world import CAMPAIGN, GateWorld, gate_world
from tests.gate.wishes import ROWS
from tests.gate.wishes import wish as made

JON, VIC = Actor.person("jon"), Actor.person("vic")
BUDGET, ADS = "ads.set_budget", "ads"


@pytest.fixture
def world(tmp_path: Path) -> GateWorld:
    return gate_world(tmp_path, policy={"actions": ROWS})


def wish(world: GateWorld, kind: str, before: str, after: str) -> Proposal:
    states = {"level": before}, {"level": after, "declared": "act"}
    return made(kind, target_of(BUDGET, ADS), *states)


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


def in_shadow(world: GateWorld, count: int, *, agreed: bool, effect: float | None) -> None:
    """Verdicts on what agents would have done, an hour apart, up to now."""
    verdict = ShadowVerdict.AGREED if agreed else ShadowVerdict.DIFFERENT
    now = world.clock.now()
    cases = [
        ShadowCase(
            id=f"case-{now.isoformat()}-{number}",
            campaign=CAMPAIGN,
            kind=BUDGET,
            channel=ADS,
            target="line_item:retargeting/main",
            at=now - timedelta(hours=number),
            verdict=verdict,
            agent="more",
            human="more",
            reason="a test",
            effect=effect if effect is None else effect + 0.001 * (number % 3),
        )
        for number in range(count)
    ]
    with world.database.write() as transaction:
        shadow.replace_cases(transaction, CAMPAIGN, cases)


def look(world: GateWorld) -> None:
    with world.database.write() as transaction:
        look_for_drift(world.door, transaction)


@pytest.mark.parametrize(
    ("count", "agreed", "effect", "expected"),
    [
        pytest.param(10, False, None, Level.ASK, id="people decide otherwise"),
        pytest.param(9, False, None, Level.ACT, id="too few to say"),
        pytest.param(12, True, None, Level.ACT, id="people decide the same"),
        pytest.param(5, True, -0.1, Level.ASK, id="people agree, and it is a loss"),
        pytest.param(4, True, -0.1, Level.ACT, id="too few measured"),
        pytest.param(12, True, 0.1, Level.ACT, id="it pays"),
    ],
)
def test_a_clock_sees_drift_from_people_and_from_what_pays(
    world: GateWorld, count: int, agreed: bool, effect: float | None, expected: Level
) -> None:
    in_shadow(world, count, agreed=agreed, effect=effect)
    look(world)
    look(world)
    assert level(world) is expected
    assert len(demotions(world)) == int(expected is Level.ASK)


@pytest.mark.parametrize(
    ("count", "effect", "expected"),
    [(5, -0.1, Level.ASK), (4, -0.1, Level.ACT), (9, 0.1, Level.ACT), (9, None, Level.ACT)],
)
def test_what_agents_did_alone_counts_by_what_it_brought(
    world: GateWorld, count: int, effect: float | None, expected: Level
) -> None:
    """Nobody is asked any more, and nothing is in shadow: what is left is what was measured."""
    with world.database.write() as transaction:
        for number in range(count):
            ledger.append(
                transaction,
                "move_checked",
                at=world.clock.now(),
                actor="agent:optimizer",
                subject=f"move-{number}",
                campaign=CAMPAIGN,
                action=BUDGET,
                channel=ADS,
                effect=effect if effect is None else effect + 0.001 * (number % 3),
            )
    look(world)
    assert level(world) is expected
    with world.database.read() as connection:
        lost = [e.body["why"] for e in ledger.entries(connection, kinds=("demoted",))]
    assert ["measured outcomes were losses" in str(why) for why in lost] == [True] * len(lost)


def test_what_a_promotion_forgave_is_not_held_against_agents_again(world: GateWorld) -> None:
    in_shadow(world, 6, agreed=True, effect=-0.2)
    look(world)
    assert level(world) is Level.ASK
    world.pass_time(hours=1)
    back = wish(world, "autonomy.promote", "ask", "act")
    world.gate.submit(back)
    world.gate.approve(back.id, "dana", back.fingerprint, is_fresh=True)
    look(world)
    assert level(world) is Level.ACT
    world.pass_time(hours=20)
    in_shadow(world, 6, agreed=True, effect=-0.2)
    look(world)
    assert level(world) is Level.ASK


def test_an_agent_asks_for_a_level_and_no_no_costs_it_anything(world: GateWorld) -> None:
    world.gate.submit(wish(world, "autonomy.demote", "act", "ask"))
    states = {"level": "ask"}, {"level": "act", "declared": "act"}
    by, kinds = Actor.agent("optimizer"), {"optimizer": frozenset({"autonomy.promote"})}
    world.door.rules = replace(world.door.rules, declared_kinds=kinds)
    asked = made("autonomy.promote", target_of(BUDGET, ADS), *states, by=by)
    judged = world.gate.submit(asked)
    assert (judged.status, judged.decide_by) == (Status.WAITING, asked.expires_at)
    world.gate.reject(asked.id, "dana", "not yet", "wrong")
    assert demotions(world) == []
    assert level(world) is Level.ASK
