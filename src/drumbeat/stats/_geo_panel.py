"""A panel of geographies by date: long rows checked and laid out."""

from collections.abc import Collection
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._forecast_grid import Column, Days, Floats, NotEnoughData, as_days, as_values
from drumbeat.stats._numbers import as_list, is_missing, on_one_scale

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """``values[g, t]`` is geo ``names[g]`` on ``days[t]``, NaN where no row said anything."""

    names: tuple[str, ...]
    days: Days
    values: Floats

    @property
    def period(self) -> int:
        """Steps in a week: the unit in which windows are kept whole."""
        return 7 if int(np.median(np.diff(self.days).astype(int))) == 1 else 1

    def flags(self, treated: Collection[str]) -> Flags:
        """Which geos are treated. Raises ValueError for unknown names, or where no arm is left."""
        listed = [treated] if isinstance(treated, str) else as_list(treated, "treated")
        wanted = {_name(name) for name in listed}
        unknown = sorted(wanted - set(self.names))
        if unknown:
            raise ValueError(
                f"treated geo {unknown[0]!r} has no rows; there are {shortened(list(self.names))}"
            )
        flags = np.array([name in wanted for name in self.names])
        if not flags.any() or flags.all():
            raise ValueError("both treated and untreated geos are needed")
        return flags

    def step(self, start: Any) -> int:
        """The index of the first date on or after ``start``."""
        day = as_days([start], "start")[0]
        if np.isnat(day):
            raise ValueError("start is no date")
        return int(np.searchsorted(self.days, day))


def lay_out_panel(dates: Column, geos: Column, values: Any) -> Panel:
    """Long rows in any order as a panel; a value of NaN is a missing cell.

    Raises ValueError for unequal lengths, a geo measured twice on one date or unreadable entries.
    """
    days, numbers = as_days(dates), on_one_scale(as_values(values), "values")
    geos = as_list(geos, "geos")
    if not len(days) == len(geos) == len(numbers):
        raise ValueError(
            f"{len(days)} dates, {len(geos)} geos, {len(numbers)} values: not parallel"
        )
    if np.isnat(days).any():
        raise ValueError(f"date {int(np.flatnonzero(np.isnat(days))[0])} is missing")
    every_day, at_day = np.unique(days, return_inverse=True)
    nameless = [at for at, geo in enumerate(geos) if is_missing(geo)]
    if nameless:
        raise ValueError(f"geos: entry {nameless[0]} is missing")
    every_geo, at_geo = np.unique(np.array([_name(geo) for geo in geos]), return_inverse=True)
    if len(every_day) < 2 or len(every_geo) < 2:
        raise NotEnoughData(f"{len(every_geo)} geo(s) on {len(every_day)} date(s) compare nothing")
    cell = at_geo * len(every_day) + at_day
    _refuse_repeats(cell, every_geo, every_day)
    panel = np.full(len(every_geo) * len(every_day), np.nan)
    panel[cell] = numbers
    names = tuple(str(name) for name in every_geo)
    return Panel(names, every_day, panel.reshape(len(every_geo), len(every_day)))


def _name(geo: Any) -> str:
    """Numbers of geos become fractions in a column that misses some: 12.0 is geo 12."""
    whole = isinstance(geo, float | np.floating) and geo.is_integer()
    return str(int(geo) if whole else geo)


def named_by_rows(geos: Column, treated: Any) -> Any:
    """The names of the geos whose rows are flagged, where ``treated`` is such a column of flags."""
    rows, flags = as_list(geos, "geos"), [] if isinstance(treated, str) else treated
    flags = as_list(flags, "treated")
    if len(flags) != len(rows) or not all(isinstance(flag, bool | np.bool_) for flag in flags):
        return treated
    return {geo for geo, is_treated in zip(rows, flags, strict=True) if is_treated}


def _refuse_repeats(cell: NDArray[np.int_], geos: NDArray[np.str_], days: Days) -> None:
    counts = np.bincount(cell)
    if counts.max() > 1:
        geo, day = divmod(int(counts.argmax()), len(days))
        raise ValueError(f"geo {str(geos[geo])!r} has two rows on {days[day]}: sum or drop them")
