"""Escalations on the pages of a workspace: noticed by the gate, answered by a person."""

from datetime import timedelta

import pytest

from drumbeat.app.pages.ground import Ground
from drumbeat.core.operations.escalation import AlertKind, EscalationState
from drumbeat.gate.escalate import escalate
from drumbeat.store import escalations, ledger
from drumbeat.store.escalations import EscalationRow
from drumbeat.web.verbs import Done, Refused
from tests.app.pages.world import World

CAMPAIGN = "weekly-newsletter"


@pytest.fixture
def trouble(world: World) -> str:
    """A critical failure that was noticed a moment ago."""
    door = world.demo.app.gate.door
    with door.database.write() as transaction:
        escalate(
            door,
            transaction,
            failure="legal",
            severity="critical",
            text="spam complaints are above 0.1%",
            kind=AlertKind.METRIC,
            key="complaints",
            campaign=CAMPAIGN,
        )
    with door.database.read() as connection:
        return escalations.open_about(connection, [CAMPAIGN])[0].id


def row(world: World, escalation_id: str) -> EscalationRow:
    with world.demo.app.database.read() as connection:
        found = escalations.load(connection, escalation_id)
    assert found is not None
    return found


def test_today_shows_it_with_its_owner_and_the_next_step(world: World, trouble: str) -> None:
    today = world.services.today.today(world.person("dana"), mine=False, after=None, limit=9)
    shown = today.troubles.items[0]
    assert (shown.id, shown.title) == (trouble, "Spam complaints are above 0.1%")
    assert shown.owner == Ground(world.demo.app).name(row(world, trouble).owner)
    assert shown.next_at == row(world, trouble).next_at
    assert shown in today.pressing
    assert "Spam complaints are above 0.1%" in world.browser().text("/today")


def test_its_page_has_the_runbook_and_the_ladder_as_it_was(world: World, trouble: str) -> None:
    text = world.browser().text(f"/escalations/{trouble}")
    assert "What to do" in text
    assert "at once" in text
    assert "runbooks/newsletter.md" in text


def test_a_person_takes_it_in_hand_and_resolves_it(world: World, trouble: str) -> None:
    desk, dana = world.services.troubles, world.person("dana")
    assert desk is not None
    assert isinstance(desk.acknowledge(trouble, dana), Done)
    assert row(world, trouble).state == EscalationState.ACKNOWLEDGED
    assert isinstance(desk.note(trouble, dana, "the list import was wrong"), Done)
    view = desk.trouble(trouble)
    assert view is not None
    assert view.row.in_hand_of == "Dana Okafor"
    assert "the list import was wrong" in [line.text for line in view.story]
    assert isinstance(desk.resolve(trouble, dana, "import undone"), Done)
    after = desk.trouble(trouble)
    assert after is not None
    assert (after.is_over, after.outcome) == (True, "import undone")
    assert isinstance(desk.resolve(trouble, dana, "again"), Refused)


def test_nobody_answers_what_is_not_there(world: World) -> None:
    desk = world.services.troubles
    assert desk is not None
    answer = desk.acknowledge("esc-none", world.person("dana"))
    assert isinstance(answer, Refused)
    assert answer.status == 404
    assert desk.trouble("esc-none") is None


def noticed(world: World) -> str:
    """A failure that is no incident, of which two people were told."""
    door = world.demo.app.gate.door
    with door.database.write() as transaction:
        escalate(
            door,
            transaction,
            failure="copy",
            severity="warning",
            text="opens are down by half. Likely cause: tired subject",
            kind=AlertKind.METRIC,
            key="opens",
            campaign=CAMPAIGN,
        )
        found = escalations.open_about(transaction, [CAMPAIGN])[0].id
        ledger.append(
            transaction,
            "told",
            at=door.now,
            actor="system:router",
            subject=found,
            campaign=CAMPAIGN,
            people=["jon", "mei"],
        )
    return found


def test_its_story_tells_who_was_told_since_it_was_opened_last(world: World) -> None:
    desk, dana = world.services.troubles, world.person("dana")
    assert desk is not None
    assert isinstance(desk.resolve(noticed(world), dana, "a new subject"), Done)
    world.demo.clock.advance(timedelta(days=9))
    view = desk.trouble(noticed(world))
    assert view is not None
    assert (view.row.title, view.can_note, view.before) == ("Tired subject", False, 1)
    told = [line.text for line in view.story]
    assert told.count("told Jon Becker, Mei Tanaka") == 1
    assert not any("a new subject" in line for line in told)
