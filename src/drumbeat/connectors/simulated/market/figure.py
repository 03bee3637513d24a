"""Figures: what platforms report about an object over a stretch of time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Rows
from drumbeat.connectors.simulated.market.sales import countable


class Figure(NamedTuple):
    """One number, by its metric's name. Money is in minor units. No dimensions: the total.

    ``source`` is the system that measured it: what two systems say are two signals.
    """

    metric: str
    value: float
    dimensions: Mapping[str, str] = MappingProxyType({})
    source: str = ""


@dataclass(frozen=True)
class Window:
    """From ``since`` to before ``until``, as known at ``as_of``; hours since the epoch."""

    since: float
    until: float
    as_of: float

    @property
    def end(self) -> float:
        """The last moment whose happenings count."""
        return min(self.until, self.as_of)

    def holds(self, at: Floats) -> Flags:
        """Which moments lie within and are known."""
        return (at >= self.since) & (at < self.end)


def counts(dimensions: Mapping[str, str], **values: float) -> list[Figure]:
    """One figure a value."""
    return [Figure(metric, float(value), dimensions) for metric, value in values.items()]


def measured_by(source: str, figures: Iterable[Figure]) -> list[Figure]:
    """The figures with the system that measured them, where none is named yet."""
    return [
        figure if figure.source else Figure(figure.metric, figure.value, figure.dimensions, source)
        for figure in figures
    ]


def sold(sales: Rows, window: Window, dimensions: Mapping[str, str]) -> list[Figure]:
    """Conversions and revenue of the clicks within a window, as far as they are known.

    Conversions come days after the click they belong to, so these figures still grow.
    """
    mine = sales[window.holds(sales["clicked"]) & countable(sales, window.as_of)]
    return counts(dimensions, conversions=len(mine), revenue=int(mine["value"].sum()))
