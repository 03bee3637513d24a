"""Loops: a thread that does one thing again and again, and survives its failures."""

import logging
import threading
from collections.abc import Callable

from drumbeat.engine.work import describe

log = logging.getLogger("drumbeat.engine")

_LONGEST_PAUSE = 30.0


def pause(every: float, failures: int) -> float:
    """Real seconds to wait before the next turn: doubled by each failure in a row, up to 30."""
    return min(every * 2.0 ** min(failures, 20), max(every, _LONGEST_PAUSE)) if failures else every


class Loop:
    """Calls ``turn`` every ``every`` real seconds until stopped.

    A turn answers True when there is more to do at once. What it raises is logged once per
    streak, kept in ``problem`` until a turn succeeds, and followed by a growing pause.
    """

    def __init__(self, name: str, every: float, turn: Callable[[], bool]) -> None:
        self.name = name
        self._every = every
        self._turn = turn
        self._wake = threading.Event()
        self._over = False
        self._failures = 0
        self._thread = threading.Thread(target=self._go, name=f"drumbeat-{name}", daemon=True)
        self.problem: str | None = None

    def start(self) -> None:
        """Take the first turn, in a thread of its own. Raises RuntimeError when called twice."""
        self._thread.start()

    def nudge(self) -> None:
        """Take the next turn now."""
        self._wake.set()

    def stop(self, timeout: float) -> bool:
        """Stop after the turn at hand; False if that took longer than ``timeout`` seconds."""
        self._over = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _go(self) -> None:
        while not self._over:
            self._wake.clear()
            if not self._take_turn():
                self._wake.wait(pause(self._every, self._failures))

    def _take_turn(self) -> bool:
        try:
            more = self._turn()
        except Exception as error:
            self._failures += 1
            self.problem = describe(error)
            level = logging.ERROR if self._failures == 1 else logging.DEBUG
            trace = None if _is_outside(error) else error
            log.log(level, "%s failed, trying again: %s", self.name, self.problem, exc_info=trace)
            return False
        if self._failures:
            log.warning("%s works again after %d failures", self.name, self._failures)
        self._failures, self.problem = 0, None
        return more


def _is_outside(error: Exception) -> bool:
    """Whether a full disk or a database that is away says all in a line; a mistake of ours is
    found by its place."""
    from sqlalchemy.exc import OperationalError  # this module is light until something fails

    return isinstance(error, OSError | OperationalError)
