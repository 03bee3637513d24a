"""One way to look at a series: seven views of a value, each with the tail of what was usual."""

import math
from dataclasses import dataclass, field

from drumbeat.stats.anomaly_scale import RobustScale, clip
from drumbeat.stats.anomaly_season import Season, Slot
from drumbeat.stats.anomaly_tail import Tail

# Averages of the deviation from all, from the hour's usual, the same longer, and its size alone:
# how restless the series is.
_AVERAGED_POINTS = (8.0, 20.0, 60.0, 20.0)
_AVERAGE_CLIP = 30.0
_VIEWS = 7
_RESIDUAL = 1
_OF_RAW = (0, 3)
# Beyond a chance of e^-10 a tail is extrapolated far past what it was fitted to: how much rarer
# still counts only by its logarithm, so that no view outvotes the others.
_KNOWN_SURPRISE = 10.0


@dataclass(frozen=True, slots=True)
class Look:
    """A value as a lens saw it: in its unit, next to what was expected, and the seven views."""

    value: float
    expected: float
    slot: Slot
    views: tuple[float, ...]


@dataclass(slots=True)
class Lens:
    """The whole past, the season and the tails of one series in one unit."""

    raw: RobustScale = field(default_factory=RobustScale)
    season: Season = field(default_factory=Season)
    averages: list[float] = field(default_factory=lambda: [0.0] * len(_AVERAGED_POINTS))
    up: list[Tail] = field(default_factory=lambda: [Tail() for _ in range(_VIEWS)])
    down: list[Tail] = field(default_factory=lambda: [Tail() for _ in range(_VIEWS)])

    @property
    def is_ready(self) -> bool:
        """Whether enough was seen to call anything rare."""
        return self.up[0].is_ready

    def look(self, value: float, slot: Slot) -> Look:
        """See a finite value; `learn` what was seen once it is judged."""
        if self.raw.count == 0:
            self.raw.center = self.season.level = value
        expected = self.season.expect(slot)
        raw, residual = value - self.raw.center, value - expected
        self._average((raw, residual, residual, abs(residual)))
        views = (raw, residual, self.season.by_slot(residual, slot), *self.averages)
        return Look(value, expected, slot, views)

    def surprise(self, look: Look) -> float:
        """The root mean square over the views of minus the log of the chance of so rare a value."""
        total = 0.0
        for up, down, view in zip(self.up, self.down, look.views, strict=True):
            # Most values are common in all views: asking the tails about each would take longest.
            risen = up.surprise(view) if view > up.start else 0.0
            fallen = down.surprise(-view) if -view > down.start else 0.0
            total += _tempered(max(risen, fallen)) ** 2
        return math.sqrt(total / _VIEWS)

    def learn(self, look: Look, memory_points: float) -> None:
        """Take in what was seen."""
        self.raw.learn(look.value, memory_points)
        self.season.learn(look.value, look.expected, look.slot, memory_points)
        for up, down, deviation in zip(self.up, self.down, look.views, strict=True):
            up.learn(deviation)
            down.learn(-deviation)

    def close_block(self) -> None:
        """Remember the largest deviations since the last time."""
        for view, (up, down) in enumerate(zip(self.up, self.down, strict=True)):
            spread = self.raw.spread if view in _OF_RAW else self.season.residual.spread
            up.close_block(spread)
            down.close_block(spread)

    def reach(self, surprise: float) -> tuple[float, float]:
        """How far below and above the expectation a value is so surprising by its hour alone."""
        tails = self.down[_RESIDUAL], self.up[_RESIDUAL]
        below, above = (max(0.0, tail.deviation_at(surprise)) for tail in tails)
        return below, above

    def _average(self, deviations: tuple[float, ...]) -> None:
        """Move the running averages, holding back what would swamp them for days."""
        limit = _AVERAGE_CLIP * self.season.residual.spread
        for index, deviation in enumerate(deviations):
            held = clip(deviation, limit or abs(deviation))
            gain = 2.0 / (_AVERAGED_POINTS[index] + 1.0)
            self.averages[index] += gain * (held - self.averages[index])


def _tempered(surprise: float) -> float:
    if surprise <= _KNOWN_SURPRISE:
        return surprise
    return _KNOWN_SURPRISE * (1.0 + math.log(surprise / _KNOWN_SURPRISE))
