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
        due = self._work.next_due()
        while True:
            if due is not None and due <= self._clock.now():
                yield from self._due(due)
                due = self._work.next_due()
                continue
            asked = self._asked()
            if self._idle is not None:  # whoever acted there may have made work
                due = self._work.next_due()
            target = min((at for at in (due, asked) if at is not None), default=None)
            if target is None or target > end:
                break
            self._clock.reach(target)
        self._clock.reach(end)

    def _due(self, since: datetime) -> Iterator[Tick]:
        batch = self._claim()
        if not batch:
            now = self._clock.now()
            raise Stalled(f"due since {since}, it is {now}, and nothing can be claimed")
        for tick in batch:
            self._perform(self._work, tick)
            yield tick

    def _claim(self) -> list[Tick]:
        claimed: list[Tick] = []

        def enqueue(_: "Connection", tick: Tick) -> None:
            claimed.append(tick)

        self._work.claim(self._clock.now(), self._batch, enqueue)
        return claimed

    def _asked(self) -> datetime | None:
        now = self._clock.now()
        asked = self._idle(now) if self._idle else None
        if asked is not None and asked <= now:
            raise Stalled(f"idle asks to be called at {asked}, and it is {now} already")
        return asked


def _strictly(work: Work, tick: Tick) -> None:
    work.run(tick)
