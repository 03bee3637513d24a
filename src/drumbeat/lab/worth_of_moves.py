"""Worth of moves: what a decision about money would have brought, as a range history can bear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import cached_property
from typing import NamedTuple

from drumbeat.core.governance.decision import Decision
from drumbeat.lab.past_field import Past
from drumbeat.stats.allocation import ChannelHistory, FittedCurve, NotIdentified, fit_curves

_DAY = timedelta(days=1)
_DAYS = 7


class Range(NamedTuple):
    """Money moved, in minor units, and the conversions that would have come of it."""

    moved_minor: int
    low: float
    high: float

    def __add__(self, other: object) -> "Range":
        """The sum of two ranges."""
        assert isinstance(other, Range)
        return Range(
            self.moved_minor + other.moved_minor, self.low + other.low, self.high + other.high
        )


@dataclass(frozen=True)
class Responses:
    """How each unit's conversions answer to its spend, where history tells: fitted when asked."""

    past: Past
    _none: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def fitted(self) -> dict[str, FittedCurve | NotIdentified]:
        days = self.past.days
        moments = tuple(days)
        history = {
            unit: ChannelHistory(
                dates=moments,
                spend=[rows.get(day, self._none).get("spend", 0.0) for day in days],
                response=[rows.get(day, self._none).get("conversions", 0.0) for day in days],
            )
            for unit, rows in self.past.units.items()
        }
        return fit_curves(history)

    @property
    def told(self) -> dict[str, str]:
        """For people: the range of the next unit of money, or why it is unknown."""
        return {unit: _told(found) for unit, found in self.fitted.items()}

    def marginal(self, unit: str) -> tuple[float, float] | None:
        """The 95 % range of conversions for one more minor unit a day; None: not identified."""
        found = self.fitted.get(unit)
        if not isinstance(found, FittedCurve):
            return None
        return max(found.marginal_low, 0.0), max(found.marginal_high, 0.0)


def worth_of(one: Decision, past: Past, responses: Responses) -> Range | None:
    """What a change of a unit's money would have brought over the seven days after it.

    Response falls as spend grows, so the next unit brings between nothing and the average; where
    a response is identified its own range is narrower. None where money has no direction, or the
    history ends first.
    """
    if not one.push or one.target not in past.units:
        return None
    day = one.at.astimezone(UTC).date()
    until = day + (_DAYS + 1) * _DAY
    if until - _DAY > past.days[-1]:
        return None
    usual = past.total(one.target, "spend", day - _DAYS * _DAY, day) / _DAYS
    spend = past.total(one.target, "spend", day - _DAYS * _DAY, until)
    brought = past.total(one.target, "conversions", day - _DAYS * _DAY, until)
    if usual <= 0 or spend <= 0:
        return None
    change = one.push * usual * _DAYS
    least, most = responses.marginal(one.target) or (0.0, brought / spend)
    low, high = sorted((change * least, change * most))
    return Range(round(abs(change)), low, high)


def _told(found: FittedCurve | NotIdentified) -> str:
    if isinstance(found, NotIdentified):
        return f"unknown: {found.reason}: {found.detail}"
    low, high = 100 * found.marginal_low, 100 * found.marginal_high
    return f"{low:.3g} to {high:.3g} conversions for one more unit of money"
