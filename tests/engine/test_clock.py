"""Clocks: a virtual clock jumps, runs and slows, and never goes backwards."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from drumbeat.engine.clock import SystemClock, VirtualClock

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Stopwatch:
    """Real seconds under the test's control."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_system_clock_answers_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_virtual_clock_stands_still_by_default() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, monotonic=watch)
    watch.seconds += 1000
    assert clock.now() == START


def test_a_running_clock_multiplies_real_seconds() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, speed=3600, monotonic=watch)
    watch.seconds += 2
    assert clock.now() == START + 2 * HOUR


def test_a_start_in_another_zone_is_the_same_moment_in_utc() -> None:
    clock = VirtualClock(START.astimezone(timezone(timedelta(hours=5))))
    assert clock.now().isoformat() == START.isoformat()


def test_slowing_runs_at_real_time_until_resumed() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, speed=3600, monotonic=watch)
    clock.slow()
    watch.seconds += 10
    slowed = clock.now()
    clock.resume()
    watch.seconds += 1
    assert (slowed, clock.now()) == (
        START + timedelta(seconds=10),
        START + timedelta(seconds=10) + HOUR,
    )


def test_slowing_a_clock_that_stands_still_does_not_start_it() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, monotonic=watch)
    clock.slow()
    watch.seconds += 10
    assert clock.now() == START


def test_a_speed_chosen_while_slowed_waits_for_resume() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, speed=60, monotonic=watch)
    clock.slow()
    clock.set_speed(7200)
    while_slowed = clock.speed
    clock.resume()
    assert (while_slowed, clock.speed) == (1.0, 7200)


def test_changing_the_speed_keeps_the_time_already_passed() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, speed=3600, monotonic=watch)
    watch.seconds += 1
    clock.set_speed(0)
    watch.seconds += 100
    assert clock.now() == START + HOUR


def test_reaching_a_past_moment_changes_nothing() -> None:
    clock = VirtualClock(START)
    clock.reach(START - HOUR)
    assert clock.now() == START


def test_a_real_source_that_steps_back_does_not_move_the_clock_back() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, speed=1, monotonic=watch)
    watch.seconds -= 50
    assert clock.now() == START


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        pytest.param(lambda c: c.set(START - HOUR), "never goes back", id="set-to-the-past"),
        pytest.param(lambda c: c.advance(-HOUR), "never goes back", id="advance-backwards"),
        pytest.param(lambda c: c.set(datetime(2027, 1, 1)), "no time zone", id="naive-time"),
        pytest.param(lambda c: c.set_speed(-1), "from 0 up", id="negative-speed"),
        pytest.param(lambda c: c.set_speed(float("inf")), "from 0 up", id="infinite-speed"),
        pytest.param(lambda c: c.set_speed(float("nan")), "from 0 up", id="no-number"),
    ],
)
def test_misuse_is_refused_and_changes_nothing(misuse, message: str) -> None:  # type: ignore[no-untyped-def]
    clock = VirtualClock(START, speed=0)
    with pytest.raises(ValueError, match=message):
        misuse(clock)
    assert (clock.now(), clock.speed) == (START, 0)


def test_a_clock_stands_where_it_was_told_and_makes_nothing_up_for() -> None:
    watch = Stopwatch()
    clock = VirtualClock(START, speed=3600, monotonic=watch)
    clock.stand_at(START + HOUR)
    watch.seconds += 5
    assert clock.now() == START + HOUR
    clock.stand_at(START + 3 * HOUR)
    assert clock.now() == START + HOUR
    watch.seconds += 1
    assert clock.now() == START + 2 * HOUR
    clock.reach(START + 9 * HOUR)
    assert clock.now() == START + 9 * HOUR
    clock.stand_at(None)
    watch.seconds += 1
    assert clock.now() == START + 10 * HOUR


def test_threads_that_push_the_clock_lose_no_push() -> None:
    clock = VirtualClock(START)

    def push() -> None:
        for _ in range(500):
            clock.advance(timedelta(seconds=1))

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == START + timedelta(seconds=2000)


class ClockLife(RuleBasedStateMachine):
    """Any sequence of uses: time only grows, and never faster than what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.watch = Stopwatch()
        self.clock = VirtualClock(START, speed=60, monotonic=self.watch)
        self.seen = START
        self.latest = START
        self.end: datetime | None = None

    @rule(seconds=st.sampled_from([0.0, 0.5, 3.0]))
    def wait(self, seconds: float) -> None:
        flown = self.latest + timedelta(seconds=seconds * self.clock.speed)
        self.latest = flown if self.end is None else min(flown, max(self.end, self.latest))
        self.watch.seconds += seconds

    @rule(minutes=st.one_of(st.none(), st.integers(-60, 60)))
    def stand_at(self, minutes: int | None) -> None:
        self.end = None if minutes is None else self.latest + timedelta(minutes=minutes)
        self.clock.stand_at(self.end)

    @rule(hours=st.integers(-2, 2))
    def reach(self, hours: int) -> None:
        target = START + hours * HOUR
        self.clock.reach(target)
        self.latest = max(self.latest, target)

    @rule(minutes=st.integers(0, 90))
    def advance(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        self.latest += timedelta(minutes=minutes)

    @rule(speed=st.sampled_from([0.0, 0.5, 1.0, 3600.0]))
    def set_speed(self, speed: float) -> None:
        self.clock.set_speed(speed)

    @rule()
    def slow(self) -> None:
        self.clock.slow()

    @rule()
    def resume(self) -> None:
        self.clock.resume()

    @invariant()
    def time_grows_and_matches_the_sum_of_its_parts(self) -> None:
        now = self.clock.now()
        assert now >= self.seen
        assert abs(now - self.latest) < timedelta(milliseconds=1)
        self.seen = now

    @invariant()
    def a_slowed_clock_is_never_faster_than_real_time(self) -> None:
        assert not self.clock.slowed or self.clock.speed <= 1.0


ClockLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestClockLife = ClockLife.TestCase
