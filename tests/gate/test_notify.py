"""The door to people: at least once, never frozen, only to those drumbeat.yaml names."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from drumbeat.connectors.notifiers.contract import Contact, Message, NotTold
from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.quiet_hours import QuietHours
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.operations.ladder import unroll
from drumbeat.gate.door import NOTICES, Way
from drumbeat.store import dues, notices
from drumbeat.store.notices import Notice, NoticeState
from drumbeat.testing.gate_world import CAMPAIGN
from tests.gate.escalation_world import EscalationWorld, escalation_world


@dataclass
class FakeNotifier:
    """Keeps what it is told; ``faults`` are raised one after another first."""

    faults: list[Exception] = field(default_factory=list)
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def notify(self, message: Message, key: str) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.told.append((message.to.id, message.text, key))

    def texts(self) -> list[str]:
        return [text for _, text, _ in self.told]


@dataclass
class Told:
    """A world with one way beside the inbox."""

    world: EscalationWorld
    phone: FakeNotifier

    def row(self) -> Notice:
        with self.world.database.read() as connection:
            found = notices.of_escalation(connection, self.world.rows()[0].id)
        return next(one for one in found if one.via == "phone")


@pytest.fixture
def told(tmp_path: Path) -> Told:
    world = escalation_world(tmp_path)
    phone = FakeNotifier()
    world.door.ways = {"phone": Way(phone)}
    people = {n: Contact(n, n, f"{n}@x.example") for n in ("tomas", "dana", "jon")}
    world.door.rules = replace(world.door.rules, people=people)
    return Told(world, phone)


def test_what_is_told_goes_out_after_its_commit(told: Told) -> None:
    told.world.fail("one")
    assert told.phone.told == []
    told.world.gate.notify_due()
    assert told.phone.texts() == ["one"]
    assert told.row().state is NoticeState.SENT


def test_the_work_is_woken_for_it(told: Told) -> None:
    told.world.fail("one")
    with told.world.database.read() as connection:
        assert dues.load(connection, NOTICES) is not None


def test_a_sent_notice_is_not_sent_again(told: Told) -> None:
    told.world.fail("one")
    told.world.gate.notify_due()
    assert told.world.gate.notify_due() is None
    assert told.phone.texts() == ["one"]


def test_a_crash_after_sending_sends_once_more_under_the_same_key(told: Told) -> None:
    told.world.fail("one")
    told.phone.faults = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        told.world.gate.notify_due()
    told.world.gate.notify_due()
    assert told.phone.told == []
    told.world.pass_time(minutes=5)
    assert [key for _, _, key in told.phone.told] == [told.row().id]


@pytest.mark.parametrize("fault", [NotTold("busy"), ValueError("a defect")])
def test_what_fails_is_tried_again_after_a_growing_pause(told: Told, fault: Exception) -> None:
    told.phone.faults = [fault, fault]
    told.world.fail("one")
    told.world.gate.notify_due()
    told.world.pass_time(minutes=1)
    assert told.phone.told == []
    told.world.pass_time(minutes=1)
    assert told.phone.told == []
    told.world.pass_time(minutes=1)
    assert told.phone.texts() == ["one"]


def test_one_that_fails_keeps_no_other_waiting(told: Told) -> None:
    told.phone.faults = [NotTold("busy")]
    told.world.fail("one")
    told.world.fail("two", failure="budget")
    told.world.gate.notify_due()
    assert len(told.phone.told) == 1


def test_what_cannot_be_sent_stays_in_the_inbox_and_the_ledger_says_so(told: Told) -> None:
    told.phone.faults = [NotTold("no such number", permanent=True)]
    told.world.fail("one")
    told.world.gate.notify_due()
    assert (told.row().state, told.row().error) == (NoticeState.FAILED, "no such number")
    assert told.world.told() == [("tomas", "one", NoticeState.SENT)]
    assert told.world.kinds()[-1] == "notice_failed"


def test_somebody_no_longer_in_the_file_is_not_told(told: Told) -> None:
    told.world.fail("one")
    told.world.door.rules = replace(told.world.door.rules, people={})
    told.world.gate.notify_due()
    assert told.phone.told == []
    assert told.row().state is NoticeState.FAILED


def test_a_freeze_of_everything_keeps_nobody_in_the_dark(told: Told) -> None:
    by = Actor.person("dana")
    told.world.gate.hold(HoldMode.FREEZE, Scope(kind=ScopeKind.WORKSPACE), by, "fire drill")
    told.world.fail("one")
    told.world.gate.notify_due()
    assert told.phone.texts() == ["one"]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        pytest.param({"people": frozenset({"dana"})}, [], id="somebody-elses"),
        pytest.param({"people": frozenset({"tomas"})}, ["one"], id="theirs"),
        pytest.param({"severities": frozenset({"critical"})}, [], id="only-what-is-critical"),
    ],
)
def test_a_way_reaches_whom_and_about_what_it_says(
    told: Told, way: dict[str, Any], expected: list[str]
) -> None:
    told.world.door.ways = {"phone": Way(told.phone, **way)}
    told.world.fail("one")
    told.world.gate.notify_due()
    assert told.phone.texts() == expected


def test_a_digest_goes_out_as_one_and_names_what_it_holds(told: Told) -> None:
    for text in ("one", "two", "three"):
        told.world.fail(text)
        told.world.pass_time(seconds=1)
    told.world.pass_time(minutes=5)
    assert told.phone.texts() == ["one", "2 more: two; three"]


def test_quiet_hours_hold_back_the_phone_and_not_the_inbox(told: Told) -> None:
    night = QuietHours.model_validate({"from": "08:00", "to": "10:00", "timezone": "UTC"})
    tiers = (("role:analyst", timedelta()),)
    ladder = unroll(tiers, repeat=0, severity=Severity.WARNING, quiet=night)
    ladders = {(CAMPAIGN, "data", "warning"): ladder}
    told.world.door.rules = replace(told.world.door.rules, ladders=ladders)
    told.world.fail("one")
    told.world.gate.notify_due()
    assert told.world.told() == [("tomas", "one", NoticeState.SENT)]
    assert told.phone.told == []
    told.world.pass_time(hours=2)
    assert told.phone.texts() == ["one"]


def test_two_workers_send_a_notice_once(told: Told) -> None:
    told.world.fail("one")
    seen = told.row()
    until = told.world.clock.now() + timedelta(minutes=5)
    with told.world.database.write() as transaction:
        assert notices.claim(transaction, seen, until, seen.text)
        assert not notices.claim(transaction, seen, until, seen.text)
