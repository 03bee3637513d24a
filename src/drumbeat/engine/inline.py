"""Inline: the same ticks in one thread on a virtual clock, for simulations and headless demos."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Work, perform

if TYPE_CHECKING:
    from sqlalchemy import Connection

Idle = Callable[[datetime], datetime | None]


class Stalled(RuntimeError):
    """The work says that something is due, yet gives nothing to do: time could never move on."""


class Inline:
    """Drives ``work`` without threads, queues or real time.

    Runs what is due in the order claimed, then jumps the clock to the next due moment. ``idle``
    is called with the time whenever nothing is due, before the jump: scripted people act there
    and answer with the moment they next want to be asked. ``strict`` lets a tick's exception
    out instead of reporting it to ``work.failed``.
    """

    def __init__(
        self,
        work: Work,
        clock: VirtualClock,
        *,
        idle: Idle | None = None,
        batch: int = 256,
        strict: bool = False,
    ) -> None:
        self._work = work
        self._clock = clock
        self._idle = idle
        self._batch = batch
        self._perform = _strictly if strict else perform

    def run_until(self, end: datetime, progress: Callable[[datetime], None] | None = None) -> int:
        """Run all ticks due up to and including ``end``; returns how many ran.

        ``progress`` is called with the virtual time after each tick.
        """
        count = 0
        for _ in self.ticks(end):
            count += 1
            if progress is not None:
                progress(self._clock.now())
        return count

    def ticks(self, end: datetime) -> Iterator[Tick]:
        """Run tick by tick, yielding each one done; leaves the clock at ``end``.

        Raises Stalled when the work never lets the clock move on.
        """
        while True:
            yield from self._due()
            target = self._next(end)
            if target is None:
                break
            self._clock.reach(target)
        self._clock.reach(end)

    def _due(self) -> Iterator[Tick]:
        while batch := self._claim():
            for tick in batch:
                self._perform(self._work, tick)
                yield tick

    def _claim(self) -> list[Tick]:
        claimed: list[Tick] = []

        def enqueue(_: "Connection", tick: Tick) -> None:
            claimed.append(tick)

        self._work.claim(self._clock.now(), self._batch, enqueue)
        return claimed

    def _next(self, end: datetime) -> datetime | None:
        now = self._clock.now()
        before = self._work.next_due()
        if before is not None and before <= now:
            raise Stalled(f"due since {before}, it is {now}, and nothing can be claimed")
        asked = self._idle(now) if self._idle else None
        if asked is not None and asked <= now:
            raise Stalled(f"idle asks to be called at {asked}, and it is {now} already")
        # Whoever acted while idle may have made work: ask again.
        due = self._work.next_due()
        target = min((at for at in (due, asked) if at is not None), default=None)
        return target if target is not None and target <= end else None


def _strictly(work: Work, tick: Tick) -> None:
    work.run(tick)
