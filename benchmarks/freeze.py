"""Freeze: how long a busy workspace still asks outside once `drumbeat freeze --all` is in force.

Run: python -m benchmarks.freeze [times]. Each time (default 3) `drumbeat up` is in the middle of a
send to a real mail server, with others queued and one scheduled; the command is another process,
which steps on the brake before it opens the workspace.
"""

import sys
import tempfile
from pathlib import Path

from tests.road.freeze_drill import Seen, drill

GOAL_MS = 1000


def main(times: int) -> None:
    for number in range(1, times + 1):
        with tempfile.TemporaryDirectory() as folder:
            _tell(number, drill(Path(folder)))


def _tell(number: int, seen: Seen) -> None:
    began, ended = seen.command
    last = max((late.total_seconds() * 1000 for late in seen.after), default=0.0)
    asked = max(0.0, (max(seen.asked_at) - began).total_seconds())
    print(f"{number}: {len(seen.asked_at):,} mails asked for; once the freeze was in force:")
    print(f"  {len(seen.after)} more, the last after {last:.0f} ms (goal: {GOAL_MS});", end=" ")
    print(f"{len(seen.attempts)} new attempts")
    print(f"  the command took {(ended - began).total_seconds():.2f} s;", end=" ")
    print(f"the last mail was asked for {asked:.2f} s after it was typed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
