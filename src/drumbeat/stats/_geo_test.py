"""Permutation test and interval for a difference in differences between two groups of geos.

The null: which geos were treated does not matter. So the treated labels are dealt again a
thousand times, and the real difference is compared with the dealt ones (Fisher 1935). Nothing is
assumed about noise over time, which is where regressions on time find lifts that are not there.
"""

from dataclasses import dataclass

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._geo_change import Change, settle
from drumbeat.stats._geo_panel import Flags

ALPHA = 0.05
_DEALS = 999
_ROUNDS = 4


@dataclass(frozen=True)
class Difference:
    """Difference of log changes, treated less untreated, with its 95 % interval and p-value."""

    log: float
    low: float
    high: float
    p_value: float

    @property
    def is_claim(self) -> bool:
        return self.p_value <= ALPHA and (self.low > 0 or self.high < 0)


def p_value(seen: Change, treated: Flags) -> float:
    """How often labels dealt at random show as large a difference as the real ones."""
    rest, _ = settle(seen)
    gaps = _gaps(rest, seen.weight, _deals(treated))
    extreme = int((np.abs(gaps[1:]) >= abs(gaps[0]) - 1e-12).sum())
    return (1 + extreme) / (1 + _DEALS)


def difference(seen: Change, treated: Flags) -> Difference:
    """The robust weighted difference; the same input always gives the same answer."""
    dealt = _deals(treated)
    log = _median_gap(seen, treated)
    for _ in range(_ROUNDS):
        rest, kept = settle(seen.less(log, treated))
        log += float(_gaps(rest, seen.weight, dealt[:1])[0]) / kept
    rest, kept = settle(seen.less(log, treated))
    # Residuals fall short by the means and factors fitted to them.
    fitted = 2 + seen.loadings.shape[1]
    wide = np.sqrt(len(treated) / max(len(treated) - fitted, 1)) / kept
    chance = _gaps(rest, seen.weight, dealt[1:]) * wide
    below, above = np.quantile(chance, [ALPHA / 2, 1 - ALPHA / 2])
    p = p_value(seen, treated)
    low, high = float(log - above), float(log - below)
    if p > ALPHA:
        # Where the test cannot tell the difference from none, neither may the interval.
        low, high = min(low, 0.0), max(high, 0.0)
    return Difference(log, low, high, p)


def _deals(treated: Flags) -> Floats:
    """The real labels first, then shuffled ones, as (1 + deals, geos) of 0 and 1."""
    chance = np.random.default_rng(len(treated) * 1_000 + int(treated.sum()))
    shuffled = chance.permuted(np.tile(treated, (_DEALS, 1)), axis=1)
    return np.vstack([treated[None], shuffled]).astype(float)


def _gaps(log: Floats, weight: Floats, labels: Floats) -> Floats:
    # einsum and not @: a product this size would be spread over threads that others hold.
    mass = np.einsum("dg,g->d", labels, weight)
    pull = np.einsum("dg,g->d", labels, weight * log)
    return np.asarray(pull / mass - (weight @ log - pull) / (weight.sum() - mass))


def _median_gap(seen: Change, treated: Flags) -> float:
    inside, outside = (
        _weighted_median(seen.log[arm], seen.weight[arm]) for arm in (treated, ~treated)
    )
    return inside - outside


def _weighted_median(numbers: Floats, weight: Floats) -> float:
    order = np.argsort(numbers)
    share = np.cumsum(weight[order]) / weight.sum()
    half = min(int(np.searchsorted(share, 0.5)), len(order) - 1)
    return float(numbers[order[half]])
