"""Permutation test and interval for a difference in differences between two groups of geos.

The null: which geos were treated does not matter. So the treated labels are dealt again a
thousand times, and the real difference is compared with the dealt ones (Fisher 1935). Nothing is
assumed about noise over time, which is where regressions on time find lifts that are not there.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import t as student

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._geo_change import Change
from drumbeat.stats._geo_fit import Fit, fit
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
    pull, mass = fit(seen).pull(_deals(treated))
    size = np.abs(pull) / np.sqrt(mass)
    extreme = int((size[1:] >= size[0] * (1 - 1e-9)).sum())
    return (1 + extreme) / (1 + _DEALS)


def difference(seen: Change, treated: Flags) -> Difference:
    """The robust weighted difference; the same input always gives the same answer."""
    dealt = _deals(treated)
    log = _median_gap(seen, treated)
    for _ in range(_ROUNDS):
        rest = fit(seen.less(log, treated))
        pull, mass = rest.pull(dealt[:1])
        log += float(pull[0] / mass[0]) / rest.kept
    p = p_value(seen, treated)
    low, high = _interval(log, fit(seen.less(log, treated)), dealt, p)
    return Difference(log, low, high, p)


def _interval(log: float, rest: Fit, dealt: Floats, p: float) -> tuple[float, float]:
    """Student's interval or what dealt labels show, whichever is wider: few geos can be dealt in
    few ways. Where the test can tell the difference from none, so must the interval, and where
    it cannot, the interval must not."""
    pull, mass = rest.pull(dealt)
    geos = dealt.shape[1]
    # Residuals fall short by the mean, the effect and the predictors fitted to them.
    free = max(geos - 2 - rest.freedom, 1)
    chance = pull[1:] / np.sqrt(mass[1:] * mass[0]) * np.sqrt(geos / free) / rest.kept
    below, above = (float(one) for one in np.quantile(chance, [ALPHA / 2, 1 - ALPHA / 2]))
    error = float(np.sqrt(rest.variation / free / mass[0])) / rest.kept
    reach = float(student.ppf(1 - ALPHA / 2, free)) * error
    low, high = log - max(above, reach), log + max(-below, reach)
    if p > ALPHA:
        return min(low, 0.0), max(high, 0.0)
    return (low, high) if low > 0 or high < 0 else (log - above, log - below)


def _deals(treated: Flags) -> Floats:
    """The real labels first, then shuffled ones, as (1 + deals, geos) of 0 and 1."""
    return _dealt(treated.tobytes())


@lru_cache(maxsize=2)  # The real start and all pretended ones mostly have the same geos.
def _dealt(arms: bytes) -> Floats:
    treated = np.frombuffer(arms, dtype=bool)
    chance = np.random.default_rng(len(treated) * 1_000 + int(treated.sum()))
    shuffled = chance.permuted(np.tile(treated, (_DEALS, 1)), axis=1)
    return np.vstack([treated[None], shuffled]).astype(float)


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
