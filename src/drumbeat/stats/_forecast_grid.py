"""A regular grid: dates and values as people export them, checked and laid on equal steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._numbers import MOST, as_array, as_list, is_missing

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]
Column = Sequence[Any] | NDArray[Any]

_CADENCES = {1: 7, 7: 1}  # days a step -> steps in a week's cycle

_NO_DATE = (TypeError, ValueError, AttributeError, OverflowError)
_DAY_ZERO = date(1970, 1, 1).toordinal()


class NotEnoughData(ValueError):
    """The series is too short for the horizon asked; the message says how much is needed."""


@dataclass(frozen=True)
class Grid:
    """A series on equal steps: ``values[i]`` belongs to ``start + i * step_days``; a gap is NaN.

    The first and last value are measured; ``unmeasured_tail`` counts the later steps that were
    named without a value.
    """

    start: np.datetime64
    step_days: int
    values: Floats
    unmeasured_tail: int = 0

    @property
    def period(self) -> int:
        """Steps in one weekly cycle: 7 for daily series, 1 for weekly ones."""
        return _CADENCES[self.step_days]

    @property
    def year(self) -> int:
        """Steps in the 364 days after which weekdays line up again."""
        return 364 // self.step_days

    def days(self, first: int, count: int) -> Days:
        """The days of ``count`` steps from step ``first`` on."""
        steps = np.arange(first, first + count) * self.step_days
        return np.asarray(self.start + steps.astype("timedelta64[D]"))


def as_days(dates: Any, what: str = "dates") -> Days:
    """Calendar days of dates, datetimes (their own local day), datetime64 or ISO texts.

    Raises ValueError that says which of ``what`` is none.
    """
    if isinstance(dates, np.ndarray) and dates.dtype.kind == "M":
        return dates.astype("datetime64[D]")
    items = as_list(dates, what)
    if set(map(type, items)) == {np.datetime64}:  # one by one they take two hundred times as long
        return np.array(items, dtype="datetime64[D]")
    try:
        numbers = [_day_number(item) for item in items]
    except _NO_DATE:
        raise _no_date(items, what) from None
    return np.array(numbers, dtype=np.int64).astype("datetime64[D]")


def _no_date(items: list[Any], what: str) -> ValueError:
    for at, item in enumerate(items):
        try:
            _day_number(item)
        except _NO_DATE:
            if is_missing(item):
                return ValueError(f"{what}: entry {at} is missing")
            forms = "a date, a datetime or a text like 2026-03-01"
            return ValueError(f"{what}: entry {at} must be {forms}, got {shortened(item)}")
    raise AssertionError("every entry is a date")


def _day_number(item: Any) -> int:
    """Days since 1970. numpy's own reading of a list of dates takes ten times as long.

    An aware datetime keeps its own wall-clock day: an hour lost to daylight saving moves no day.
    """
    if isinstance(item, date):
        return item.toordinal() - _DAY_ZERO
    if isinstance(item, np.datetime64):
        return int(item.astype("datetime64[D]").astype(np.int64))
    return date.fromisoformat(str(item)[:10]).toordinal() - _DAY_ZERO


def as_values(values: Any) -> Floats:
    """One finite number an entry, or NaN for "not measured". Raises ValueError otherwise."""
    array = as_array(values, "values (of one unit and currency)")
    if array.ndim != 1:
        raise ValueError(f"values must be one column of numbers, got shape {array.shape}")
    if np.isinf(array).any():
        raise ValueError(f"value {int(np.flatnonzero(np.isinf(array))[0])} is infinite")
    if (np.abs(array) > MOST).any():
        row = int(np.flatnonzero(np.abs(array) > MOST)[0])
        raise ValueError(f"value {row} is {array[row]:g}: larger than anything that is counted")
    return array


def lay_out(dates: Column, values: Any) -> Grid:
    """Dates and values on an equal grid of days or of weeks; days without a row become NaN.

    Raises ValueError for unequal lengths, unreadable entries, reversed or repeated dates, or a
    cadence other than daily or weekly; NotEnoughData where nothing tells the cadence.
    """
    days, numbers = as_days(dates), as_values(values)
    if len(days) != len(numbers):
        raise ValueError(f"{len(days)} dates do not pair with {len(numbers)} values")
    if np.isnat(days).any():
        raise ValueError(f"date {int(np.flatnonzero(np.isnat(days))[0])} is missing")
    if len(days) < 2:
        raise NotEnoughData(f"{len(days)} observation(s) are no series to learn from")
    gaps = np.diff(days).astype(int)
    _refuse_disorder(days, gaps, dates)
    step = _cadence(gaps)
    at = np.append(0, np.cumsum(gaps)) // step
    regular = np.full(int(at[-1]) + 1, np.nan)
    regular[at] = numbers
    return _trimmed(days[0], step, regular)


def _refuse_disorder(days: Days, gaps: NDArray[np.int_], dates: Column) -> None:
    wrong = np.flatnonzero(gaps <= 0)
    if not len(wrong):
        return
    at = int(wrong[0])
    if gaps[at] == 0 and len(set(map(str, islice(dates, at, at + 2)))) > 1:
        raise ValueError(f"{days[at]} has several times of day: sum them to one row a day")
    if gaps[at] == 0:
        raise ValueError(f"{days[at]} appears twice: sum or drop the repeated rows")
    raise ValueError(f"{days[at + 1]} comes after {days[at]}: sort the rows by date")


def _cadence(gaps: NDArray[np.int_]) -> int:
    usual = int(np.median(gaps))
    if usual == 1 or (usual == 7 and not (gaps % 7).any()):
        return usual
    raise ValueError(
        f"expected one row a day or one a week, but rows are usually {usual} days apart"
    )


def _trimmed(start: np.datetime64, step: int, values: Floats) -> Grid:
    measured = np.flatnonzero(~np.isnan(values))
    if not len(measured):
        raise NotEnoughData("every value is missing")
    first, last = int(measured[0]), int(measured[-1])
    moved = start + np.timedelta64(first * step, "D")
    return Grid(moved, step, values[first : last + 1], len(values) - 1 - last)
