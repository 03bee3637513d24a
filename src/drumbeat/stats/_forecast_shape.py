"""Shaping a series before it is smoothed: gaps filled, outliers clipped, holidays set apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from drumbeat.stats._forecast_grid import Days, Floats, Grid, as_days

# In robust standard deviations; tuned with the smoothers. A day beyond it still widens the band.
_CLIP_AT = 2.5


def fill(values: Floats, period: int) -> Floats:
    """Gaps take the value one cycle before, the earliest ones the series' median."""
    filled = values.copy()
    for at in np.flatnonzero(np.isnan(values)):
        filled[at] = filled[at - period] if at >= period else np.nanmedian(values)
    return filled


def pattern(values: Floats, period: int) -> Floats:
    """A robust picture of the series: running median of five weeks plus a median weekday."""
    rest = len(values) % period
    rows = values[rest:].reshape(-1, period)
    middle = np.median(rows, axis=1)
    level = np.median(sliding_window_view(np.pad(middle, 2, mode="edge"), 5), axis=1)[:, None]
    index = np.median(rows - level, axis=0)
    drawn = (level + index).ravel()
    return np.append(values[:rest], drawn)


def clip(values: Floats, usual: Floats) -> Floats:
    """The series with single odd days pulled in to its ``usual`` pattern, so that one spike does
    not move the level."""
    distance = values - usual
    spread = 1.4826 * float(np.median(np.abs(distance))) or float(np.mean(np.abs(distance)))
    return np.asarray(usual + np.clip(distance, -_CLIP_AT * spread, _CLIP_AT * spread))


def _special(days: Any) -> Days:
    is_one = isinstance(days, date | str | np.datetime64)
    return as_days([days] if is_one else days, "holidays")


def _on(days: Any, error: ValueError) -> Days:
    """The days of a holiday. Raises ``error`` where neither side of a mapping is days."""
    try:
        return _special(days)
    except ValueError:
        raise error from None


@dataclass(frozen=True)
class Holidays:
    """Known special days, each with the name under which its effect is learned."""

    names: dict[np.datetime64, str]

    @classmethod
    def of(cls, given: Iterable[Any] | Mapping[Any, Any] | None) -> "Holidays":
        """Days alone share one effect; a mapping of day to name, or of name to one day or several,
        learns one effect a name."""
        if not isinstance(given, Mapping):
            return cls(dict.fromkeys(_special([] if given is None else given), ""))
        try:
            return cls(dict(zip(_special(list(given)), map(str, given.values()), strict=True)))
        except ValueError as error:
            named = {day: str(name) for name, days in given.items() for day in _on(days, error)}
            return cls(named)

    def effects(self, grid: Grid, values: Floats) -> dict[str, float]:
        """Mean distance from the usual pattern a name, pulled to that of all holidays by one day.

        On a weekly grid a holiday does not fill its step, so no effect is learned.
        """
        if grid.step_days > 1 or not self.names:
            return {}
        distance = values - pattern(values, grid.period)
        seen: dict[str, list[float]] = {}
        for day, name in self.names.items():
            step = int((day - grid.start).astype(int))
            if 0 <= step < len(values) and not np.isnan(grid.values[step]):
                seen.setdefault(name, []).append(float(distance[step]))
        everything = [one for those in seen.values() for one in those]
        overall = sum(everything) / (len(everything) + 1)
        known = {name: (sum(those) + overall) / (len(those) + 1) for name, those in seen.items()}
        return {name: known.get(name, overall) for name in set(self.names.values())}

    def laid_on(self, days: Days, effects: dict[str, float]) -> Floats:
        """The effect on each of ``days``, zero where none is known."""
        laid = np.zeros(len(days))
        for day, name in self.names.items() if effects else ():
            laid[days == day] = effects[name]
        return laid
