"""Usual: what a day's value normally is, from the days before it, without being pulled along by
the odd one."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from drumbeat.web.views.campaign import Spark

# A day is held against up to so many days before it, and against none with fewer than so many.
_BEHIND, _LEAST = 14, 5
# The median absolute deviation of a normal distribution is 1 / 1.4826 of its standard deviation.
_TO_SIGMA = 1.4826
_REACH = 2.0


def spark_of(values: Sequence[float]) -> Spark:
    """The values with the range of two standard deviations around the median of the days before.
    Days with too few before them take the first range there is."""
    ranges = [_range(values[max(0, at - _BEHIND) : at]) for at in range(len(values))]
    first = next((one for one in ranges if one is not None), None)
    if first is None:
        return Spark(tuple(values))
    known = [one or first for one in ranges]
    low, high = tuple(one[0] for one in known), tuple(one[1] for one in known)
    outside = tuple(
        at
        for at, value in enumerate(values)
        if ranges[at] is not None and not low[at] <= value <= high[at]
    )
    return Spark(tuple(values), low, high, outside)


def sigmas(values: Sequence[float]) -> float | None:
    """How many standard deviations the last value is from the median of those before it; None
    where they are too few, or where most are alike and this one is outside of them all."""
    before = values[-1 - _BEHIND : -1]
    if len(before) < _LEAST:
        return None
    spread = _spread(before)
    if not spread:
        return 0.0 if min(before) <= values[-1] <= max(before) else None
    return abs(values[-1] - median(before)) / spread


def typical(spans: Sequence[timedelta]) -> timedelta | None:
    """The median of some lengths of time; None of none."""
    seconds = [one.total_seconds() for one in spans]
    return timedelta(seconds=median(seconds)) if seconds else None


def _range(before: Sequence[float]) -> tuple[float, float] | None:
    if len(before) < _LEAST:
        return None
    middle, reach = median(before), _REACH * _spread(before)
    if not reach:
        # Most days are alike, as with one mail a week: what has been seen at all is usual.
        return min(before), max(before)
    return max(0.0, middle - reach), middle + reach


def _spread(before: Sequence[float]) -> float:
    middle = median(before)
    return _TO_SIGMA * median([abs(value - middle) for value in before])
