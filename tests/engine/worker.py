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
from datetime import timedelta

from drumbeat.engine.clock import SystemClock
from drumbeat.engine.database import open_database
from drumbeat.engine.durable import DurableEngine, Pace
from drumbeat.engine.lock import DatabaseInUse
from drumbeat.engine.tick import Tick
from tests.engine.toy import Toy

QUICK = Pace(
    dispatch_every=0.05, dequeue_every=0.05, beat_every=0.3, dead_after=2.0, rescue_every=0.3
)


def names(count: int) -> list[str]:
    return [f"subject-{number:03}" for number in range(count)]


def die(_: Tick) -> None:
    """What a crash in a C library looks like: no exception, no clean-up, no process."""
    os._exit(9)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("subjects", type=int)
    parser.add_argument("rounds", type=int)
    parser.add_argument("--effect-seconds", type=float, default=0.0)
    parser.add_argument("--lease", type=float, default=30.0)
    parser.add_argument("--worker", default=None, help="the name it signs in with")
    parser.add_argument("--poison", default="", help="the name of a tick that kills its worker")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    database = open_database(given.url)
    toy = Toy(
        database,
        SystemClock(),
        lease=timedelta(seconds=given.lease),
        effect_seconds=given.effect_seconds,
        faults={given.poison: die},
    )
    toy.ensure(names(given.subjects), given.rounds)
    try:
        with DurableEngine(given.url, toy, SystemClock(), worker=given.worker, pace=QUICK):
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
