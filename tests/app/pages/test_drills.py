"""What is wrong on purpose looks like any other decision, and no answer to it does anything."""

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import drumbeat.core.governance.drill
import drumbeat.gate.drill
from drumbeat.core.governance.drill import is_due
from drumbeat.gate.answer import NotAnswered
from drumbeat.gate.drill import is_drill
from drumbeat.store.tables import metadata
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.decision import QueueItem, Verb
from tests.app.pages.world import World

# All that an answer may touch: whether it was caught, and the line that says so.
_TOUCHED = {"drill", "entry"}


@pytest.fixture
def tested(world: World) -> World:
    """Dana and Jon asked for it, every day."""
    door = world.demo.app.gate.door
    door.rules = replace(door.rules, drilled=frozenset({"dana", "jon"}), drill_every=1)
    return world


def drill_of(world: World, account: str = "dana") -> QueueItem | None:
    page = world.services.decisions.queue(world.person(account), after=None, limit=50)
    found = [one for one in page.items if is_drill(one.id)]
    return found[0] if found else None


def rows(world: World) -> dict[str, int]:
    with world.demo.app.database.read() as connection:
        return {
            one.name: connection.execute(sa.select(sa.func.count()).select_from(one)).scalar() or 0
            for one in metadata.sorted_tables
        }


def answer(world: World, item: QueueItem, account: str, *, agreed: bool) -> Answer:
    verbs, person = world.services.verbs, world.person(account)
    if agreed:
        return verbs.approve(item.id, item.fingerprint, person, "")
    return verbs.reject(item.id, item.fingerprint, person, "other", "that is wrong")


@pytest.mark.parametrize("agreed", [True, False])
def test_whatever_the_answer_nothing_happens_but_that_it_is_told(
    tested: World, agreed: bool
) -> None:
    item = drill_of(tested)
    assert item is not None
    before, waiting = rows(tested), [one.proposal.id for one in tested.waiting()]
    said = answer(tested, item, "dana", agreed=agreed)
    assert isinstance(said, Done)
    assert said.text.startswith("Missed" if agreed else "Caught")
    assert "nothing was done" in said.text
    assert not said.decision_id
    assert {n for n, count in rows(tested).items() if count != before[n]} == _TOUCHED
    assert [one.proposal.id for one in tested.waiting()] == waiting
    [told] = tested.entries("drilled")
    assert (told.actor, told.body["caught"]) == ("person:dana", not agreed)
    assert drill_of(tested) is None
    assert isinstance(answer(tested, item, "dana", agreed=True), Refused), "once"
    autonomy = tested.browser("dana").get("/autonomy").text
    assert ("0 caught" if agreed else "1 caught") in autonomy


def test_it_reads_like_any_other_and_offers_nothing_that_acts(tested: World) -> None:
    item = drill_of(tested)
    assert item is not None
    view = tested.services.decisions.decision(item.id, tested.person("dana"))
    assert view is not None
    assert view.diff
    assert view.checks
    assert view.rule
    assert view.verbs == {Verb.APPROVE, Verb.REJECT, Verb.SNOOZE}
    page = tested.browser("dana").get(f"/inbox/{item.id}")
    assert page.status_code == 200
    assert "test" not in item.title.casefold()
    assert tested.services.decisions.decision(item.id, tested.person("sara")) is None


def test_no_other_entry_knows_it(tested: World) -> None:
    item = drill_of(tested)
    assert item is not None
    gate = tested.demo.app.gate
    assert isinstance(gate.approve(item.id, "dana", item.fingerprint, is_fresh=True), NotAnswered)
    assert isinstance(gate.reject(item.id, "dana", "no"), NotAnswered)
    person, verbs = tested.person("dana"), tested.services.verbs
    assert isinstance(verbs.edit(item.id, item.fingerprint, person, {}, "x"), Refused)
    assert isinstance(verbs.delegate(item.id, person, "jon", "x"), Refused)
    assert isinstance(verbs.undo(item.id, person), Refused)
    assert isinstance(answer(tested, item, "jon", agreed=True), Refused), "another's"
    tested.advance(timedelta(hours=2))
    assert not tested.entries("drilled")


def test_only_who_asked_for_it_and_never_a_program(world: World, tested: World) -> None:
    assert drill_of(tested, "sara") is None
    program = replace(tested.person("dana"), scopes=frozenset({"see", "answer"}))
    page = tested.services.decisions.queue(program, after=None, limit=50)
    assert not [one for one in page.items if is_drill(one.id)]
    door = tested.demo.app.gate.door
    door.rules = replace(door.rules, drilled=frozenset())
    assert drill_of(tested) is None


def test_it_can_be_snoozed_and_lapses_with_its_day(tested: World) -> None:
    item = drill_of(tested)
    assert item is not None
    done = tested.services.verbs.snooze(item.id, tested.person("dana"), timedelta(hours=1))
    assert isinstance(done, Done)
    assert drill_of(tested) is None
    tested.demo.clock.advance(timedelta(days=1))
    later = drill_of(tested)
    assert later is None or later.id != item.id
    assert isinstance(answer(tested, item, "dana", agreed=True), Refused)


def test_the_days_are_drawn_by_person_and_day_alone() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(2000)]
    hit = [day for day in days if is_due("dana", day, 10)]
    assert hit == [day for day in days if is_due("dana", day, 10)]
    assert 150 < len(hit) < 250
    assert hit != [day for day in days if is_due("jon", day, 10)]
    assert all(is_due("dana", day, 1) for day in days)


def test_nothing_that_acts_is_within_reach() -> None:
    """The file that makes and answers drills knows no function that could carry one out."""
    for module in (drumbeat.gate.drill, drumbeat.core.governance.drill):
        assert module.__file__
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        known = {
            f"{node.module}.{one.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for one in node.names
        }
        of_gate = {one for one in known if one.startswith("drumbeat.gate")}
        assert of_gate <= {"drumbeat.gate.door.Door", "drumbeat.gate.facts.gather"}
        of_store = {one for one in known if one.startswith("drumbeat.store.")}
        assert not [one for one in of_store if "effects" in one or "dues" in one]
        assert "drumbeat.store.proposals" not in known
