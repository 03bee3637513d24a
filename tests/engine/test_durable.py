"""The durable engine on SQLite: every tick once, through crashes, in one process at a time."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drumbeat.engine.clock import SystemClock
from drumbeat.engine.database import open_database
from drumbeat.engine.durable import DurableEngine
from drumbeat.engine.lock import DatabaseInUse, DatabaseLock
from tests.engine.processes import WorkerProcess, wait_until
from tests.engine.toy import Toy, expected
from tests.engine.worker import QUICK, names


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "drumbeat.db"


@pytest.fixture
def toy(file: Path) -> Iterator[Toy]:
    """The toy's tables seen from outside, while workers run in other processes."""
    database = open_database(f"sqlite:///{file}")
    yield Toy(database, SystemClock())
    database.dispose()


def test_two_hundred_ticks_have_one_effect_each_and_the_worker_ends_quietly(
    file: Path, toy: Toy
) -> None:
    with WorkerProcess(f"sqlite:///{file}", 40, 5) as worker:
        code, out, complaints = worker.finish()
    assert (code, complaints) == (0, "")
    assert out.splitlines()[-1].startswith("done")
    assert toy.call_keys() == unique(toy.call_keys())
    assert toy.effect_keys() == expected(names(40), 5)


def test_a_failed_tick_is_tried_again_under_another_name(file: Path, toy: Toy) -> None:
    with WorkerProcess(f"sqlite:///{file}", 3, 2, "--broken", "tick:subject-001:1:0") as worker:
        code, _, _ = worker.finish()
    assert code == 0
    assert toy.effect_keys() == toy.call_keys_sorted() == expected(names(3), 2)
    assert queued(file)["tick:subject-001:1:1"] == "SUCCESS"


def test_weeks_pass_in_seconds_on_a_fast_clock(file: Path, toy: Toy) -> None:
    week = 7 * 24 * 3600
    options = ("--speed", str(4 * week), "--period", str(week), "--lease", str(week))
    with WorkerProcess(f"sqlite:///{file}", 3, 6, *options) as worker:
        code, out, _ = worker.finish()
    assert (code, "done" in out) == (0, True)
    assert toy.effect_keys() == toy.call_keys_sorted() == expected(names(3), 6)


def test_finished_ticks_are_cleared_away(file: Path, toy: Toy) -> None:
    options = ("--keep", "0", "--effect-seconds", "0.3")
    with WorkerProcess(f"sqlite:///{file}", 4, 7, *options) as worker:
        code, _, _ = worker.finish()
    assert code == 0
    assert len(toy.effect_keys()) == 28
    assert len(queued(file)) < 20


@pytest.mark.slow
def test_a_failure_that_could_not_be_recorded_is_found_when_the_lease_ends(
    file: Path, toy: Toy
) -> None:
    options = ("--broken", "tick:subject-001:1:0", "--forgetful", "--lease", "1")
    with WorkerProcess(f"sqlite:///{file}", 3, 2, *options) as worker:
        code, _, _ = worker.finish()
    assert code == 0
    assert queued(file)["tick:subject-001:1:0"] == "ERROR"
    assert toy.effect_keys() == expected(names(3), 2)


def test_one_process_runs_one_engine_at_a_time_and_another_afterwards(tmp_path: Path) -> None:
    databases = [open_database(f"sqlite:///{tmp_path / name}") for name in ("a.db", "b.db")]
    toys = [Toy(database, SystemClock()) for database in databases]
    for toy in toys:
        toy.create(["only"], rounds=1)
    first, refused, second = (
        DurableEngine(str(databases[n].url), toys[n], SystemClock(), pace=QUICK) for n in (0, 1, 1)
    )
    with first:
        with pytest.raises(RuntimeError, match="one durable engine at a time"):
            refused.start()
        wait_until(lambda: toys[0].committed() == 1)
    with second:
        wait_until(lambda: toys[1].committed() == 1)
        assert second.problems() == {}
    assert [toy.effect_keys() for toy in toys] == [["only:0"], ["only:0"]]
    for database in databases:
        database.dispose()


def test_a_second_process_on_the_same_file_is_refused_by_name(file: Path) -> None:
    with WorkerProcess(f"sqlite:///{file}", 1, 1, "--effect-seconds", "60") as first:
        first.ready()
        with WorkerProcess(f"sqlite:///{file}", 1, 1) as second:
            code, _, complaint = second.finish()
    assert code == 3
    assert "already being run by another process (pid" in complaint
    assert "Postgres" in complaint


def test_the_lock_of_a_killed_process_is_free_at_once(file: Path) -> None:
    with WorkerProcess(f"sqlite:///{file}", 1, 1, "--effect-seconds", "60") as worker:
        worker.ready()
        lock = DatabaseLock(file)
        with pytest.raises(DatabaseInUse):
            lock.acquire()
        worker.kill()
        lock.acquire()
        lock.release()


@pytest.mark.parametrize(
    ("kills", "subjects", "rounds"),
    [
        pytest.param(3, 24, 10, id="three-kills"),
        pytest.param(25, 40, 60, id="twenty-five-kills", marks=pytest.mark.slow),
    ],
)
@pytest.mark.timeout(900)
def test_a_killed_worker_loses_no_tick_and_repeats_no_effect(
    file: Path, toy: Toy, kills: int, subjects: int, rounds: int
) -> None:
    url, chance = f"sqlite:///{file}", random.Random(7)
    options = ("--effect-seconds", "0.02")
    for _ in range(kills):
        with WorkerProcess(url, subjects, rounds, *options) as worker:
            worker.ready()
            before = toy.committed()
            target = before + chance.randint(1, subjects)
            wait_until(lambda at=target: len(toy.call_keys()) >= at)  # type: ignore[misc]
            worker.kill()
    left = subjects * rounds - toy.committed()
    with WorkerProcess(url, subjects, rounds, *options) as worker:
        code, _, _ = worker.finish(timeout=600)
    assert left > 0, "the work was done before the last kill: the test proves nothing"
    assert code == 0
    assert toy.effect_keys() == expected(names(subjects), rounds)
    repeated = len(toy.call_keys()) - len(unique(toy.call_keys()))
    assert repeated <= kills * 16, "only calls in flight at a kill may be made again"
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.slow
def test_a_tick_that_kills_every_worker_is_given_up_and_the_rest_go_on(
    file: Path, toy: Toy
) -> None:
    poison = ("--poison", "tick:subject-001:1:0")
    deaths = 0
    for _ in range(10):
        with WorkerProcess(f"sqlite:///{file}", 3, 3, *poison) as worker:
            code, _, _ = worker.finish()
        deaths += code == 9
    assert deaths == 4
    assert toy.effect_keys() == expected(names(3), 3)


def queued(file: Path) -> dict[str, str]:
    """The state of every tick the queue still knows, by name, in its own words."""
    with closing(sqlite3.connect(file)) as raw:
        return dict(raw.execute("SELECT workflow_uuid, status FROM workflow_status").fetchall())


def unique(keys: list[str]) -> list[str]:
    return list(dict.fromkeys(keys))
