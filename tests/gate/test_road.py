"""Edge to edge: submit, answer, pump; then look at the platform and the ledger."""

from pathlib import Path

import pytest

from drumbeat.connectors.contract import Capability
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.hold import ProofNeeded
from drumbeat.gate.rollback import CannotUndo, Undo
from drumbeat.store import budgets, effects, escalations, ledger
from drumbeat.store.effects import EffectStatus
from drumbeat.store.proposals import Judged, Status
from drumbeat.testing.gate_world import GateWorld, change, gate_world

TARGET = "line_item:retargeting/main"
WORKSPACE = Scope(kind=ScopeKind.WORKSPACE)
JON = Actor.person("jon")
SCOPE = "campaign:retargeting/month:2026-03"


def budget_of(world: GateWorld) -> object:
    return world.site.objects[TARGET]


def kinds(world: GateWorld) -> list[str]:
    with world.database.read() as connection:
        return [entry.kind for entry in ledger.entries(connection)]


def effect_of(world: GateWorld, judged: Judged) -> EffectStatus:
    with world.database.read() as connection:
        effect = effects.of_proposal(connection, judged.proposal.id)
    assert effect is not None
    return effect.status


def reserved(world: GateWorld) -> int:
    with world.database.read() as connection:
        return budgets.committed(connection, SCOPE, world.clock.now())


def test_a_small_sure_change_goes_through_alone(world: GateWorld) -> None:
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    assert judged.status is Status.ALLOWED
    assert budget_of(world) == {"daily_budget_minor": 44_00}
    assert kinds(world) == ["judged", "attempted", "applied"]
    assert reserved(world) == 4_00


def test_a_large_change_waits_for_a_person(world: GateWorld) -> None:
    asked = world.budget(40_00, 60_00)
    assert world.gate.submit(asked).status is Status.WAITING
    world.gate.pump()
    assert budget_of(world) == {"daily_budget_minor": 40_00}
    answered = world.gate.approve(asked.id, "jon", asked.fingerprint)
    assert isinstance(answered, Answered)
    world.gate.pump()
    assert budget_of(world) == {"daily_budget_minor": 60_00}


def test_submitting_twice_is_submitting_once(world: GateWorld) -> None:
    asked = world.budget(40_00, 44_00)
    world.gate.submit(asked)
    world.gate.submit(asked)
    world.gate.pump()
    world.gate.submit(asked)
    world.gate.pump()
    assert len(world.site.calls) == 1
    assert reserved(world) == 4_00


@pytest.mark.parametrize(
    ("account", "fingerprint", "why"),
    [
        pytest.param("nobody", None, "nobody with that name", id="unknown"),
        pytest.param("bot", None, "an agent cannot approve", id="agent"),
        pytest.param("gone", None, "disabled", id="former-approver"),
        pytest.param("vic", None, "needs one of these roles", id="viewer"),
        pytest.param("jon", "0" * 64, "has changed since", id="stale-fingerprint"),
    ],
)
def test_who_may_not_approve(
    world: GateWorld, account: str, fingerprint: str | None, why: str
) -> None:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    answer = world.gate.approve(asked.id, account, fingerprint or asked.fingerprint)
    assert isinstance(answer, NotAnswered)
    assert why in answer.why
    world.gate.pump()
    assert world.site.calls == []


def test_a_proposer_cannot_approve_through_a_second_account(world: GateWorld) -> None:
    asked = world.budget(40_00, 60_00, by=JON)
    asked = asked.model_copy(update={"action": asked.action.revised(kind="ads.pause")})
    judged = world.gate.submit(asked)
    assert judged.status is Status.ALLOWED  # people act within their own authority
    pause = world.budget(40_00, 60_00, occasion="two")
    world.gate.submit(pause)
    world.gate.approve(pause.id, "jon", pause.fingerprint, is_fresh=True)
    replay = world.gate.approve(pause.id, "jon-two", pause.fingerprint)
    assert isinstance(replay, NotAnswered)


