"""How many ticks a second: ``python -m benchmarks.engine [inline sqlite postgres] [--ticks N]``.

The work is the tests' toy: a tick loads its subject, makes one outside effect (two transactions)
and commits (one more). ``inline`` runs it in one thread on a virtual clock; ``bare`` is the
driver's own cost, with a work that does nothing; ``sqlite`` and ``postgres`` run it durably in
one worker process, ``postgres2`` in two on one server. Figures depend on the machine and its
load: report both.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.database import open_database
from drumbeat.engine.inline import Inline
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Enqueue
from tests.engine.toy import Toy
from tests.postgres import server_url

START = datetime(2026, 1, 1, tzinfo=UTC)
SUBJECTS = 40


class Nothing:
    """A work of which every tick costs nothing: what is left is the driver."""

    def __init__(self, ticks: int) -> None:
        self._left = ticks
        self._at = START

    def claim(self, now: datetime, limit: int, enqueue: Enqueue) -> int:
        if not self._left or now < self._at:
            return 0
        self._left -= 1
        self._at += timedelta(minutes=15)
        enqueue(None, Tick("nothing", self._left))  # type: ignore[arg-type]
        return 1

    def run(self, tick: Tick) -> None:
        return

    def next_due(self) -> datetime | None:
        return self._at if self._left else None

    def failed(self, tick: Tick, error: str) -> None:
        raise AssertionError(error)


def bare(ticks: int) -> float:
    """Seconds for ``ticks`` empty ticks, each of which moves the clock."""
    clock = VirtualClock(START)
    began = time.perf_counter()
    Inline(Nothing(ticks), clock).run_until(START + timedelta(days=36_500))
    return time.perf_counter() - began


def inline(ticks: int) -> float:
    """Seconds for ``ticks`` toy ticks in one thread, on a SQLite file that is never synced."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db", extra=["synchronous=OFF"])
        clock = VirtualClock(START)
        toy = Toy(database, clock, period=timedelta(minutes=15))
        toy.create([f"subject-{n}" for n in range(SUBJECTS)], ticks // SUBJECTS)
        began = time.perf_counter()
        Inline(toy, clock).run_until(START + timedelta(days=36_500))
        took = time.perf_counter() - began
        database.dispose()
    return took


def sqlite(ticks: int) -> float:
    """Seconds for ``ticks`` toy ticks in one durable worker on a synced SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        return _workers(f"sqlite:///{folder}/bench.db", ticks, 1)


def postgres(ticks: int) -> float:
    """Seconds for ``ticks`` toy ticks in one durable worker on Postgres."""
    return _workers(_database("one"), ticks, 1)


def postgres2(ticks: int) -> float:
    """Seconds for ``ticks`` toy ticks in two durable workers on one Postgres."""
    return _workers(_database("two"), ticks, 2)


def _database(name: str) -> str:
    import psycopg

    server = server_url()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE bench_{name}_{os.getpid()}".encode())
    head, _, options = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/bench_{name}_{os.getpid()}?{options}"


def _workers(url: str, ticks: int, count: int) -> float:
    command = [sys.executable, "-m", "tests.engine.worker", url]
    command += [str(SUBJECTS), str(ticks // SUBJECTS), "--lease", "600"]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        for _ in range(count)
    ]
    outputs = [worker.communicate()[0] for worker in workers]
    return max(float(json.loads(out.split("done ", 1)[1])["seconds"]) for out in outputs)


BENCHES: dict[str, tuple[Callable[[int], float], int]] = {
    "bare": (bare, 100_000),
    "inline": (inline, 4_000),
    "sqlite": (sqlite, 2_000),
    "postgres": (postgres, 2_000),
    "postgres2": (postgres2, 2_000),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []])
    parser.add_argument("--ticks", type=int)
    given = parser.parse_args()
    os.environ.setdefault("TEST_PG_FSYNC", "on")
    for name in given.names or BENCHES:
        bench, usual = BENCHES[name]
        ticks = given.ticks or usual
        seconds = bench(ticks)
        load = os.getloadavg()[0]
        print(f"{name:10} {ticks / seconds:10.0f} ticks/s  ({ticks} ticks, load {load:.1f})")


if __name__ == "__main__":
    main()
