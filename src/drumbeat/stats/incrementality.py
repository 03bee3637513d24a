"""What a campaign added: geo experiments by difference in differences, and hold-out arms.

Both answer with an interval and say "not proven" or "unknown" where the data do not decide.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any, Literal

import numpy as np

from drumbeat.stats._forecast_grid import Column, Floats, NotEnoughData
from drumbeat.stats._geo_change import measure_change, usable
from drumbeat.stats._geo_panel import Flags, Panel, lay_out_panel, named_by_rows
from drumbeat.stats._geo_test import ALPHA, Difference, difference, p_value
from drumbeat.stats._holdout import ArmInput, HoldoutLift, holdout_lift

__all__ = ["ArmInput", "HoldoutLift", "Lift", "NotEnoughData", "geo_lift", "holdout_lift"]

_MOST_PLACEBOS = 12
_FURTHEST = 100.0  # of a log ratio: beyond all sense, and still a number
# By chance alone one in twenty fails, and neighboring starts fail together.
_PLACEBOS_THAT_MAY_FAIL = 1 / 3


@dataclass(frozen=True)
class Lift:
    """A relative effect (0.02 is +2 %) with its 95 % interval, and what may be claimed.

    ``placebo_false_positive_rate``: share of pretended start dates, all before the real one, at
    which the same treated geos already seem to gain or lose; None where the past is too short to
    pretend any. ``reason`` says in one sentence why the verdict is what it is.
    """

    effect: float
    low: float
    high: float
    placebo_false_positive_rate: float | None
    verdict: Literal["lift", "loss", "not proven"]
    p_value: float
    reason: str


def geo_lift(
    dates: Column,
    geos: Column,
    values: Sequence[float] | Floats,
    treated: Collection[Any],
    start: Any,
) -> Lift:
    """The lift of the ``treated`` geos from ``start`` (the first treated date) to the last date.

    ``dates``, ``geos`` and ``values`` are parallel columns in any order; ``treated`` names geos, or
    is a fourth such column of flags. Difference in differences
    of log means, geos weighted by precision, less what the geos' shared movements, drift and
    weekdays foretell (as far as they do), one-off outliers clipped, inference by dealing the
    treated labels again. Raises ValueError for columns that cannot be read as a panel, and
    NotEnoughData (a ValueError) where fewer than two weeks (four steps of other cadences) lie
    before the start, none after, or an arm has no geo with values on both sides.
    """
    panel = lay_out_panel(dates, geos, values)
    flags, at = panel.flags(named_by_rows(geos, treated)), panel.step(start)
    if at < _least_before(panel) or at >= len(panel.days):
        raise NotEnoughData(
            f"{at} dates before the start and {len(panel.days) - at} from it on: "
            f"at least {_least_before(panel)} and 1 are needed"
        )
    experiment = _Experiment.of(panel, flags, at)
    found, rate = experiment.outcome(), experiment.placebo_rate()
    verdict, reason = _judge(found, rate, experiment.least_chance)
    effect, low, high = np.expm1(np.clip([found.log, found.low, found.high], -_FURTHEST, _FURTHEST))
    return Lift(float(effect), float(low), float(high), rate, verdict, found.p_value, reason)


def _least_before(panel: Panel) -> int:
    return 14 if panel.period == 7 else 4


@dataclass(frozen=True)
class _Experiment:
    """The geos that can be compared, which of them were treated, and from which step on."""

    values: Floats
    treated: Flags
    start: int
    period: int

    @classmethod
    def of(cls, panel: Panel, treated: Flags, start: int) -> "_Experiment":
        largest = np.nanmax(np.abs(panel.values), initial=0.0)
        scaled = panel.values / (largest or 1.0)
        kept = usable(scaled, start)
        values, arm = scaled[kept], treated[kept]
        if not arm.any() or (~arm).sum() < 2:
            raise NotEnoughData(
                "an arm has too few geos with values (and more than zero in sum) on half of the "
                "dates before the start and after it: one treated and two untreated are needed"
            )
        if not (np.nanmax(values, axis=1) - np.nanmin(values, axis=1)).any():
            raise NotEnoughData("no geo ever varied, so there is no measure of chance")
        return cls(values, arm, start, panel.period)

    @property
    def least_chance(self) -> float:
        """The smallest p-value there can be: how rare the real labels are among all deals, taken
        twice where the labels of both arms can change places."""
        geos, treated = len(self.treated), int(self.treated.sum())
        return (2 if 2 * treated == geos else 1) / comb(geos, treated)

    def outcome(self) -> Difference:
        change = measure_change(self.values, self.treated, self.start, self.period)
        return difference(change, self.treated)

    def placebo_rate(self) -> float | None:
        """Share of pretended starts, whole weeks before the real one, that look like an effect."""
        length = min(self.values.shape[1] - self.start, self.start // 3)
        last = self.start - max(length // 2, self.period)
        starts = range(last, 2 * self.period - 1, -self.period)[:_MOST_PLACEBOS]
        claims = [claim for at in starts if (claim := self._placebo(at, length)) is not None]
        return float(np.mean(claims)) if claims else None

    def _placebo(self, at: int, length: int) -> bool | None:
        past = self.values[:, : min(at + length, self.start)]
        kept = usable(past, at)
        arm = self.treated[kept]
        if at < 3 or not arm.any() or (~arm).sum() < 2:
            return None
        change = measure_change(past[kept], arm, at, self.period)
        return p_value(change, arm) <= ALPHA


def _judge(
    found: Difference, rate: float | None, least_chance: float
) -> tuple[Literal["lift", "loss", "not proven"], str]:
    if rate is None:
        return "not proven", "too few dates before the start to try the method where nothing ran"
    if rate > _PLACEBOS_THAT_MAY_FAIL:
        return "not proven", "the treated geos already seemed to change before the start"
    if not found.is_claim and least_chance > ALPHA:
        return "not proven", (
            "with so few geos no difference is beyond chance: labels dealt at random show the "
            f"largest one in {least_chance:.0%} of deals"
        )
    if not found.is_claim:
        return "not proven", "as large a difference is common when geos are labeled at random"
    if found.low > 0:
        return "lift", "the interval lies above zero and the placebos hold"
    return "loss", "the interval lies below zero and the placebos hold"
