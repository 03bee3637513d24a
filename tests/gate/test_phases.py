"""Phases at the gate: a promotion waits for another person, a demotion does not."""

from pathlib import Path

import pytest

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.phases import phase_of, target_of
from drumbeat.store import ledger
from drumbeat.store.proposals import Status
from drumbeat.testing.gate_world import CAMPAIGN, START, GateWorld, change, gate_world, rules
from tests.gate.wishes import ROWS
from tests.gate.wishes import wish as made

OPTIMIZER, DANA = Actor.agent("optimizer"), Actor.person("dana")


@pytest.fixture
def world(tmp_path: Path) -> GateWorld:
    """A supervised campaign whose matrix knows of promotions."""
    made = gate_world(tmp_path, phase=Phase.SUPERVISED)
    known = rules(phase=Phase.SUPERVISED)
    rows = {**known.matrix.model_dump(mode="json")["actions"], **ROWS}
    matrix = ActionMatrix.model_validate({"version": 1, "actions": rows})
    made.gate.door.rules = type(known)(**{**vars(known), "matrix": matrix})
    return made


def wish(kind: str, before: str, after: str) -> Proposal:
    states = ({"phase": rung, "declared": "supervised"} for rung in (before, after))
    return made(kind, target_of(CAMPAIGN), *states, campaign=CAMPAIGN)


def phase(world: GateWorld) -> Phase | None:
    with world.database.read() as connection:
        return phase_of(world.door, connection, CAMPAIGN)


def kinds(world: GateWorld) -> list[str]:
    with world.database.read() as connection:
        return [entry.kind for entry in ledger.entries(connection)]


def test_a_promotion_asks_another_person_and_then_sets_agents_free(world: GateWorld) -> None:
    asked = wish("autonomy.promote", "supervised", "conditional")
    small = world.budget(40_00, 44_00)
    assert world.gate.submit(asked).status is Status.WAITING
    assert phase(world) is Phase.SUPERVISED
    assert isinstance(world.gate.approve(asked.id, "jon-two", asked.fingerprint), NotAnswered)
    assert isinstance(
        world.gate.approve(asked.id, "dana", asked.fingerprint, is_fresh=True), Answered
    )
    world.pass_time(minutes=1)
    assert phase(world) is Phase.CONDITIONAL
    assert world.gate.submit(small).status is Status.ALLOWED


def test_a_demotion_is_in_force_at_once(world: GateWorld) -> None:
    judged = world.gate.submit(wish("autonomy.demote", "supervised", "draft"))
    assert judged.status is Status.ALLOWED
    assert phase(world) is Phase.DRAFT


def test_a_promotion_from_a_phase_that_has_passed_is_stale(world: GateWorld) -> None:
    world.gate.submit(wish("autonomy.demote", "supervised", "draft"))
    late = world.gate.submit(wish("autonomy.promote", "supervised", "conditional"))
    assert late.status is Status.DENIED


@pytest.mark.parametrize("after", ["full", "supervised", "whatever", ""])
def test_a_demotion_that_lowers_nothing_is_no_way_around_people(
    world: GateWorld, after: str
) -> None:
    with pytest.raises(ValueError, match=r"valid Phase|cannot go"):
        world.gate.submit(wish("autonomy.demote", "supervised", after))
    assert phase(world) is Phase.SUPERVISED
    assert kinds(world) == []


@pytest.mark.parametrize(
    ("code", "kind", "by", "expected"),
    [
        pytest.param("wrong", "ads.set_budget", OPTIMIZER, Phase.DRAFT, id="grave"),
        pytest.param("timing", "ads.set_budget", OPTIMIZER, Phase.SUPERVISED, id="the moment"),
        pytest.param("wrong", "campaign.launch", DANA, Phase.SUPERVISED, id="a person's wish"),
    ],
)
def test_a_grave_rejection_of_an_agent_costs_a_step(
    world: GateWorld, code: str, kind: str, by: Actor, expected: Phase
) -> None:
    asked = change(kind, 40_00, 60_00, now=START, by=by)
    assert world.gate.submit(asked).status is Status.WAITING
    assert isinstance(world.gate.reject(asked.id, "jon", "not like this", code), Answered)
    assert phase(world) is expected
    assert kinds(world).count("demoted") == 2 * int(expected is Phase.DRAFT)
