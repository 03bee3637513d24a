"""Online anomaly score for one series: how surprising is this value, given what came before?

Six views of the same value (against the whole past, against this hour, against this hour in this
hour's own spread, and three running averages of these) each give a tail probability. Their mean
log is the surprise: what several views find rare together is an anomaly, what one of them finds
rare alone usually is not, however rare. Tail probabilities make one threshold mean the same on
every series. After an anomaly the bar is raised and sinks back, so that one event is told once.
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from drumbeat.stats._numbers import MOST, is_number, require_numbers
from drumbeat.stats.anomaly_pace import DAY_SECONDS, Pace
from drumbeat.stats.anomaly_scale import RobustScale, clip
from drumbeat.stats.anomaly_season import Season, Slot, slot_of
from drumbeat.stats.anomaly_tail import Tail

_BLOCK_SECONDS = DAY_SECONDS / 8.0
_BLOCK_MIN_POINTS = 2
_AVERAGED_POINTS = (8.0, 20.0, 60.0)
_AVERAGE_CLIP = 30.0
_VIEWS = 6
_RESIDUAL = 1
_OF_RAW = (0, 3)
# The surprise that scores one half, see `Detector._half`. At many points a day neighbors tell the
# same event, so the chance per point need not shrink in full proportion; slow series keep the bar
# of one with six points a day.
_HALF_SURPRISE = 2.6
_PER_DAY_POWER = 0.75
_LEAST_PER_DAY = 6.0
# Beyond a chance of e^-10 a tail is extrapolated far past what it was fitted to: how much rarer
# still counts only by its logarithm, so that no view outvotes the others.
_KNOWN_SURPRISE = 10.0


class Reason(StrEnum):
    """Why a score is what it is."""

    JUDGED = "judged"
    LEARNING = "learning"
    MISSING = "missing"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Score:
    """The judgement of one value.

    `score` is in [0, 1]; `expected`, `low` and `high` are in the unit of the series and NaN while
    unknown. A value outside `low`..`high` is alarming by its hour alone; `score` weighs all views.
    """

    score: float
    is_anomaly: bool
    expected: float
    low: float
    high: float
    reason: Reason = Reason.JUDGED


@dataclass(slots=True)
class Detector:
    """Judges one series, a value at a time, in constant time and memory.

    `threshold` is the score from which a value is an anomaly. A score of .5 is a chance per
    point of about 1 in 50 for daily, 1 in 145 for hourly and 1 in 940 for 5-minute values in
    the mean of all views; .75 is that squared. For `repeat_days` after an anomaly a further one
    must be more surprising than the first by `repeat_margin` (natural log of chance), less so as
    the days pass.
    """

    threshold: float = 0.5
    repeat_days: float = 2.0
    repeat_margin: float = 4.0
    _raw: RobustScale = field(default_factory=RobustScale)
    _season: Season = field(default_factory=Season)
    _averages: list[float] = field(default_factory=lambda: [0.0] * len(_AVERAGED_POINTS))
    _up: list[Tail] = field(default_factory=lambda: [Tail() for _ in range(_VIEWS)])
    _down: list[Tail] = field(default_factory=lambda: [Tail() for _ in range(_VIEWS)])
    _pace: Pace = field(default_factory=Pace)
    _block_start: float = -math.inf
    _block_points: int = 0
    _alert_at: float = -math.inf
    _alert_surprise: float = 0.0

    def __post_init__(self) -> None:
        require_numbers(repeat_days=self.repeat_days, repeat_margin=self.repeat_margin)
        if not is_number(self.threshold) or not 0.0 < self.threshold < 1.0:
            raise ValueError(f"threshold is a score between 0 and 1, not {self.threshold!r}")

    def update(self, timestamp: date, value: float | None) -> Score:
        """Judge `value`, then learn from it.

        Naive timestamps are read as UTC, a date as its midnight. A timestamp that repeats or goes
        back is judged like any other and does not move the clock back. None, NaN, infinite values
        and those beyond any count (1e100) are `MISSING`: score 0, nothing learned. Raises
        ValueError, learning nothing, for a timestamp that is no date and a value that is no number.
        """
        at, value = _moment(timestamp), _measured(value)
        self._pace.tick(at)
        slot = slot_of(at, self._pace.points_per_day)
        if not abs(value) <= MOST:
            return self._answer(0.0, self._season.expect(slot), Reason.MISSING)
        if self._raw.count == 0:
            self._raw.center = self._season.level = value
        expected = self._season.expect(slot)
        views = self._look(value, expected, slot)
        score = self._judge(self._surprise(views), expected)
        self._learn(value, expected, slot, views)
        return score

    def _look(self, value: float, expected: float, slot: Slot) -> tuple[float, ...]:
        raw, residual = value - self._raw.center, value - expected
        self._average((raw, residual, residual))
        return raw, residual, self._season.by_slot(residual, slot), *self._averages

    def _average(self, deviations: tuple[float, ...]) -> None:
        """Move the running averages, holding back what would swamp them for days."""
        limit = _AVERAGE_CLIP * self._season.residual.spread
        for index, deviation in enumerate(deviations):
            held = clip(deviation, limit or abs(deviation))
            gain = 2.0 / (_AVERAGED_POINTS[index] + 1.0)
            self._averages[index] += gain * (held - self._averages[index])

    def _surprise(self, views: tuple[float, ...]) -> float:
        pairs = zip(self._up, self._down, views, strict=True)
        return sum(_tempered(max(u.surprise(z), d.surprise(-z))) for u, d, z in pairs) / _VIEWS

    def _judge(self, surprise: float, expected: float) -> Score:
        half = self._half()
        bar = -half * math.log2(1.0 - self.threshold)
        score = 1.0 - 2.0 ** (-surprise / half * bar / (bar + self._echo(bar)))
        if score >= self.threshold:
            self._alert_at, self._alert_surprise = self._pace.clock, surprise
        is_repeat = surprise >= bar and score < self.threshold
        return self._answer(score, expected, Reason.REPEAT if is_repeat else Reason.JUDGED)

    def _half(self) -> float:
        """The surprise that scores one half."""
        per_day = max(_LEAST_PER_DAY, self._pace.points_per_day)
        return _HALF_SURPRISE + _PER_DAY_POWER * math.log(per_day)

    def _echo(self, bar: float) -> float:
        """How much the last anomaly still raises the bar."""
        days = (self._pace.clock - self._alert_at) / DAY_SECONDS
        if days >= self.repeat_days:
            return 0.0
        height = self._alert_surprise - bar + self.repeat_margin
        return max(0.0, height * (1.0 - days / self.repeat_days))

    def _learn(self, value: float, expected: float, slot: Slot, views: tuple[float, ...]) -> None:
        self._raw.learn(value, self._pace.memory_points)
        self._season.learn(value, expected, slot, self._pace.memory_points)
        for up, down, deviation in zip(self._up, self._down, views, strict=True):
            up.learn(deviation)
            down.learn(-deviation)
        self._block_points += 1
        elapsed = self._pace.clock - self._block_start
        if elapsed >= _BLOCK_SECONDS and self._block_points >= _BLOCK_MIN_POINTS:
            for view, (up, down) in enumerate(zip(self._up, self._down, strict=True)):
                spread = self._raw.spread if view in _OF_RAW else self._season.residual.spread
                up.close_block(spread)
                down.close_block(spread)
            self._block_start, self._block_points = self._pace.clock, 0

    def _answer(self, score: float, expected: float, reason: Reason) -> Score:
        if not self._up[0].is_ready:
            unknown = Reason.MISSING if reason is Reason.MISSING else Reason.LEARNING
            return Score(0.0, False, math.nan, math.nan, math.nan, unknown)
        half = self._half()
        below = max(0.0, self._down[_RESIDUAL].deviation_at(half))
        above = max(0.0, self._up[_RESIDUAL].deviation_at(half))
        is_anomaly = score >= self.threshold
        return Score(score, is_anomaly, expected, expected - below, expected + above, reason)


def _moment(timestamp: date) -> datetime:
    # Some libraries' "not a time" passes for a datetime, and differs from itself like NaN.
    if not isinstance(timestamp, date) or timestamp != timestamp:
        raise ValueError(f"timestamp must be a date or a datetime, got {timestamp!r}")
    return timestamp if isinstance(timestamp, datetime) else datetime.combine(timestamp, time.min)


def _measured(value: Any) -> float:
    if value is None:
        return math.nan
    try:
        if not isinstance(value, str | bytes):
            return float(value)
    except TypeError:
        pass
    except OverflowError:  # a whole number too large for any float
        return math.inf
    raise ValueError(f"value must be a number, or None where missing, got {value!r}")


def _tempered(surprise: float) -> float:
    if surprise <= _KNOWN_SURPRISE:
        return surprise
    return _KNOWN_SURPRISE * (1.0 + math.log(surprise / _KNOWN_SURPRISE))
