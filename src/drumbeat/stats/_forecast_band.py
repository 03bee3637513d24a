"""Empirical intervals: quantiles of past errors, scaled by horizon and widened where few."""

import numpy as np

from drumbeat.stats._forecast_grid import Floats

# Tomorrow differs from the past more than past days differ among themselves; tuned on rolling
# origins so that 95 % intervals hold 95 % of days (benchmarks/forecast.py).
_WIDENING = 1.1
_WIDENING_WHEN_FEW = 1.5


def band(
    mean: Floats, errors: Floats, levels: tuple[int, ...], *, is_even: bool = False
) -> tuple[dict[int, Floats], dict[int, Floats]]:
    """Low and high edges a level, from ``errors`` (origins, horizon) with NaN where unmeasured.

    ``is_even``: as wide above as below, for errors too few to tell which side they prefer: a
    handful that all lie on one side leave the other without any room.
    """
    blocks = (len(errors) - 1) / errors.shape[1] + 1
    if is_even:
        errors = np.concatenate([errors, -errors])
    scale = _scale(errors)
    relative = errors / np.where(scale > 0, scale, 1.0)
    widening = _WIDENING + _WIDENING_WHEN_FEW / blocks
    low, high = {}, {}
    for level in levels:
        below, above = np.nanquantile(relative, [0.5 - level / 200, 0.5 + level / 200])
        low[level] = mean + widening * min(below, 0.0) * scale
        high[level] = mean + widening * max(above, 0.0) * scale
    return low, high


def _scale(errors: Floats) -> Floats:
    """Mean absolute error a step, drawn as a straight line that never falls."""
    steps = np.arange(errors.shape[1])
    seen = np.abs(errors)
    size = np.nansum(seen, axis=0) / np.maximum((~np.isnan(errors)).sum(axis=0), 1)
    from_mean = steps - steps.mean()
    slope = max(float(from_mean @ size) / float(max(from_mean @ from_mean, 1)), 0.0)
    line = size.mean() + slope * from_mean
    return np.asarray(np.maximum(line, 0.3 * size.mean()))
