"""Online anomaly score for one series: how surprising is this value, given what came before?

Four views of the same value (against the whole past, against this hour, against this hour in this
hour's own spread, and the average of the last few residuals) each give a tail probability. Their
mean log is the surprise: what several views find rare together is an anomaly, what one of them
finds rare alone usually is not. Tail probabilities make one threshold mean the same on every
series; a repeat within two days counts only when it is clearly more surprising than the first.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from drumbeat.stats.anomaly_scale import RobustScale, clip
from drumbeat.stats.anomaly_season import Season
from drumbeat.stats.anomaly_tail import Tail

DAY_SECONDS = 86_400.0
_BLOCK_SECONDS = DAY_SECONDS / 8.0
_SHORT_POINTS = 8
_SHORT_CLIP = 30.0
_VIEWS = 4


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

    `threshold` is the score from which a value is an anomaly; `surprise` is minus the log of the
    chance (per square root of the points in a day) at which the score is one half;
    `repeat_days` and `repeat_margin` say how long, and unless how much more surprising, a further
    anomaly counts as a repeat of the last.
    """

    threshold: float = 0.5
    surprise: float = 3.75
    repeat_days: float = 2.0
    repeat_margin: float = 1.0
    _raw: RobustScale = field(default_factory=RobustScale)
    _season: Season = field(default_factory=Season)
    _short: float = 0.0
    _up: list[Tail] = field(default_factory=lambda: [Tail() for _ in range(_VIEWS)])
    _down: list[Tail] = field(default_factory=lambda: [Tail() for _ in range(_VIEWS)])
    _gaps: deque[float] = field(default_factory=lambda: deque(maxlen=15))
    _clock: float = -math.inf
    _interval: float = 3600.0
    _block_start: float = -math.inf
    _block_points: int = 0
    _alert_at: float = -math.inf
    _alert_surprise: float = 0.0

    def update(self, timestamp: datetime, value: float) -> Score:
        """Judge `value`, then learn from it.

        Naive timestamps are read as UTC. A timestamp that repeats or goes back is judged like any
        other and does not move the clock back. NaN and infinite values are `MISSING`: score 0,
        nothing learned.
        """
        self._tick(_seconds(timestamp))
        hour, is_weekend = timestamp.hour, timestamp.weekday() >= 5
        expected = self._season.expect(hour, is_weekend, self._points_per_day)
        if not math.isfinite(value):
            return self._answer(0.0, Reason.MISSING, expected)
        views = self._look(value, expected, hour)
        surprise = sum(map(self._rarity, range(_VIEWS), views)) / _VIEWS
        score = self._answer(surprise, self._judge(surprise), expected)
        self._learn(value, expected, hour, is_weekend, views)
        return score

    @property
    def _points_per_day(self) -> float:
        return DAY_SECONDS / self._interval

    def _tick(self, now: float) -> None:
        gap = now - self._clock
        if gap <= 0.0:
            return
        if math.isfinite(gap):
            self._gaps.append(gap)
            self._interval = sorted(self._gaps)[len(self._gaps) // 2]
        self._clock = now

    def _look(self, value: float, expected: float, hour: int) -> tuple[float, ...]:
        residual = self._season.standardize(value, expected)
        step = 2.0 / (_SHORT_POINTS + 1.0)
        self._short += step * (clip(residual, _SHORT_CLIP) - self._short)
        return (
            self._raw.standardize(value),
            residual,
            self._season.by_hour(residual, hour),
            self._short,
        )

    def _rarity(self, view: int, deviation: float) -> float:
        return max(self._up[view].surprise(deviation), self._down[view].surprise(-deviation))

    def _bar(self) -> float:
        return self.surprise + 0.5 * math.log(max(1.0, self._points_per_day))

    def _judge(self, surprise: float) -> Reason:
        if not self._up[0].is_ready:
            return Reason.LEARNING
        if _score(surprise - self._bar()) < self.threshold:
            return Reason.JUDGED
        is_recent = self._clock - self._alert_at < self.repeat_days * DAY_SECONDS
        if is_recent and surprise <= self._alert_surprise + self.repeat_margin:
            return Reason.REPEAT
        self._alert_at, self._alert_surprise = self._clock, surprise
        return Reason.JUDGED

    def _learn(
        self, value: float, expected: float, hour: int, is_weekend: bool, views: tuple[float, ...]
    ) -> None:
        self._raw.learn(value)
        self._season.learn(value, expected, hour, is_weekend, self._points_per_day)
        for up, down, deviation in zip(self._up, self._down, views, strict=True):
            up.learn(deviation)
            down.learn(-deviation)
        self._block_points += 1
        if self._clock - self._block_start >= _BLOCK_SECONDS and self._block_points >= 2:
            for tail in (*self._up, *self._down):
                tail.close_block()
            self._block_start, self._block_points = self._clock, 0

    def _answer(self, surprise: float, reason: Reason, expected: float) -> Score:
        if reason is Reason.LEARNING or not self._up[0].is_ready:
            return Score(0.0, False, math.nan, math.nan, math.nan, reason)
        low, high = self._band(expected)
        score = 0.0 if reason is Reason.MISSING else _score(surprise - self._bar())
        if reason is Reason.REPEAT:
            return Score(0.5 * self.threshold * score, False, expected, low, high, reason)
        return Score(score, score >= self.threshold, expected, low, high, reason)

    def _band(self, expected: float) -> tuple[float, float]:
        spread, bar = self._season.residual.spread, self._bar()
        below = self._down[1].deviation_at(bar) * spread
        above = self._up[1].deviation_at(bar) * spread
        return expected - below, expected + above


def _seconds(timestamp: datetime) -> float:
    aware = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
    return aware.timestamp()


def _score(margin: float) -> float:
    return 1.0 / (1.0 + math.exp(-margin)) if margin > -700.0 else 0.0
