"""What a series usually does at this time: a slow level and a profile over it."""

from dataclasses import dataclass, field
from datetime import datetime

from drumbeat.stats.anomaly_scale import RobustScale, clip, ratio

_HOURS = 24
_WEEKDAYS = 7
_SLOTS = 2 * _HOURS + _WEEKDAYS
_CLIP = 5.0
_PROFILE_DAYS = 8.0
_LEVEL_DAYS = 3.0
_LEVEL_LEAST_POINTS = 20.0
_PER_DAY_FINE = 288.0
_QUIETEST = 0.05


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a timestamp falls: its profile bin, the bin that one borrows from, its spread bin."""

    own: int
    other: int
    spread: int
    points_per_bin: float
    points_per_day: float


def slot_of(timestamp: datetime, points_per_day: float) -> Slot:
    """Hours of working days and of weekends; weekdays for a series with one point a day or less."""
    if points_per_day < 2.0:
        day = 2 * _HOURS + timestamp.weekday()
        return Slot(day, day, day, points_per_day / _WEEKDAYS, points_per_day)
    hour, is_weekend = timestamp.hour, timestamp.weekday() >= 5
    own = hour + _HOURS * is_weekend
    other = hour + _HOURS * (not is_weekend)
    return Slot(own, other, hour, points_per_day / _HOURS, points_per_day)


@dataclass(slots=True)
class Season:
    """Level plus profile, with the spread of what they leave over.

    A bin seen rarely borrows from its like on the other kind of day. Residuals are clipped before
    learning, so an anomaly moves the expectation only a little.
    """

    level: float = 0.0
    residual: RobustScale = field(default_factory=RobustScale)
    profile: list[float] = field(default_factory=lambda: [0.0] * _SLOTS)
    visits: list[int] = field(default_factory=lambda: [0] * _SLOTS)
    spreads: list[float] = field(default_factory=lambda: [1.0] * _SLOTS)

    def expect(self, slot: Slot) -> float:
        """The usual value of this slot; 0 before any value was seen."""
        seen = self.visits[slot.own]
        borrow = 3.0 + 17.0 * min(1.0, slot.points_per_day / _PER_DAY_FINE)
        weight = seen / (seen + borrow)
        borrowed = self.profile[slot.other] if slot.other != slot.own else 0.0
        return self.level + weight * self.profile[slot.own] + (1.0 - weight) * borrowed

    def standardize(self, error: float) -> float:
        """A residual in spreads of all residuals."""
        return ratio(error, self.residual.spread)

    def by_slot(self, error: float, slot: Slot) -> float:
        """A residual as large as it would be if this slot varied like the whole series."""
        return error / max(_QUIETEST, self.spreads[slot.spread])

    def learn(self, value: float, expected: float, slot: Slot, memory_points: float) -> None:
        """Take one finite value in, after it was judged against `expected`."""
        error = value - expected
        z = self.standardize(error)
        self.residual.learn(error, memory_points)
        seen = self.visits[slot.own] = self.visits[slot.own] + 1
        if self.residual.is_warm:
            error = clip(error, _CLIP * self.residual.spread)
            gain = 1.0 / max(20.0, min(float(seen), slot.points_per_day))
            self.spreads[slot.spread] += gain * (min(_CLIP, abs(z)) - self.spreads[slot.spread])
        self._move(expected + error, error, slot)

    def _move(self, value: float, error: float, slot: Slot) -> None:
        per_bin = max(1.0, slot.points_per_bin)
        gain = max(1.0 / self.visits[slot.own], 1.0 / (_PROFILE_DAYS * per_bin))
        self.profile[slot.own] += gain * (value - self.level - self.profile[slot.own])
        horizon = max(_LEVEL_LEAST_POINTS, _LEVEL_DAYS * slot.points_per_day)
        self.level += error / min(float(self.residual.count), horizon)
