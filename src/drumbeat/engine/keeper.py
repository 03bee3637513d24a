"""The keeper: takes ticks from workers that are gone, and clears away what is long over."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence, Set
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from drumbeat.engine.clock import Clock, SystemClock
from drumbeat.engine.rescue import Answer, Ruling, State, Stillness, Worker, judge
from drumbeat.engine.roll import Roll
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Work

if TYPE_CHECKING:
    from drumbeat.engine.dbos_queue import Entry

log = logging.getLogger("drumbeat.engine")


class Shelf(Protocol):
    """What keeping needs of a queue."""

    def running(self) -> frozenset[Tick]:
        """The ticks this very process is at work on."""
        ...

    def pending(self) -> "Sequence[Entry]":
        """All ticks some worker has taken and not finished."""
        ...

    def resume(self, ticks: Iterable[Tick]) -> None:
        """Put ticks back into the queue, whoever took them."""
        ...

    def drop(self, tick: Tick) -> None:
        """Never run this tick again."""
        ...

    def forget(self, before: datetime, limit: int) -> frozenset[str]:
        """Delete up to ``limit`` ticks that were over before a moment; returns their names."""
        ...


class Counts(Protocol):
    """How often each tick was taken from a dead worker."""

    def times(self, tick: str) -> int:
        """How often so far; 0 for a tick nobody took."""
        ...

    def count(self, tick: str) -> None:
        """Once more."""
        ...

    def forget(self, ticks: Set[str]) -> None:
        """Drop the counts of ticks that the queue has forgotten."""
        ...


class Keeper:
    """Looks after the ticks that are at work; several workers may each have one."""

    def __init__(
        self,
        me: str,
        work: Work,
        queue: Shelf,
        roll: Roll,
        rescues: Counts,
        *,
        idle_after: float = 30.0,
        limit: int = 3,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._me = me
        self._work = work
        self._queue = queue
        self._roll = roll
        self._rescues = rescues
        self._idle_after = idle_after
        self._limit = limit
        self._stopwatch = stopwatch
        self._idle: Stillness[Tick, str] = Stillness()

    def turn(self) -> bool:
        """One round of rescue."""
        with self._roll.turn() as mine:
            if mine:
                self._rescue(self._queue.pending())
        return False

    def _rescue(self, pending: "Sequence[Entry]") -> None:
        at = self._stopwatch()
        gone = self._roll.gone({entry.worker for entry in pending}, at)
        idle = self._idlers(pending, at)
        for entry in pending:
            worker = self._standing(entry, gone, idle)
            rescues = self._rescues.times(entry.tick.name) if worker is Worker.GONE else 0
            self._obey(
                entry.tick, worker, judge(State.RUNNING, worker, rescues=rescues, limit=self._limit)
            )

    def _idlers(self, pending: "Sequence[Entry]", at: float) -> frozenset[Tick]:
        """Ticks taken in this worker's name that it has not begun for a while."""
        running = self._queue.running()
        mine = {e.tick: e.worker for e in pending if e.worker == self._me and e.tick not in running}
        still = self._idle.observe(mine, at)
        return frozenset(tick for tick, seconds in still.items() if seconds >= self._idle_after)

    def _standing(self, entry: "Entry", gone: frozenset[str], idle: frozenset[Tick]) -> Worker:
        if entry.worker in gone:
            return Worker.GONE
        return Worker.IDLE if entry.tick in idle else Worker.AT_WORK

    def _obey(self, tick: Tick, worker: Worker, ruling: Ruling) -> None:
        match ruling.answer:
            case Answer.LEAVE:
                return
            case Answer.RESUME:
                log.warning("%s goes back into the queue: %s", tick.name, ruling.reason)
                if worker is Worker.GONE:
                    self._rescues.count(tick.name)
                self._queue.resume([tick])
            case Answer.FAIL:
                # In this order: a crash in between repeats the failure, which is fenced.
                log.error("%s is given up: %s", tick.name, ruling.reason)
                self._work.failed(tick, ruling.reason)
                self._queue.drop(tick)


class Janitor:
    """Deletes finished ticks from the queue once they are older than ``keep``."""

    def __init__(
        self,
        queue: Shelf,
        rescues: Counts,
        *,
        keep: timedelta,
        batch: int = 500,
        real: Clock | None = None,
    ) -> None:
        self._queue = queue
        self._rescues = rescues
        self._keep = keep
        self._batch = batch
        self._real = real or SystemClock()

    def turn(self) -> bool:
        """Delete one batch; True when there is more."""
        names = self._queue.forget(self._real.now() - self._keep, self._batch)
        if names:
            self._rescues.forget(names)
        return len(names) >= self._batch
