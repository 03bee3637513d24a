"""Undo: an approval takes effect after its hold; until then whoever gave it takes it back."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.store import budgets, effects, ledger, proposals
from drumbeat.store.proposals import Status
from drumbeat.testing.gate_world import GateWorld, gate_world, rules

TARGET = "line_item:retargeting/main"
SCOPE = "campaign:retargeting/month:2026-03"
HOLD = {"undo_hold": "30s"}
SOFT = {
    "actions": {
        "ads.set_budget": {
            "agents": ["optimizer"],
            "risk": "medium",
            "phase": "conditional",
            "approvals": {"roles": ["performance"], "count": 1},
            "min_confidence": 0.6,
            "hold": "30m",
        }
    }
}
UNSURE = Confidence(effect=0.1, standard_error=1.0, sample_size=10, signals=("cpa",))
WORKSPACE = Scope(kind=ScopeKind.WORKSPACE)


@pytest.fixture
def held(tmp_path: Path) -> GateWorld:
    return gate_world(tmp_path, policy=HOLD)


@pytest.fixture
def soft(tmp_path: Path) -> GateWorld:
    return gate_world(tmp_path, policy=SOFT)


def asked_and_approved(world: GateWorld) -> Proposal:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    answer = world.gate.approve(asked.id, "jon", asked.fingerprint)
    assert isinstance(answer, Answered)
    assert answer.takes_effect_at == world.clock.now() + timedelta(seconds=30)
    return asked


def status(world: GateWorld, asked: Proposal) -> Status:
    with world.database.read() as connection:
        judged = proposals.load(connection, asked.id)
    assert judged is not None
    return judged.status


def kinds(world: GateWorld) -> list[str]:
    with world.database.read() as connection:
        return [entry.kind for entry in ledger.entries(connection)]


def reserved(world: GateWorld, later: timedelta = timedelta()) -> int:
    with world.database.read() as connection:
        return budgets.committed(connection, SCOPE, world.clock.now() + later)


def spends(world: GateWorld) -> object:
    state = world.site.objects[TARGET]
    assert isinstance(state, dict)
    return state["daily_budget_minor"]


def test_an_approval_takes_effect_when_its_hold_is_over(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    assert held.gate.pump() == held.clock.now() + timedelta(seconds=30)
    assert status(held, asked) is Status.AGREED
    with held.database.read() as connection:
        assert effects.of_proposal(connection, asked.id) is None
    held.pass_time(seconds=30)
    assert status(held, asked) is Status.APPROVED
    assert spends(held) == 60_00


def test_an_undone_approval_changes_nothing_and_waits_again(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    assert isinstance(held.gate.undo(asked.id, "jon", "clicked too fast"), Answered)
    held.pass_time(hours=1)
    assert status(held, asked) is Status.WAITING
    assert spends(held) == 40_00
    assert kinds(held) == ["judged", "approved", "undone"]


def test_what_was_undone_can_be_approved_again_and_happens_once(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    held.gate.undo(asked.id, "jon")
    assert isinstance(held.gate.approve(asked.id, "jon", asked.fingerprint), Answered)
    held.pass_time(minutes=1)
    held.pass_time(minutes=1)
    assert spends(held) == 60_00
    assert len(held.site.calls) == 1
    assert reserved(held) == 20_00


def test_the_money_of_an_undone_approval_comes_free_a_day_later(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    assert reserved(held) == 20_00
    held.gate.undo(asked.id, "jon")
    assert reserved(held) == 20_00
    assert reserved(held, timedelta(hours=23)) == 20_00
    assert reserved(held, timedelta(hours=24)) == 0


@pytest.mark.parametrize(
    ("account", "why"),
    [
        ("dana", "only who approved it"),
        ("bot", "only a person"),
        ("gone", "only a person"),
        ("nobody", "only a person"),
    ],
)
def test_only_who_approved_can_undo(held: GateWorld, account: str, why: str) -> None:
    asked = asked_and_approved(held)
    answer = held.gate.undo(asked.id, account)
    assert isinstance(answer, NotAnswered)
    assert why in answer.why
    assert status(held, asked) is Status.AGREED


def test_the_other_account_of_the_same_human_can_undo(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    assert isinstance(held.gate.undo(asked.id, "jon-two"), Answered)


def test_too_late_is_told_what_to_do(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    held.pass_time(seconds=30)
    answer = held.gate.undo(asked.id, "jon")
    assert isinstance(answer, NotAnswered)
    assert "roll it back" in answer.why


def test_undoing_twice_is_refused(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    held.gate.undo(asked.id, "jon")
    assert isinstance(held.gate.undo(asked.id, "jon"), NotAnswered)


def test_of_two_approvals_the_other_one_stays(held: GateWorld) -> None:
    main: dict[str, JsonValue] = {"status": "paused"}
    held.site.objects[TARGET] = main
    asked = held.budget(40_00, 60_00)
    paused = asked.model_copy(
        update={
            "action": asked.action.revised(
                kind="ads.pause", before=main, after={"status": "off"}, spend_delta=_none(asked)
            )
        }
    )
    held.gate.submit(paused)
    held.gate.approve(paused.id, "jon", paused.fingerprint, is_fresh=True)
    held.gate.approve(paused.id, "dana", paused.fingerprint, is_fresh=True)
    # What lowers risk never waits for a hold.
    assert status(held, paused) is Status.APPROVED


def _none(asked: Proposal) -> object:
    return asked.action.spend_delta - asked.action.spend_delta


def test_a_freeze_keeps_an_approval_back_until_the_thaw(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    held.gate.hold(HoldMode.FREEZE, WORKSPACE, Actor.person("vic"), "stop")
    held.pass_time(minutes=10)
    assert status(held, asked) is Status.AGREED
    held.gate.lift(HoldMode.FREEZE, WORKSPACE, Actor.person("jon"), "go on", is_fresh=True)
    held.pass_time(minutes=5)
    assert spends(held) == 60_00


def test_a_policy_that_changes_during_the_hold_asks_again(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    held.door.rules = rules({"undo_hold": "31s"})
    held.pass_time(minutes=1)
    assert status(held, asked) is Status.WAITING
    assert spends(held) == 40_00
    assert "voided" in kinds(held)


def test_a_target_that_moves_during_the_hold_ends_it(held: GateWorld) -> None:
    asked = asked_and_approved(held)
    held.site.objects[TARGET] = {"daily_budget_minor": 50_00}
    held.pass_time(minutes=1)
    assert status(held, asked) is Status.EXPIRED
    assert reserved(held) == 0


def test_short_of_the_confidence_it_acts_after_the_hold_unless_somebody_objects(
    soft: GateWorld,
) -> None:
    asked = soft.budget(40_00, 60_00, confidence=UNSURE)
    assert soft.gate.submit(asked).status is Status.WAITING
    soft.pass_time(minutes=29)
    assert spends(soft) == 40_00
    soft.pass_time(minutes=1)
    assert spends(soft) == 60_00
    assert status(soft, asked) is Status.ALLOWED
    assert kinds(soft) == ["judged", "unopposed", "attempted", "applied"]  # in this order


def test_a_veto_in_time_stops_a_soft_approval(soft: GateWorld) -> None:
    asked = soft.budget(40_00, 60_00, confidence=UNSURE)
    soft.gate.submit(asked)
    soft.gate.reject(asked.id, "dana", "not this week")
    soft.pass_time(hours=2)
    assert spends(soft) == 40_00
    assert status(soft, asked) is Status.REJECTED


def test_what_asks_for_another_reason_is_never_soft(tmp_path: Path) -> None:
    world = gate_world(tmp_path, policy=SOFT, tightened={"ads.set_budget": "ask"})
    asked = world.budget(40_00, 60_00, confidence=UNSURE)
    world.gate.submit(asked)
    world.pass_time(hours=2)
    assert status(world, asked) is Status.WAITING


def test_a_rule_that_hardens_meanwhile_keeps_a_soft_one_waiting(soft: GateWorld) -> None:
    asked = soft.budget(40_00, 60_00, confidence=UNSURE)
    soft.gate.submit(asked)
    soft.door.rules = rules(SOFT, tightened={"ads.set_budget": "ask"})
    soft.pass_time(hours=2)
    assert status(soft, asked) is Status.WAITING
    assert spends(soft) == 40_00
