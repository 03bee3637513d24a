"""Forecasts of a daily or weekly series, with intervals measured on its own past.

The forecast is a combination of four linear smoothers (level, weekly index, damped slope) on
log1p of the values (on the values themselves where any is negative), each weighted by how well it
forecast this series from past origins. From about 15 months of history on, the error the same
smoothers made a year (364 days) earlier is added back in part: that carries yearly season and
moving holidays without a model of either. Intervals are quantiles of the errors from past origins,
scaled by horizon. Combination of simple forecasts: Bates & Granger (1969); empirical intervals:
Williams & Goodman (1971).

Weeks are few: they are smoothed faster and without a slope, and their intervals are as wide above
as below (on the scale they are forecast on).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from drumbeat.stats._forecast_band import band
from drumbeat.stats._forecast_grid import Column, Floats, Grid, NotEnoughData, lay_out
from drumbeat.stats._forecast_shape import Holidays, clip, fill
from drumbeat.stats._forecast_weights import SMOOTHERS, WEEKLY_SMOOTHERS, apply, weights
from drumbeat.stats._forecast_year import last_years_error
from drumbeat.stats._numbers import as_list, is_number

__all__ = ["Forecast", "NotEnoughData", "forecast"]

_WINDOW_DAYS = 140
_PAST_ORIGINS = 365
_TRUST_IN_LAST_YEAR = 0.7
_SHARPNESS = 6


@dataclass(frozen=True)
class Forecast:
    """What to expect: ``mean`` and, a level in percent, ``low`` and ``high``, one entry a step.

    ``dates`` are the steps that follow the last date given. ``mean`` is the middle of what is
    expected (as likely above as below).
    """

    dates: tuple[date, ...]
    mean: Floats
    low: dict[int, Floats]
    high: dict[int, Floats]


def forecast(
    dates: Column,
    values: Sequence[float] | Floats,
    horizon: int,
    levels: Iterable[int] = (80, 95),
    holidays: Iterable[Any] | Mapping[Any, Any] | None = None,
) -> Forecast:
    """Forecast the ``horizon`` steps (days, or weeks for a weekly series) after the last date.

    ``dates`` ascend, without repeats; days without a row and NaN values are gaps. ``holidays`` are
    past and future special days, or a mapping of day to name or of name to day(s); they matter
    where at least one past one is inside the series. Raises ValueError for input that cannot be
    read as a series, and NotEnoughData (a ValueError) where the past is too short to measure errors
    at this horizon (daily series need ``horizon + 21`` steps, weekly ones ``horizon + 12``) or
    never varied, which says nothing of how far the future may.
    """
    wanted = _checked(horizon, levels)
    grid, special = lay_out(dates, values), Holidays.of(holidays)
    ahead = horizon + grid.unmeasured_tail
    window = _window(grid, ahead)
    past = _Past.of(grid, special)
    mean, errors = _combine(past, grid, window, ahead)
    last = len(past.usual)
    mean = mean + special.laid_on(grid.days(last, ahead), past.effects)
    low, high = band(mean, errors, wanted, is_even=grid.period == 1)
    kept = slice(ahead - horizon, None)
    days = tuple(day.item() for day in grid.days(last, ahead)[kept])
    back = past.back
    return Forecast(
        dates=days,
        mean=back(mean)[kept],
        low={level: back(edge)[kept] for level, edge in low.items()},
        high={level: back(edge)[kept] for level, edge in high.items()},
    )


def _checked(horizon: int, levels: Any) -> tuple[int, ...]:
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or horizon < 1:
        raise ValueError(f"horizon must be a whole number of steps from 1 on, got {horizon!r}")
    wanted = (levels,) if is_number(levels) else tuple(as_list(levels, "levels"))
    wrong = [one for one in wanted if not is_number(one) or not 1 <= one < 100]
    if wrong:
        raise ValueError(f"levels are percentages from 1 to below 100, got {wrong[0]!r}")
    return wanted


def _window(grid: Grid, ahead: int) -> int:
    """Steps of past each forecast looks at: enough is left over to measure errors on."""
    count, period = len(grid.values), grid.period
    shortest, origins = (14, 7) if period == 7 else (8, 4)
    needed = shortest + origins + ahead
    if count < needed:
        raise NotEnoughData(
            f"{count} steps of history cannot judge a forecast {ahead} steps ahead: "
            f"at least {needed} are needed"
        )
    if ahead > grid.year:
        raise ValueError(f"a horizon of {ahead} steps is more than a year")
    measured = int((~np.isnan(grid.values)).sum())
    if measured < needed / 2:
        raise NotEnoughData(f"only {measured} of {count} steps were measured")
    if not np.nanmax(grid.values) - np.nanmin(grid.values):
        raise NotEnoughData(
            f"every value is {grid.values[0]:g}: what never varied does not tell how far it may"
        )
    # Half the past to look at, half to be judged on; while short, rather more to look at.
    room, fewest = count - ahead, shortest + period
    wanted = max(room // 2, min(fewest, room - origins))
    return min(wanted // period * period, _WINDOW_DAYS // grid.step_days)


@dataclass(frozen=True)
class _Past:
    """The series as forecast: ``measured`` transformed with gaps as NaN, ``usual`` cleaned."""

    measured: Floats
    usual: Floats
    holiday: Floats
    effects: dict[str, float]
    is_log: bool

    @classmethod
    def of(cls, grid: Grid, special: Holidays) -> "_Past":
        is_log = not bool((grid.values < 0).any())
        measured = np.log1p(grid.values) if is_log else grid.values
        filled = fill(measured, grid.period)
        effects = special.effects(grid, filled)
        holiday = special.laid_on(grid.days(0, len(filled)), effects)
        return cls(measured, clip(filled - holiday, grid.period), holiday, effects, is_log)

    def back(self, transformed: Floats) -> Floats:
        return np.maximum(np.expm1(transformed), 0.0) if self.is_log else transformed


def _combine(past: _Past, grid: Grid, window: int, ahead: int) -> tuple[Floats, Floats]:
    """The combined forecast of the ``ahead`` steps, and its errors (origins, ahead) on the past."""
    now = len(past.usual)
    first = max(window, now - ahead - _PAST_ORIGINS)
    origins = np.append(np.arange(first, now - ahead + 1), now)
    smoothers = SMOOTHERS if grid.period > 1 else WEEKLY_SMOOTHERS
    each = [weights(one, window, grid.period, ahead) for one in smoothers]
    windows = sliding_window_view(past.usual, window)
    seen = windows[origins - window]
    made = np.stack([apply(seen, one) for one in each])
    yearly = last_years_error(past.usual, windows, np.mean(each, axis=0), origins, grid.year)
    made = made + _TRUST_IN_LAST_YEAR * yearly
    came = sliding_window_view(past.measured - past.holiday, ahead)[origins[:-1]]
    share = _shares(came - made[:, :-1])
    combined = np.tensordot(share, made, 1)
    return combined[-1], came - combined[:-1]


def _shares(errors: Floats) -> Floats:
    """Weights of the smoothers: a sharp power of how small their past errors were."""
    size = np.nanmean(np.abs(errors), axis=(1, 2)) + 1e-12
    raw = (size / size.min()) ** -_SHARPNESS
    return np.asarray(raw / raw.sum())