def test_two_people_where_the_matrix_says_two(world: GateWorld) -> None:
    asked = world.budget(40_00, 0)
    pause = asked.model_copy(update={"action": asked.action.revised(kind="ads.pause")})
    assert world.gate.submit(pause).status is Status.WAITING
    first = world.gate.approve(pause.id, "jon", pause.fingerprint, is_fresh=True)
    assert isinstance(first, Answered)
    assert not first.complete
    again = world.gate.approve(pause.id, "jon-two", pause.fingerprint)
    assert isinstance(again, NotAnswered)
    assert "approved it already" in again.why
    second = world.gate.approve(pause.id, "dana", pause.fingerprint, is_fresh=True)
    assert isinstance(second, Answered)
    assert second.complete


def test_an_approval_that_waited_while_the_target_moved_is_void(world: GateWorld) -> None:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    world.site.objects[TARGET] = {"daily_budget_minor": 55_00}
    answer = world.gate.approve(asked.id, "jon", asked.fingerprint)
    assert isinstance(answer, NotAnswered)
    assert "has changed since" in answer.why


def test_a_cap_holds_against_everybody(world: GateWorld) -> None:
    judged = world.gate.submit(world.budget(40_00, 150_00, by=JON))
    assert judged.status is Status.DENIED
    assert reserved(world) == 0


def test_a_freeze_stops_what_was_allowed_and_its_lift_lets_it_go(world: GateWorld) -> None:
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.hold(HoldMode.FREEZE, WORKSPACE, JON, "stock-out")
    world.gate.pump()
    assert world.site.calls == []
    assert effect_of(world, judged) is EffectStatus.HELD
    world.gate.lift(HoldMode.FREEZE, WORKSPACE, JON, "stock is back", is_fresh=True)
    world.gate.pump()
    assert budget_of(world) == {"daily_budget_minor": 44_00}


def test_a_person_may_lower_spend_under_a_freeze(world: GateWorld) -> None:
    world.gate.hold(HoldMode.FREEZE, WORKSPACE, JON, "misfiring")
    assert world.gate.submit(world.budget(40_00, 44_00)).status is Status.DENIED
    world.gate.submit(world.budget(40_00, 10_00, by=JON))
    world.gate.pump()
    assert budget_of(world) == {"daily_budget_minor": 10_00}


def test_observation_records_without_doing(world: GateWorld) -> None:
    world.gate.hold(HoldMode.OBSERVE, WORKSPACE, JON, "learning to trust it")
    assert world.gate.submit(world.budget(40_00, 44_00)).status is Status.OBSERVED
    world.gate.pump()
    assert world.site.calls == []


@pytest.mark.parametrize("fault", ["before", "after", "crash"])
def test_a_lost_answer_is_looked_up_and_never_doubled(world: GateWorld, fault: str) -> None:
    world.site.faults = [fault]
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    assert effect_of(world, judged) is EffectStatus.UNKNOWN
    for _ in range(4):
        world.pass_time(minutes=10)
    assert effect_of(world, judged) is EffectStatus.DONE
    assert len(world.site.calls) == 1


@pytest.mark.parametrize("fault", ["before", "after", "crash"])
def test_a_removal_whose_answer_was_lost_is_judged_by_what_is_there(
    tmp_path: Path, fault: str
) -> None:
    """Under its key there is nothing to be found, whether it was made or not: a mail that a freeze
    meant to take back must not stay scheduled because of that."""
    row = {"agents": ["optimizer"], "risk": "low", "phase": "supervised"}
    world = gate_world(tmp_path, policy={"actions": {"ads.remove_line_item": row}})
    able = world.door.rules.declared_kinds["optimizer"] | {"ads.remove_line_item"}
    world.door.rules.declared_kinds["optimizer"] = able  # type: ignore[index]
    world.site.keys["line_item:retargeting/main"] = "pmt-of-the-launch"
    world.site.faults = [fault]
    judged = world.gate.submit(change("ads.remove_line_item", 40_00, None, now=world.clock.now()))
    world.gate.pump()
    assert effect_of(world, judged) is EffectStatus.UNKNOWN
    for _ in range(4):
        world.pass_time(minutes=10)
    assert effect_of(world, judged) is EffectStatus.DONE
    assert world.site.objects == {}
    assert len(world.site.calls) == 1


