"""Online anomaly score for one series: how surprising is this value, given what came before?

Seven views of the same value (against the whole past, against this hour, against this hour in this
hour's own spread, three running averages of these and one of their size) each give a tail
probability, in the unit of the series and once more in logs. The root mean square of their logs is
the surprise: what several views find rare together is an anomaly, what one of them finds rare alone
only if it is very rare. Tail probabilities make one threshold mean the same on every series. After
an anomaly the bar is raised and sinks back, so that one event is told once.
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from drumbeat.stats._numbers import MOST, is_missing, is_number, require_numbers
from drumbeat.stats.anomaly_lens import Lens, Look
from drumbeat.stats.anomaly_pace import DAY_SECONDS, Pace
from drumbeat.stats.anomaly_season import Slot, slot_of

if TYPE_CHECKING:
    import numpy as np

# Values of one burst belong into one block: three hours, or six points of a slower series.
_BLOCK_SECONDS = DAY_SECONDS / 8.0
_BLOCK_MOST_SECONDS = DAY_SECONDS / 4.0
_BLOCK_POINTS = 6
_BLOCK_MIN_POINTS = 2
# Counts and prices vary in proportion to their level: how much the logs (of one and the value in
# usual deviations) have to say beside the plain values.
_LOG_SHARE = 0.3
# The surprise that scores one half, see `Detector._half`. At many points a day neighbors tell the
# same event, so the chance per point need not shrink in full proportion; slow series keep the bar
# of one with six points a day.
_HALF_SURPRISE = 3.2
_PER_DAY_POWER = 0.75
_LEAST_PER_DAY = 6.0


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
    point of about 1 in 95 for daily, 1 in 265 for hourly and 1 in 1,700 for 5-minute values in
    the mean of all views; .75 is that squared. For `repeat_days` after an anomaly a further one
    must be more surprising than the first by `repeat_margin` (natural log of chance), less so as
    the days pass.
    """

    threshold: float = 0.5
    repeat_days: float = 2.0
    repeat_margin: float = 4.0
    _plain: Lens = field(default_factory=Lens)
    _logs: Lens = field(default_factory=Lens)
    _unit: float = 0.0
    _pace: Pace = field(default_factory=Pace)
    _block_start: float = -math.inf
    _block_points: int = 0
    _alert_at: float = -math.inf
    _alert_surprise: float = 0.0

    def __post_init__(self) -> None:
        require_numbers(repeat_days=self.repeat_days, repeat_margin=self.repeat_margin)
        if not is_number(self.threshold) or not 0.0 < self.threshold < 1.0:
            raise ValueError(f"threshold is a score between 0 and 1, not {self.threshold!r}")

    def update(self, timestamp: "date | np.datetime64 | str", value: float | None) -> Score:
        """Judge `value`, then learn from it.

        Naive timestamps are read as UTC, a date as its midnight, texts as ISO 8601. What repeats or
        goes back is judged like any other and does not move the clock back. None, NaN, infinite
        values and those beyond any count (1e100) are `MISSING`: score 0, nothing learned. Raises
        ValueError, learning nothing, for a timestamp that is no date and a value that is no number.
        """
        at, value = _moment(timestamp), _measured(value)
        self._pace.tick(at)
        slot = slot_of(at, self._pace.points_per_day)
        if not abs(value) <= MOST:
            return self._answer(0.0, self._plain.season.expect(slot), Reason.MISSING)
        plain, logs = self._plain.look(value, slot), self._look_at_logs(value, slot)
        score = self._judge(self._surprise(plain, logs), plain.expected)
        self._learn(plain, logs)
        return score

    def _look_at_logs(self, value: float, slot: Slot) -> Look | None:
        if self._unit <= 0.0 and self._plain.raw.is_warm:
            self._unit = self._plain.raw.spread
        if self._unit <= 0.0:
            return None
        log = math.copysign(math.log1p(abs(value) / self._unit), value)
        return self._logs.look(log, slot)

    def _surprise(self, plain: Look, logs: Look | None) -> float:
        surprise = self._plain.surprise(plain)
        if logs is None or not self._logs.is_ready:
            return surprise
        return surprise + _LOG_SHARE * (self._logs.surprise(logs) - surprise)

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

    def _learn(self, plain: Look, logs: Look | None) -> None:
        self._plain.learn(plain, self._pace.memory_points)
        if logs is not None:
            self._logs.learn(logs, self._pace.memory_points)
        self._block_points += 1
        length = min(_BLOCK_MOST_SECONDS, max(_BLOCK_SECONDS, _BLOCK_POINTS * self._pace.step))
        elapsed = self._pace.clock - self._block_start
        if elapsed >= length and self._block_points >= _BLOCK_MIN_POINTS:
            self._plain.close_block()
            if logs is not None:
                self._logs.close_block()
            self._block_start, self._block_points = self._pace.clock, 0

    def _answer(self, score: float, expected: float, reason: Reason) -> Score:
        if not self._plain.is_ready:
            unknown = Reason.MISSING if reason is Reason.MISSING else Reason.LEARNING
            return Score(0.0, False, math.nan, math.nan, math.nan, unknown)
        below, above = self._plain.reach(self._half())
        is_anomaly = score >= self.threshold
        return Score(score, is_anomaly, expected, expected - below, expected + above, reason)


def _moment(timestamp: Any) -> datetime:
    # Some libraries' "not a time" passes for a datetime, and differs from itself like NaN.
    if isinstance(timestamp, datetime) and timestamp == timestamp:
        return timestamp
    if isinstance(timestamp, date) and timestamp == timestamp:
        return datetime.combine(timestamp, time.min)
    try:
        if isinstance(timestamp, str):
            return datetime.fromisoformat(timestamp)
        if getattr(getattr(timestamp, "dtype", None), "kind", "") == "M":
            return _moment(timestamp.astype("datetime64[us]").item())
    except (TypeError, ValueError):
        pass
    raise ValueError(
        f"timestamp must be a date, a datetime or a text like 2026-03-01T14:00, got {timestamp!r}"
    )


def _measured(value: Any) -> float:
    if value is None:
        return math.nan
    try:
        if not isinstance(value, str | bytes):
            return float(value)
    except TypeError:
        if is_missing(value):
            return math.nan
    except OverflowError:  # a whole number too large for any float
        return math.inf
    raise ValueError(f"value must be a number, or None where missing, got {value!r}")
