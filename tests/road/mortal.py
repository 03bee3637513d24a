"""A demo that dies: ``python -m tests.road.mortal FOLDER SEED WEEKS [WHERE:COUNT]``.

Goes on from where the folder's demo stopped, and at the COUNT-th passage of WHERE kills itself
with SIGKILL: ``statement`` (a statement is about to be sent to the database), ``commit`` (a
transaction is about to end), ``call`` (the platform is about to carry a change out), ``answer``
(it has, and nobody has written that down yet). Prints the virtual time when it comes to its end.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drumbeat.app.demo import Demo, open_demo, run_headless
from drumbeat.connectors.simulated.connector import SimulatedConnector
from tests.road.passages import on_commit, on_statement


def die_at(count: int) -> Callable[[], None]:
    """A passage that the process does not survive the ``count``-th time."""
    left = [count]

    def passage() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return passage


def on_calls(demo: Demo, before: Callable[[], None], after: Callable[[], None]) -> None:
    """Stand around every call that changes something on a platform."""
    for platform in demo.app.gate.door.platforms.values():
        connector = platform.connector
        if not isinstance(connector, SimulatedConnector):
            continue  # our own files, which the workspace's rules are written to
        connector._apply = around(connector._apply, before, after)  # type: ignore[method-assign]


def around(
    call: Callable[..., Any], before: Callable[[], None], after: Callable[[], None]
) -> Callable[..., Any]:
    def inside(*arguments: Any) -> Any:
        before()
        receipt = call(*arguments)
        after()
        return receipt

    return inside


def condemn(demo: Demo, where: str, count: int) -> None:
    """Arrange the end."""
    passage = die_at(count)
    match where:
        case "statement":
            on_statement(demo.app.database, passage)
        case "commit":
            on_commit(demo.app.database, passage)
        case "call":
            on_calls(demo, passage, lambda: None)
        case "answer":
            on_calls(demo, lambda: None, passage)
        case _:
            raise ValueError(f"nobody dies at {where!r}")


def main(folder: str, seed: str, weeks: str, fate: str = "") -> None:
    demo = open_demo(Path(folder), int(seed))
    where, _, count = fate.partition(":")
    if where:
        condemn(demo, where, int(count))
    run_headless(demo, int(weeks))
    print(demo.clock.now().isoformat())
    demo.app.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