def test_a_change_whose_answer_was_lost_is_not_made_over_a_later_one(world: GateWorld) -> None:
    """The later change started from what the first had made: so the first happened, once."""
    first = world.budget(40_00, 44_00)
    world.site.faults = ["after"]
    world.gate.submit(first)
    world.gate.pump()
    world.gate.submit(world.budget(44_00, 40_00))
    world.gate.pump()
    for _ in range(6):
        world.pass_time(minutes=3)
    assert len(world.site.calls) == 2
    assert world.site.objects["line_item:retargeting/main"] == {"daily_budget_minor": 40_00}
    with world.database.read() as connection:
        effect = effects.of_proposal(connection, first.id)
    assert effect is not None
    assert effect.status is EffectStatus.DONE


def test_a_change_that_a_later_one_hides_goes_to_a_person(world: GateWorld) -> None:
    """Lost before it was made, or undone by hand: nobody can tell, so nobody tries again."""
    first = world.budget(40_00, 44_00)
    world.site.faults = ["before"]
    world.gate.submit(first)
    world.gate.pump()
    world.gate.submit(world.budget(40_00, 36_00))
    world.gate.pump()
    for _ in range(6):
        world.pass_time(minutes=3)
    assert len(world.site.calls) == 1
    with world.database.read() as connection:
        effect = effects.of_proposal(connection, first.id)
    assert effect is not None
    assert effect.status is EffectStatus.HUMAN


def test_what_nobody_can_look_up_goes_to_a_person(tmp_path: Path) -> None:
    world = gate_world(tmp_path, capabilities=frozenset({Capability.CANCEL}))
    world.site.faults = ["before"]
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    world.pass_time(minutes=10)
    assert effect_of(world, judged) is EffectStatus.HUMAN
    with world.database.read() as connection:
        assert [row.failure for row in escalations.all_open(connection)] == ["platform"]


def test_a_refusal_gives_the_reservation_back(world: GateWorld) -> None:
    world.site.faults = ["bad"]
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    assert effect_of(world, judged) is EffectStatus.REFUSED
    assert reserved(world) == 0


def test_a_busy_platform_is_asked_again_later(world: GateWorld) -> None:
    world.site.faults = ["busy", "busy"]
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    assert world.site.calls == []
    world.pass_time(minutes=10)
    world.pass_time(minutes=10)
    assert effect_of(world, judged) is EffectStatus.DONE
    assert len(world.site.calls) == 1


def test_rolling_back_restores_what_was_there(world: GateWorld) -> None:
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    step = world.gate.plan_rollback(judged.proposal.id)
    assert isinstance(step, Undo)
    world.gate.roll_back(step, JON, "it was too much")
    world.gate.pump()
    assert budget_of(world) == {"daily_budget_minor": 40_00}


def test_rolling_back_says_why_it_cannot(world: GateWorld) -> None:
    judged = world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    world.site.objects[TARGET] = {"daily_budget_minor": 70_00}
    step = world.gate.plan_rollback(judged.proposal.id)
    assert isinstance(step, CannotUndo)
    assert "changed since" in step.why


def test_a_rejection_needs_a_reason_and_teaches(world: GateWorld) -> None:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    assert isinstance(world.gate.reject(asked.id, "jon", " "), NotAnswered)
    assert isinstance(world.gate.reject(asked.id, "jon", "too fast", "pace"), Answered)
    small = world.gate.submit(world.budget(40_00, 44_00))
    assert small.status is Status.DENIED
    assert "too fast" in small.verdict.findings[-1].text


def test_the_ledger_is_whole_after_all_that(world: GateWorld) -> None:
    world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    with world.database.read() as connection:
        assert verify(ledger.entries(connection)) == Intact(3, ledger.head(connection)[1])


def test_to_unfreeze_takes_a_fresh_proof(world: GateWorld) -> None:
    world.gate.hold(HoldMode.FREEZE, WORKSPACE, JON, "stop")
    with pytest.raises(ProofNeeded):
        world.gate.lift(HoldMode.FREEZE, WORKSPACE, JON, "go on")
    assert world.gate.lift(HoldMode.FREEZE, WORKSPACE, JON, "go on", is_fresh=True) == 1


def test_high_risk_is_not_approved_without_a_fresh_proof(world: GateWorld) -> None:
    asked = world.budget(40_00, 0)
    pause = asked.model_copy(update={"action": asked.action.revised(kind="ads.pause")})
    world.gate.submit(pause)
    refused = world.gate.approve(pause.id, "jon", pause.fingerprint, via="web")
    assert isinstance(refused, NotAnswered)
    assert refused.needs_proof
    assert "answer_refused" not in kinds(world)
