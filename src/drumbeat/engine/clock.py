"""Clocks: the only place that asks what time it is."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock for demos and simulations: it stands still, jumps, or runs at ``speed``.

    ``speed`` is virtual seconds per real second; 0 means that time passes only through
    ``set``, ``reach`` and ``advance``. ``slow`` lowers the speed to real time, so that a person
    can answer in peace, until ``resume``. ``stand_at`` keeps it from passing a moment whose work is
    not done. Safe to share between threads; never goes backwards.
    ``monotonic`` gives real seconds and is injectable so that tests need not wait.
    """

    def __init__(
        self,
        start: datetime,
        speed: float = 0.0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._base = _utc(start)
        self._anchor = monotonic()
        self._chosen = _forward(speed)
        self._slowed = False
        self._end: datetime | None = None

    def now(self) -> datetime:
        with self._lock:
            return self._read()

    @property
    def speed(self) -> float:
        """Virtual seconds per real second at this moment, slowing included."""
        with self._lock:
            return self._speed()

    @property
    def slowed(self) -> bool:
        """Whether ``slow`` is in force."""
        with self._lock:
            return self._slowed

    def set(self, at: datetime) -> None:
        """Jump to ``at``. Raises ValueError for a moment already past."""
        with self._lock:
            here, there = self._read(), _utc(at)
            if there < here:
                raise ValueError(f"a clock never goes back: it is {here}, asked for {there}")
            self._anchor_at(there)

    def reach(self, at: datetime) -> None:
        """Jump to ``at`` unless that moment is already past."""
        with self._lock:
            self._anchor_at(max(self._read(), _utc(at)))

    def advance(self, delta: timedelta) -> None:
        """Jump ahead by ``delta``. Raises ValueError for a negative one."""
        if delta < timedelta(0):
            raise ValueError(f"a clock never goes back: cannot advance by {delta}")
        with self._lock:
            self._anchor_at(self._read() + delta)

    def set_speed(self, speed: float) -> None:
        """Choose the speed, in force at ``resume`` while slowed. Raises ValueError if negative."""
        with self._lock:
            self._anchor_at(self._read())
            self._chosen = _forward(speed)

    def slow(self) -> None:
        """Run no faster than real time until ``resume``; slowing twice is slowing once."""
        with self._lock:
            self._anchor_at(self._read())
            self._slowed = True

    def resume(self) -> None:
        """Run at the chosen speed again."""
        with self._lock:
            self._anchor_at(self._read())
            self._slowed = False

    def stand_at(self, moment: datetime | None) -> None:
        """Run up to ``moment`` and stand still there, until told another one; None: run on.

        What could not run meanwhile is not made up for: on a slow machine time passes slowly,
        instead of leaving the work behind.
        """
        with self._lock:
            self._anchor_at(self._read())
            self._end = max(self._base, _utc(moment)) if moment is not None else None

    def _speed(self) -> float:
        return min(self._chosen, 1.0) if self._slowed else self._chosen

    def _read(self) -> datetime:
        speed = self._speed()
        if not speed:
            return self._base
        # A monotonic source may still be a test double or a suspended machine: never trust a
        # negative difference.
        passed = max(0.0, self._monotonic() - self._anchor)
        flown = self._base + timedelta(seconds=passed * speed)
        return flown if self._end is None else min(flown, max(self._end, self._base))

    def _anchor_at(self, moment: datetime) -> None:
        self._base, self._anchor = moment, self._monotonic()


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def _forward(speed: float) -> float:
    if not 0 <= speed < float("inf"):
        raise ValueError(f"a clock's speed is a finite number from 0 up, got {speed}")
    return speed
