"""Days of the calendar that were odd every year: holidays nobody named."""

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._forecast_grid import Days, Floats

_YEARS_BACK = 3
_AGREEING = 2  # years; an odd day of one year alone was as often chance (benchmarks/forecast.py)
_ODD_AT = 3.0  # spreads from the usual pattern
_TRUST = 0.9


def recurring(distance: Floats, start: np.datetime64, days: Days) -> Floats:
    """What each of the coming ``days`` is expected to differ from the usual pattern.

    ``distance`` is how far each day from ``start`` on was from it, NaN where unmeasured. A coming
    day differs where the same date (25 December), or the same weekday of the month (its fourth
    Thursday), was odd in the same direction in every one of the last two or three years; the
    smallest of those distances counts. Zero elsewhere, and in a past of less than two years.
    """
    size = np.abs(distance[~np.isnan(distance)])
    # Of the upper tail rather than the middle: a series of many odd days has no odd day.
    spread = float(np.quantile(size, 0.9)) / 1.645
    years = np.arange(1, _YEARS_BACK + 1)[:, None]
    same = _same_days(days, years)
    date, weekday = (_agreed(_at(distance, start, then), spread) for then in same)
    return _TRUST * np.where(np.abs(weekday) > np.abs(date), weekday, date)


def _same_days(days: Days, years: NDArray[np.int_]) -> tuple[Days, Days]:
    """The days' dates, and their weekdays of the month, so many years earlier (years, days)."""
    month = days.astype("datetime64[M]")
    since_first = (days - month.astype("datetime64[D]")).astype(int)
    then = month - 12 * years
    first = then.astype("datetime64[D]")
    to_weekday = (days - first).astype(int) % 7
    weekday = first + to_weekday + since_first // 7 * 7
    weekday[weekday.astype("datetime64[M]") != then] = np.datetime64("NaT")
    return first + since_first, weekday


def _at(distance: Floats, start: np.datetime64, days: Days) -> Floats:
    """``distance`` on ``days``; NaN for days that are none or lie outside it."""
    at = np.where(np.isnat(days), -1, (days - start).astype(int))
    inside = (at >= 0) & (at < len(distance))
    return np.where(inside, distance[np.where(inside, at, 0)], np.nan)


def _agreed(distance: Floats, spread: float) -> Floats:
    """The smallest ``distance`` of each day's years where all that are known are odd alike."""
    known = ~np.isnan(distance)
    up, down = distance > _ODD_AT * spread, distance < -_ODD_AT * spread
    odd = (up | ~known).all(axis=0) | (down | ~known).all(axis=0)
    agreed = odd & (known.sum(axis=0) >= _AGREEING)
    smallest = np.where(known, np.abs(distance), np.inf).argmin(axis=0)
    return np.where(agreed, distance[smallest, np.arange(distance.shape[1])], 0.0)
