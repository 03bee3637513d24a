"""What the same forecast got wrong a year earlier: yearly season without a model of it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._forecast_weights import apply

_YEARS_BACK = 3
_AROUND_DAYS = 7  # origins on each side that are averaged, so that one odd week does not repeat


def last_years_error(
    series: Floats, windows: Floats, weights: Floats, origins: Floats, year: int
) -> Floats:
    """Errors (origins, horizon) of ``weights`` made one to three years before, averaged.

    Zero for origins without a whole year (plus the window) of past behind them.
    """
    horizon, window = weights.shape[1], len(weights)
    around = _AROUND_DAYS if year > 52 else 1
    total, years = np.zeros((len(origins), horizon)), np.zeros(len(origins))
    for back in range(year, year * _YEARS_BACK + 1, year):
        first = max(window, int(origins[0]) - back - around)
        count = min(len(series) - back + around, len(series) - horizon) + 1 - first
        if count < 2 * around + 1:
            break
        came = sliding_window_view(series, horizon)[first : first + count]
        error = came - apply(windows[first - window : first - window + count], weights)
        at = origins - back - around - first
        known = (at >= 0) & (at + 2 * around < count)
        total[known] += _around(error, around)[at[known]]
        years[known] += 1
    return across_a_week(total / np.maximum(years, 1)[:, None])


def _around(errors: Floats, around: int) -> Floats:
    summed = np.vstack([np.zeros(errors.shape[1]), np.cumsum(errors, axis=0)])
    width = 2 * around + 1
    return np.asarray((summed[width:] - summed[:-width]) / width)


def across_a_week(errors: Floats) -> Floats:
    """A running mean of seven steps along the horizon: keeps the season, drops the weekday."""
    padded = np.pad(errors, ((0, 0), (3, 3)), mode="edge")
    return np.asarray(sliding_window_view(padded, 7, axis=1).mean(axis=-1))
