"""Linear forecasts as weight matrices: a window of the past times a matrix is a forecast.

Each forecast is a simple exponential smoothing of the level, a weekly index (Winters 1960, here
the exponentially weighted mean of each weekday's distance from its week) and, optionally, a damped
local slope (Gardner & McKenzie 1985) or a way back to a slower level, as a first-order
autoregression takes it. Being linear, one product forecasts from hundreds of past
origins at once, which is what makes honest intervals cheap.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from drumbeat.stats._forecast_grid import Floats

_ONE_THREAD = 250_000  # multiplications below which OpenBLAS stays on the calling thread


@dataclass(frozen=True)
class Smoother:
    """Decay rates of one simple forecast: level a step, weekly index a week, slope a step.

    With ``home``, the rate of a slower level, only ``staying`` of the distance between the two is
    still expected a step later: what is unusual now passes.
    """

    level: float
    index: float
    slope: float = 0.0
    damping: float = 0.8
    home: float = 0.0
    staying: float = 0.8


# From nearly all of the window to the last days, one that follows a trend and one that comes back
# from it; chosen on rolling origins of public daily series, where their combination beat each alone
# (benchmarks/forecast.py).
SMOOTHERS = (
    Smoother(level=0.02, index=0.03),
    Smoother(level=0.05, index=0.05),
    Smoother(level=0.15, index=0.1),
    Smoother(level=0.5, index=0.2),
    Smoother(level=0.05, index=0.05, slope=0.01, damping=0.9),
    Smoother(level=0.7, index=0.2, home=0.05, staying=0.8),
)

# Weeks are few, and what they are measured by changes more often than they trend: slow, medium
# and nearly "as last week", and no slope, which overshoots after every shift of the level.
WEEKLY_SMOOTHERS = (
    Smoother(level=0.15, index=0.05),
    Smoother(level=0.5, index=0.05),
    Smoother(level=0.9, index=0.05),
)


@lru_cache(maxsize=96)
def weights(smoother: Smoother, window: int, period: int, horizon: int) -> Floats:
    """The (window, horizon) matrix of a smoother; ``window`` is a whole number of periods."""
    index = _index_weights(smoother.index, window, period)
    level = _without_index(_decay(smoother.level, window), index)
    forecast = level[:, None] + index[:, np.arange(horizon) % period]
    if smoother.home:
        home = _without_index(_decay(smoother.home, window), index)
        left = smoother.staying ** np.arange(1, horizon + 1)
        forecast = forecast + (home - level)[:, None] * (1 - left)
    if smoother.slope:
        forecast = forecast + _slope_weights(smoother, index)[:, None] * _reach(smoother, horizon)
    forecast.setflags(write=False)
    return forecast


def apply(windows: Floats, matrix: Floats) -> Floats:
    """``windows @ matrix``, in pieces: a whole product this size would be spread over threads,
    which costs twenty times the arithmetic when other processes hold the cores."""
    rows = max(1, _ONE_THREAD // matrix.size)
    pieces = [windows[at : at + rows] @ matrix for at in range(0, len(windows), rows)]
    return np.concatenate(pieces)


def _decay(rate: float, count: int) -> Floats:
    raw = (1 - rate) ** np.arange(count)[::-1]
    return np.asarray(raw / raw.sum(), dtype=float)


def _index_weights(rate: float, window: int, period: int) -> Floats:
    weeks = np.repeat(_decay(rate, window // period), period)
    same_weekday = np.arange(window)[:, None] % period == np.arange(period)
    return np.asarray(weeks[:, None] * (same_weekday - 1 / period), dtype=float)


def _without_index(on_series: Floats, index: Floats) -> Floats:
    """Weights on the raw window that act as ``on_series`` does on the window less its index."""
    period = index.shape[1]
    share = on_series.reshape(-1, period).sum(axis=0)
    return np.asarray(on_series - index @ share, dtype=float)


def _slope_weights(smoother: Smoother, index: Floats) -> Floats:
    window = len(index)
    near, steps = _decay(smoother.slope, window), np.arange(window)
    from_mean = steps - near @ steps
    return _without_index(near * from_mean / (near @ from_mean**2), index)


def _reach(smoother: Smoother, horizon: int) -> Floats:
    """How many steps of slope each horizon is worth: the smoothed level's lag, then damped."""
    lag = 1 / (1 - smoother.damping)
    return np.asarray(lag + np.cumsum(smoother.damping ** np.arange(1, horizon + 1)), dtype=float)
