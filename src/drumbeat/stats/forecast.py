"""Forecasts of a daily or weekly series, with intervals measured on its own past.

The forecast is a combination of six linear smoothers (level, weekly index, damped slope, way back
to a slower level) on log1p of the values (on the values themselves where any is negative), each
weighted, for each step ahead, by how well it forecast this series from past origins. From about 19
months of history on, the error the same smoothers made a year (364 days) earlier is added back,
once in part and once in full: that carries yearly season without a model of it. From two years on,
days of the calendar that were odd every year are expected to be so again. Intervals are quantiles
of the errors from past origins, scaled by horizon. Combination of simple forecasts: Bates & Granger
(1969); empirical intervals: Williams & Goodman (1971).

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
from drumbeat.stats._forecast_recurring import recurring
from drumbeat.stats._forecast_shape import Holidays, clip, fill, pattern
from drumbeat.stats._forecast_weights import (
    SMOOTHERS,
    WEEKLY_SMOOTHERS,
    Smoother,
    apply,
    weights,
)
from drumbeat.stats._forecast_year import across_a_week, last_years_error
from drumbeat.stats._numbers import as_list, is_number

__all__ = ["Forecast", "NotEnoughData", "forecast"]

_PAST_ORIGINS = 365


@dataclass(frozen=True)
class _Tuning:
    """What is combined: each smoother, in the longest window it looks at, with each of these shares
    of last year's error added back; and how much the better ones count."""

    smoothers: tuple[Smoother, ...]
    window: int
    last_year: tuple[float, ...]
    sharpness: int


_TUNINGS = {  # by steps in a week's cycle
    7: _Tuning(SMOOTHERS, 210, last_year=(0.3, 1.0), sharpness=8),
    1: _Tuning(WEEKLY_SMOOTHERS, 20, last_year=(0.7,), sharpness=6),
}


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
    mean = mean + past.recurring(grid, ahead)
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
    return min(wanted // period * period, _TUNINGS[period].window)


@dataclass(frozen=True)
class _Past:
    """The series as forecast: ``measured`` transformed with gaps as NaN, ``usual`` cleaned,
    ``distance`` from its pattern with gaps as NaN."""

    measured: Floats
    usual: Floats
    distance: Floats
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
        plain = filled - holiday
        drawn = pattern(plain, grid.period)
        distance = measured - holiday - drawn
        return cls(measured, clip(plain, drawn), distance, holiday, effects, is_log)

    def recurring(self, grid: Grid, ahead: int) -> Floats:
        """What days of the calendar that were odd every year add to the ``ahead`` steps."""
        now = len(self.distance)
        if grid.period == 1 or now + ahead < 2 * grid.year:
            return np.zeros(ahead)
        return recurring(self.distance, grid.start, grid.days(now, ahead))

    def back(self, transformed: Floats) -> Floats:
        return np.maximum(np.expm1(transformed), 0.0) if self.is_log else transformed


def _combine(past: _Past, grid: Grid, window: int, ahead: int) -> tuple[Floats, Floats]:
    """The combined forecast of the ``ahead`` steps, and its errors (origins, ahead) on the past."""
    now = len(past.usual)
    first = max(window, now - ahead - _PAST_ORIGINS)
    origins = np.append(np.arange(first, now - ahead + 1), now)
    tuning = _TUNINGS[grid.period]
    each = [weights(one, window, grid.period, ahead) for one in tuning.smoothers]
    windows = sliding_window_view(past.usual, window)
    seen = windows[origins - window]
    made = np.stack([apply(seen, one) for one in each])
    yearly = last_years_error(past.usual, windows, np.mean(each, axis=0), origins, grid.year)
    if yearly.any():
        made = np.concatenate([made + share * yearly for share in tuning.last_year])
    came = sliding_window_view(past.measured - past.holiday, ahead)[origins[:-1]]
    share = _shares(came - made[:, :-1], grid.period) ** tuning.sharpness
    combined = np.einsum("sh,soh->oh", share / share.sum(axis=0), made)
    return combined[-1], came - combined[:-1]


def _shares(errors: Floats, period: int) -> Floats:
    """How small past errors (smoothers, origins, ahead) were, beside the best at that step ahead.

    Days of a week ahead are judged together; weeks all together, being few.
    """
    size = np.abs(errors)
    known = ~np.isnan(size)
    size = np.where(known, size, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1) + 1e-12
    size = across_a_week(size) if period > 1 else size.mean(axis=1, keepdims=True)
    return np.asarray(size.min(axis=0) / size)
