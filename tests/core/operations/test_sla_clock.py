"""The SLA clock against an oracle that walks minute by minute, in thousands of random lives."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.operations.business_calendar import ALWAYS, BusinessCalendar
from drumbeat.core.operations.sla_clock import (
    ClockState,
    SlaClock,
    hear,
    look,
    next_at,
    runs_out_at,
    start,
    used,
)
from drumbeat.core.operations.sla_policy import Milestone, SlaPolicy, SlaStage
from tests.core.operations.test_business_calendar import MOMENTS, ZONES, is_open, office, utc

MINUTE = timedelta(minutes=1)
M = Milestone


def policy(minutes: int = 120, **more: object) -> SlaPolicy:
    return SlaPolicy.model_validate(
        {
            "id": "plan",
            "stage": SlaStage.PLAN,
            "target": timedelta(minutes=minutes),
            "failure": FailureClass.DATA,
            "start": (M.CYCLE_OPENED,),
            "pause": {M.FROZEN: M.THAWED, M.AHEAD_OF_TIME: M.ITS_TIME},
            "stop": (M.PLANNED,),
            "reset": (M.EDITED,),
            **more,
        }
    )


NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


def running(**more: object) -> SlaClock:
    return start(policy(**more), ALWAYS, subject="cycle:c", at=NOON)  # type: ignore[arg-type]


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@dataclass
class Oracle:
    """Counts open minutes one after another, as somebody with a notebook would."""

    calendar: BusinessCalendar
    target: int
    pause: dict[Milestone, Milestone]
    minutes: int = 0
    breached_at: datetime | None = None
    stopped: bool = False

    def __post_init__(self) -> None:
        self.held: set[Milestone] = set()

    def hear(self, milestone: Milestone) -> None:
        if self.stopped or self.breached_at:
            return
        if milestone is M.PLANNED:
            self.stopped = True
        if milestone is M.EDITED:
            self.minutes = 0
        if milestone in self.pause:
            self.held.add(milestone)
        self.held -= {on for on, off in self.pause.items() if off is milestone}

    def pass_minute(self, begins: datetime) -> None:
        if self.stopped or self.breached_at or self.held:
            return
        opened = self.calendar.always or is_open(self.calendar, begins)
        self.minutes += opened
        if self.minutes >= self.target:
            self.breached_at = begins + MINUTE


def lives(
    seed: int, count: int
) -> Iterator[tuple[BusinessCalendar, SlaPolicy, datetime, dict[int, Milestone]]]:
    """Random lives: a calendar, a promise, a start, and what happens at which minute."""
    chance = random.Random(seed)
    for number in range(count):
        zone = ZONES[number % len(ZONES)]
        begins = utc(chance.choice(MOMENTS)) + chance.randrange(4320) * MINUTE
        day = begins.date() + timedelta(days=chance.randrange(3))
        calendar = ALWAYS if chance.random() < 0.2 else office(zone, holidays=[day])
        target = chance.choice((7, 30, 60, 125, 240, 480))
        length = chance.randrange(30, 3000)
        heard = [chance.choice(_HEARD) for _ in range(chance.randrange(6))]
        events = {chance.randrange(1, length): milestone for milestone in heard}
        yield calendar, policy(target), begins, {**events, length: M.PLANNED}


_HEARD = (M.FROZEN, M.THAWED, M.AHEAD_OF_TIME, M.ITS_TIME, M.EDITED, M.FROZEN, M.THAWED, M.CHECKED)


def walked(
    calendar: BusinessCalendar, promise: SlaPolicy, begins: datetime, events: dict[int, Milestone]
) -> Oracle:
    oracle = Oracle(calendar, int(promise.target / MINUTE), promise.pause)
    for minute in range(max(events) + 1):
        for milestone in (events[m] for m in [minute] if m in events):
            oracle.hear(milestone)
        oracle.pass_minute(begins + minute * MINUTE)
    return oracle


@pytest.mark.parametrize("part", range(4))
def test_the_clock_equals_the_minute_by_minute_oracle(part: int) -> None:
    for calendar, promise, begins, events in lives(part, 550):
        clock = start(promise, calendar, subject="cycle:c", at=begins)
        for minute in sorted(events):
            clock, _ = hear(clock, events[minute], begins + minute * MINUTE)
        expected = walked(calendar, promise, begins, events)
        assert clock.breached_at == expected.breached_at
        found = used(clock, begins + max(events) * MINUTE)
        assert min(found, promise.target) == expected.minutes * MINUTE


@pytest.mark.parametrize("part", range(2))
def test_looking_often_and_looking_once_notice_the_same_breach(part: int) -> None:
    for calendar, promise, begins, events in lives(100 + part, 100):
        often = once = start(promise, calendar, subject="cycle:c", at=begins)
        for minute in sorted(events):
            while (due := next_at(often)) is not None and due <= begins + minute * MINUTE:
                often, noticed = look(often, due)
                assert noticed
            often, _ = hear(often, events[minute], begins + minute * MINUTE)
            once, _ = hear(once, events[minute], begins + minute * MINUTE)
        assert (often.breached_at, often.state) == (once.breached_at, once.state)


def test_warnings_come_at_half_and_four_fifths_and_once_each() -> None:
    clock, noticed = look(running(), at(59))
    assert noticed == ()
    clock, noticed = look(clock, at(60))
    assert [one.share for one in noticed] == [0.5]
    assert next_at(clock) == at(96)
    clock, noticed = look(clock, at(97))
    assert [(one.share, one.at) for one in noticed] == [(0.8, at(96))]
    assert next_at(clock) == at(120)


def test_after_a_long_sleep_only_the_breach_is_told() -> None:
    clock, noticed = look(running(), at(60 * 24))
    assert [(one.share, one.at) for one in noticed] == [(1.0, at(120))]
    assert clock.state is ClockState.BREACHED
    assert look(clock, at(60 * 48)) == (clock, ())


def test_stopping_late_notices_the_breach_nobody_looked_for() -> None:
    clock, noticed = hear(running(), M.PLANNED, at(121))
    assert [one.is_breach for one in noticed] == [True]
    assert (clock.state, clock.stopped_at) == (ClockState.BREACHED, at(121))


def test_stopping_in_time_meets_the_promise() -> None:
    clock, noticed = hear(running(), M.PLANNED, at(119))
    assert (clock.state, noticed[-1].share) == (ClockState.MET, 0.8)
    assert hear(clock, M.PLANNED, at(500)) == (clock, ())
    assert next_at(clock) is None


def test_a_pause_keeps_what_was_used_and_has_no_deadline() -> None:
    clock, _ = hear(running(), M.FROZEN, at(50))
    assert runs_out_at(clock) is None
    assert used(clock, at(500)) == timedelta(minutes=50)
    clock, _ = hear(clock, M.THAWED, at(500))
    assert runs_out_at(clock) == at(570)


def test_two_reasons_to_pause_must_both_be_gone() -> None:
    clock, _ = hear(running(), M.FROZEN, at(10))
    clock, _ = hear(clock, M.AHEAD_OF_TIME, at(20))
    clock, _ = hear(clock, M.THAWED, at(30))
    assert clock.state is ClockState.PAUSED
    clock, _ = hear(clock, M.ITS_TIME, at(40))
    assert runs_out_at(clock) == at(150)


def test_a_reset_starts_afresh_and_warns_again() -> None:
    clock, _ = look(running(), at(97))
    clock, _ = hear(clock, M.EDITED, at(100))
    assert (clock.warned, runs_out_at(clock)) == ((), at(220))


def test_a_reset_while_paused_stays_paused() -> None:
    clock, _ = hear(running(), M.FROZEN, at(50))
    clock, _ = hear(clock, M.EDITED, at(60))
    assert (clock.state, used(clock, at(90))) == (ClockState.PAUSED, timedelta())


def test_a_clock_survives_being_written_down() -> None:
    clock, _ = hear(running(), M.FROZEN, at(50.001))
    assert SlaClock.model_validate_json(clock.model_dump_json()) == clock


def test_an_edited_policy_changes_no_clock_that_runs() -> None:
    clock = running()
    stricter = policy(60)
    assert clock.policy.version != stricter.version
    assert runs_out_at(clock) == at(120)
