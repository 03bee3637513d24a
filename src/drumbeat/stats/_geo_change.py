"""How much each geo changed from before a date to after, and how exactly that is known."""

from dataclasses import dataclass

import numpy as np

from drumbeat.stats._forecast_grid import Floats, NotEnoughData
from drumbeat.stats._geo_panel import Flags
from drumbeat.stats._geo_predictors import predictors

_TAILS = 2.0
_UNFORETOLD = 1 / 3


@dataclass(frozen=True)
class Change:
    """Each geo's log change, its precision weight, and groups of columns that may foretell it."""

    log: Floats
    weight: Floats
    predictors: tuple[Floats, ...]

    def less(self, effect: float, treated: Flags) -> "Change":
        return Change(self.log - effect * treated, self.weight, self.predictors)


def usable(values: Floats, start: int) -> Flags:
    """Geos measured on at least half the dates on each side, with more than nothing to measure."""
    sides = (values[:, :start], values[:, start:])
    seen = [(~np.isnan(side)).mean(axis=1) >= 0.5 for side in sides]
    sold = [np.nansum(side, axis=1) > 0 for side in sides]
    return np.asarray(np.logical_and.reduce([*seen, *sold]))


def measure_change(values: Floats, treated: Flags, start: int, period: int) -> Change:
    """Log ratio of each geo's mean from ``start`` on to that of all steps before.

    The swing all geos share is taken out first, so missing cells do no harm. Weights are inverse
    variances: the geo's own noise before the start, plus a third of the variance between geos
    that noise does not explain (DerSimonian & Laird 1986; predictors and clipping see to most of
    the rest), so that neither one big city nor many tiny towns decide.
    """
    level = np.nanmean(values[:, :start], axis=1)
    relative = _without_swing(values, level)
    before, after = relative[:, :start], relative[:, start:]
    log = np.log(_mean(after)) - np.log(_mean(before))
    noise = _noise(before, level) * (1 / start + 1 / after.shape[1])
    weight = 1 / (noise + _UNFORETOLD * _between(log, noise))
    return Change(log, weight, predictors(relative, treated, start, period))


def _mean(relative: Floats) -> Floats:
    """The mean of each geo. One that sold nothing counts as half a usual step: that much may
    have been missed by chance."""
    seen = (~np.isnan(relative)).sum(axis=1)
    if (seen == 0).any():
        raise NotEnoughData("no geo sold anything on the dates that one of them was measured on")
    return np.asarray(np.maximum(np.nansum(relative, axis=1), 0.5) / seen)


def _without_swing(values: Floats, level: Floats) -> Floats:
    share = np.where(np.isnan(values), 0.0, level[:, None])
    swing = np.nansum(values, axis=0) / np.maximum(share.sum(axis=0), 1e-300)
    return np.asarray(values / level[:, None] / np.where(swing > 0, swing, np.nan))


def _noise(before: Floats, level: Floats) -> Floats:
    """Each geo's variance, drawn to what geos of its size have by as much as chance alone makes
    variances differ (Smyth 2004); sales have heavier tails than the normal, hence twice that."""
    own = np.nanvar(before, axis=1)
    own = np.log(np.maximum(own, max(1e-3 * float(np.median(own)), 1e-12)))
    usual = np.full(len(own), own.mean())
    if np.ptp(level) >= 1e-9 * level.max():
        slope, base = np.polyfit(np.log(level), own, 1)
        usual = base + slope * np.log(level)
    spread = float(((own - usual) ** 2).mean())
    by_chance = _TAILS * 2 / max(before.shape[1] - 1, 1)
    share = min(1.0, by_chance / max(spread, 1e-12))
    return np.asarray(np.exp((1 - share) * own + share * usual))


def _between(log: Floats, noise: Floats) -> float:
    weight = 1 / noise
    off = log - weight @ log / weight.sum()
    free = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((weight @ off**2 - (len(log) - 1)) / free))
