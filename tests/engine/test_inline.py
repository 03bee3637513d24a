"""Inline: months in moments, in one order, with every tick run once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.database import open_database
from drumbeat.engine.inline import Inline, Stalled
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Enqueue
from tests.engine.toy import Toy, expected

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ["newsletter", "retargeting", "social"]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'toy.db'}", extra=["synchronous=OFF"])
    yield engine
    engine.dispose()


def break_once(_: Tick) -> None:
    raise OSError("the platform is away")


def test_every_subject_ticks_on_its_day_and_the_clock_ends_at_the_end(
    clock: VirtualClock, database: sa.Engine
) -> None:
    toy = Toy(database, clock, period=DAY)
    toy.create(NAMES, rounds=100)
    count = Inline(toy, clock).run_until(START + 6 * DAY)
    assert (count, clock.now()) == (21, START + 6 * DAY)
    assert toy.effect_keys() == expected(NAMES, 7)


def test_two_runs_of_the_same_work_go_in_the_same_order(tmp_path: Path) -> None:
    def run(file: str) -> list[str]:
        clock = VirtualClock(START)
        database = open_database(f"sqlite:///{tmp_path / file}", extra=["synchronous=OFF"])
        toy = Toy(database, clock, period=DAY)
        toy.create(NAMES[::-1], rounds=9)
        names = [tick.name for tick in Inline(toy, clock, batch=2).ticks(START + 9 * DAY)]
        database.dispose()
        return names

    first = run("first.db")
    assert first == run("second.db")
    assert first[:3] == [f"tick:{name}:0:0" for name in NAMES]


def test_a_failed_tick_is_tried_again_and_the_rest_go_on(
    clock: VirtualClock, database: sa.Engine
) -> None:
    toy = Toy(database, clock, period=DAY, back_off=DAY, faults={"tick:social:1:0": break_once})
    toy.create(NAMES, rounds=3)
    Inline(toy, clock).run_until(START + 9 * DAY)
    assert toy.effect_keys() == expected(NAMES, 3)


def test_a_tick_that_keeps_failing_is_given_up_with_its_error(
    clock: VirtualClock, database: sa.Engine
) -> None:
    faults = {f"tick:social:0:{attempt}": break_once for attempt in range(3)}
    toy = Toy(database, clock, period=DAY, faults=faults)
    toy.create(NAMES, rounds=2)
    Inline(toy, clock).run_until(START + 9 * DAY)
    assert toy.errors() == {"social": "OSError: the platform is away"}
    assert toy.effect_keys() == expected(["newsletter", "retargeting"], 2)


def test_strict_lets_the_failure_out(clock: VirtualClock, database: sa.Engine) -> None:
    toy = Toy(database, clock, faults={"tick:social:0:0": break_once})
    toy.create(["social"], rounds=1)
    with pytest.raises(OSError, match="away"):
        Inline(toy, clock, strict=True).run_until(START)


def test_idle_people_are_asked_before_the_clock_jumps_and_when_they_want(
    clock: VirtualClock, database: sa.Engine
) -> None:
    toy = Toy(database, clock, period=DAY)
    toy.create(["social"], rounds=3)
    asked: list[timedelta] = []

    def idle(now: datetime) -> datetime | None:
        asked.append(now - START)
        return START + DAY / 2 if now < START + DAY / 2 else None

    Inline(toy, clock, idle=idle).run_until(START + 2 * DAY)
    assert asked == [0 * DAY, DAY / 2, DAY, 2 * DAY]


def test_work_made_while_idle_runs_at_that_very_moment(
    clock: VirtualClock, database: sa.Engine
) -> None:
    toy = Toy(database, clock, period=DAY)
    toy.create(["social"], rounds=1)
    late = iter([["answered"]])

    def idle(_: datetime) -> datetime | None:
        for names in late:
            toy.create(names, rounds=1)
        return None

    Inline(toy, clock, idle=idle).run_until(START + DAY)
    assert toy.effect_keys() == ["answered:0", "social:0"]


def test_progress_hears_the_time_after_every_tick(clock: VirtualClock, database: sa.Engine) -> None:
    toy = Toy(database, clock, period=DAY)
    toy.create(["social"], rounds=3)
    heard: list[datetime] = []
    Inline(toy, clock).run_until(START + DAY, progress=heard.append)
    assert heard == [START, START + DAY]


class NeverReady:
    """Says it is due and has nothing to claim: a bug that must not become an endless loop."""

    def claim(self, now: datetime, limit: int, enqueue: Enqueue) -> int:
        return 0

    def run(self, tick: Tick) -> None:
        raise AssertionError("nothing was claimed")

    def next_due(self) -> datetime | None:
        return START

    def failed(self, tick: Tick, error: str) -> None:
        raise AssertionError("nothing ran")


def test_work_that_never_lets_time_move_on_is_named(clock: VirtualClock) -> None:
    with pytest.raises(Stalled, match="nothing can be claimed"):
        Inline(NeverReady(), clock).run_until(START + DAY)


def test_idle_that_asks_for_the_present_is_named(clock: VirtualClock, database: sa.Engine) -> None:
    toy = Toy(database, clock)
    toy.create(["social"], rounds=1)
    with pytest.raises(Stalled, match="idle asks"):
        Inline(toy, clock, idle=lambda now: now).run_until(START + DAY)
