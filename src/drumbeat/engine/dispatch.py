"""Dispatch: from rows that are due to ticks in the queue, in one transaction."""

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from drumbeat.engine.clock import Clock, SystemClock
from drumbeat.engine.rescue import Answer, Ruling, State, Worker, judge
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from drumbeat.engine.dbos_queue import Entry

# A tick may be enqueued, run and committed between our claim and our look at it. Only one that
# was in the queue long before this claim has been claimed a second time.
_SETTLING = timedelta(seconds=5)


class Tickets(Protocol):
    """What dispatching needs of a queue."""

    def enqueue(self, connection: "Connection", tick: Tick) -> None:
        """Enqueue in the caller's transaction; a tick already known is left as it is."""
        ...

    def settled(self, ticks: "Iterable[Tick]") -> "Sequence[Entry]":
        """Those of the ticks that are over, well or badly."""
        ...


class Dispatcher:
    """Claims what is due by ``clock`` and enqueues it; ``real`` times the queue itself."""

    def __init__(
        self,
        work: Work,
        queue: Tickets,
        clock: Clock,
        *,
        batch: int,
        real: Clock | None = None,
    ) -> None:
        self._work = work
        self._queue = queue
        self._clock = clock
        self._batch = batch
        self._real = real or SystemClock()

    def turn(self) -> bool:
        """One round; True when there may be more to claim at once."""
        now, due = self._clock.now(), self._work.next_due()
        if due is None or due > now:
            return False  # learned without the write lock that claiming takes
        claimed: list[Tick] = []

        def enqueue(connection: "Connection", tick: Tick) -> None:
            self._queue.enqueue(connection, tick)
            claimed.append(tick)

        started = (self._real.now() - _SETTLING).timestamp()
        count = self._work.claim(now, self._batch, enqueue)
        if claimed:
            self._settle(claimed, started)
        return count >= self._batch

    def _settle(self, claimed: list[Tick], before: float) -> None:
        """Fail the ticks that are over and yet were claimed again when their lease ran out."""
        old = [entry for entry in self._queue.settled(claimed) if entry.made < before]
        for entry in old:
            ruling = _over(entry.state)
            if ruling.answer is Answer.FAIL:
                self._work.failed(entry.tick, ruling.reason)


def _over(state: State) -> Ruling:
    return judge(state, Worker.AT_WORK, rescues=0, limit=1)
