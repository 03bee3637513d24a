"""Overrides teach: the next proposal in the same context obeys, any other is left alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks import c60_constraint
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.operations.kpis import kpis
from drumbeat.gate.hold import scope_named
from drumbeat.gate.rollback import Undo
from drumbeat.store import ledger
from drumbeat.store.proposals import Judged, Status
from drumbeat.testing.gate_world import CAMPAIGN, GateWorld, gate_world

JON = Actor.person("jon")
MAIN, OTHER = "line_item:retargeting/main", "line_item:retargeting/other"


@pytest.fixture
def world(tmp_path: Path) -> GateWorld:
    made = gate_world(tmp_path)
    made.site.objects[OTHER] = {"daily_budget_minor": 40_00}
    return made


def wish(world: GateWorld, after: int, target: str = MAIN, occasion: str = "next") -> Judged:
    return world.gate.submit(world.budget(40_00, after, target=target, occasion=occasion))


def reject(world: GateWorld, code: str = "budget") -> None:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    world.gate.reject(asked.id, "dana", "no more money for it", "timing" if code == "" else code)


def says(judged: Judged) -> list[str]:
    return [f.check for f in judged.verdict.findings]


def test_what_was_rejected_is_not_proposed_again(world: GateWorld) -> None:
    reject(world, "other")
    judged = wish(world, 44_00)
    assert judged.status is Status.DENIED
    assert says(judged) == ["constraint"]
    assert "no more money for it (ledger#" in judged.verdict.findings[0].text


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda w: wish(w, 44_00, OTHER), id="another target"),
        pytest.param(lambda w: wish(w, 36_00), id="the other direction"),
        pytest.param(
            lambda w: w.gate.submit(w.budget(40_00, 44_00, by=JON, occasion="x")), id="a person"
        ),
    ],
)
def test_an_unrelated_situation_is_unaffected(
    world: GateWorld, other: Callable[[GateWorld], Judged]
) -> None:
    reject(world, "other")
    assert other(world).status is Status.ALLOWED


@pytest.mark.parametrize(("code", "days"), [("other", 28), ("timing", 7), ("evidence", 14)])
def test_a_lesson_expires_by_its_reason(world: GateWorld, code: str, days: int) -> None:
    reject(world, code)
    world.clock.advance(timedelta(days=days) - timedelta(minutes=1))
    assert wish(world, 44_00, occasion="a").status is Status.DENIED
    world.clock.advance(timedelta(minutes=1))
    assert wish(world, 44_00, occasion="b").status is Status.ALLOWED


def test_an_edit_teaches_how_far_is_fine(world: GateWorld) -> None:
    asked = world.budget(40_00, 60_00)
    world.gate.submit(asked)
    action = asked.action.revised(after={"daily_budget_minor": 44_00})
    world.gate.edit(asked.id, "jon", action, "a tenth is enough")
    assert wish(world, 45_00).status is Status.DENIED
    assert wish(world, 43_00).status is Status.ALLOWED


def test_a_roll_back_teaches_too(world: GateWorld) -> None:
    wish(world, 44_00)
    world.gate.pump()
    step = world.gate.plan_rollback_last(CAMPAIGN)
    assert isinstance(step, Undo)
    world.gate.roll_back(step, JON, "it sold nothing", "timing")
    world.gate.pump()
    assert wish(world, 44_00, occasion="again").status is Status.DENIED


def test_after_a_freeze_agents_ask_for_a_week(world: GateWorld) -> None:
    scope = scope_named("action:ads.set_budget")
    world.gate.hold(HoldMode.FREEZE, scope, JON, "let us think", "timing")
    world.gate.lift(HoldMode.FREEZE, scope, JON, "thought", is_fresh=True)
    judged = wish(world, 44_00)
    assert judged.status is Status.WAITING
    assert says(judged) == ["constraint"]
    world.clock.advance(timedelta(days=7))
    assert wish(world, 44_00, occasion="later").status is Status.ALLOWED


def repeats(folder: Path, *, is_taught: bool) -> float:
    """Eight weeks with an agent that wants too much of two line items, and a person who says so."""
    folder.mkdir()
    world, chance = gate_world(folder), Random(11)
    world.site.objects[OTHER] = {"daily_budget_minor": 40_00}
    if not is_taught:
        kept = tuple(c for c in world.door.checks if c is not c60_constraint.check)
        world.gate.door = replace(world.door, checks=kept)
    for day in range(56):
        after = chance.choice((60_00, 90_00, 20_00))
        judged = wish(world, after, chance.choice((MAIN, OTHER)), str(day))
        if judged.status is Status.WAITING:
            world.gate.reject(judged.proposal.id, "dana", "too much", "other")
        world.clock.advance(timedelta(days=1))
    with world.database.read() as connection:
        share = kpis(ledger.entries(connection)).repeat_override
    world.database.close()
    assert share.value is not None
    return share.value


def test_people_say_the_same_thing_less_often(tmp_path: Path) -> None:
    taught = repeats(tmp_path / "taught", is_taught=True)
    untaught = repeats(tmp_path / "untaught", is_taught=False)
    assert untaught > 0.8
    assert taught < untaught - 0.2
