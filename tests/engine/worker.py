"""A worker process for the tests to kill: ``python -m tests.engine.worker URL SUBJECTS ROUNDS …``.

Makes the toy's subjects unless they exist, prints ``ready``, and works until all rounds are
committed. Then it stops in good order and prints ``done``.
"""

import argparse
import json
import logging
import os
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from drumbeat.engine.clock import SystemClock, VirtualClock
from drumbeat.engine.database import open_database
from drumbeat.engine.durable import DurableEngine, Pace
from drumbeat.engine.lock import DatabaseInUse
from drumbeat.engine.tick import Tick
from tests.engine.toy import Toy

QUICK = Pace(
    dispatch_every=0.05,
    dequeue_every=0.05,
    beat_every=0.3,
    dead_after=2.0,
    rescue_every=0.3,
    clear_every=0.5,
)


def names(count: int) -> list[str]:
    return [f"subject-{number:03}" for number in range(count)]


def die(_: Tick) -> None:
    """What a crash in a C library looks like: no exception, no clean-up, no process."""
    os._exit(9)


def break_down(_: Tick) -> None:
    """An ordinary failure."""
    raise OSError("the platform is away")


class Forgetful(Toy):
    """Fails to record its first failure: the database was away as well."""

    forgotten = False

    def failed(self, tick: Tick, error: str) -> None:
        if not self.forgotten:
            self.forgotten = True
            raise OSError("the database is away")
        super().failed(tick, error)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("subjects", type=int)
    parser.add_argument("rounds", type=int)
    parser.add_argument("--effect-seconds", type=float, default=0.0)
    parser.add_argument("--lease", type=float, default=30.0)
    parser.add_argument("--worker", default=None, help="the name it signs in with")
    parser.add_argument("--poison", default="", help="the name of a tick that kills its worker")
    parser.add_argument("--broken", default="", help="the name of a tick that fails")
    parser.add_argument("--forgetful", action="store_true")
    parser.add_argument("--speed", type=float, help="run on a virtual clock this fast")
    parser.add_argument("--period", type=float, default=0.0, help="seconds between ticks")
    parser.add_argument("--keep", type=float, default=86_400.0, help="seconds to keep the finished")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    database = open_database(given.url)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = SystemClock() if given.speed is None else VirtualClock(start, given.speed)
    toy = (Forgetful if given.forgetful else Toy)(
        database,
        clock,
        period=timedelta(seconds=given.period),
        lease=timedelta(seconds=given.lease),
        effect_seconds=given.effect_seconds,
        faults={given.poison: die, given.broken: break_down},
    )
    toy.ensure(names(given.subjects), given.rounds)
    pace = replace(QUICK, keep_finished=timedelta(seconds=given.keep))
    try:
        with DurableEngine(given.url, toy, clock, worker=given.worker, pace=pace):
            print("ready", flush=True)
            began = time.monotonic()
            while toy.committed() < given.subjects * given.rounds:
                time.sleep(0.05)
            took = time.monotonic() - began
    except DatabaseInUse as error:
        print(error, file=sys.stderr)
        return 3
    database.dispose()
    print("done", json.dumps({"seconds": took}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
