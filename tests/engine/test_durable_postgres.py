"""The durable engine on Postgres: many workers, and the living take over from the dead."""

import random
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from drumbeat.engine.clock import SystemClock
from drumbeat.engine.database import open_database
from tests.engine.processes import WorkerProcess, wait_until
from tests.engine.toy import Toy, expected
from tests.engine.worker import names

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres: Callable[[], str]) -> str:
    return postgres()


@pytest.fixture
def database(url: str) -> Iterator[sa.Engine]:
    engine = open_database(url, pool=2)
    yield engine
    engine.dispose()


def taken_by(database: sa.Engine, worker: str) -> int:
    """Ticks a worker has taken and not finished, as the queue sees it."""
    found = sa.text(
        "SELECT count(*) FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id = :who"
    )
    with database.connect() as connection:
        return connection.scalar(found, {"who": worker}) or 0


def test_two_workers_share_the_work_and_every_tick_has_one_effect(
    url: str, database: sa.Engine
) -> None:
    with WorkerProcess(url, 30, 5) as first, WorkerProcess(url, 30, 5) as second:
        codes = (first.finish()[0], second.finish()[0])
    toy = Toy(database, SystemClock())
    assert codes == (0, 0)
    assert toy.effect_keys() == toy.call_keys_sorted() == expected(names(30), 5)


def test_the_ticks_of_a_killed_worker_are_finished_by_the_other(
    url: str, database: sa.Engine
) -> None:
    toy, options = Toy(database, SystemClock()), ("--effect-seconds", "0.3", "--lease", "600")
    with WorkerProcess(url, 30, 4, *options, "--worker", "victim") as victim:
        victim.ready()
        wait_until(lambda: taken_by(database, "victim") > 0)
        victim.suspend()
        taken = taken_by(database, "victim")
        with WorkerProcess(url, 30, 4, *options) as other:
            other.ready()
            victim.kill()
            code, _, complaints = other.finish()
    assert taken > 0
    assert complaints.count("goes back into the queue: its worker is gone") == taken
    assert code == 0
    assert toy.effect_keys() == expected(names(30), 4)


@pytest.mark.slow
def test_a_worker_that_wakes_up_after_being_taken_for_dead_repeats_no_effect(
    url: str, database: sa.Engine
) -> None:
    toy, options = Toy(database, SystemClock()), ("--effect-seconds", "0.05", "--lease", "600")
    with WorkerProcess(url, 20, 8, *options) as sleeper:
        sleeper.ready()
        with WorkerProcess(url, 20, 8, *options) as other:
            other.ready()
            wait_until(lambda: len(toy.call_keys()) > 20)
            sleeper.suspend()
            code, _, _ = other.finish()
            sleeper.wake()
            slept, _, _ = sleeper.finish()
    assert (code, slept) == (0, 0)
    assert toy.effect_keys() == expected(names(20), 8)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_twenty_kills_in_turn_lose_no_tick(url: str, database: sa.Engine) -> None:
    toy, chance = Toy(database, SystemClock()), random.Random(11)
    options = ("--effect-seconds", "0.5", "--lease", "600")
    with WorkerProcess(url, 40, 100, *options) as steady:
        steady.ready()
        for _ in range(20):
            with WorkerProcess(url, 40, 100, *options) as victim:
                victim.ready()
                more = len(toy.call_keys()) + chance.randint(5, 40)
                wait_until(lambda at=more: len(toy.call_keys()) >= at)  # type: ignore[misc]
                victim.kill()
        left = 40 * 100 - toy.committed()
        code, _, _ = steady.finish(timeout=600)
    assert left > 0, "the work was done before the last kill: the test proves nothing"
    assert code == 0
    assert toy.effect_keys() == expected(names(40), 100)
