"""Context: what a plan must know about the moment, from fatigue to stock to a new checkout."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from drumbeat.core.campaign.calendar import Days
from drumbeat.core.campaign.text import Line, Slug, Url
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment, Percent


class FatigueLevel(StrEnum):
    """How tired of us a segment is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class FatigueFlag(Noun):
    """A segment that should hear less from us, since when and on what evidence."""

    segment: Slug
    level: FatigueLevel
    since: date
    evidence: Line


class StockState(StrEnum):
    """Whether a product can be sold."""

    IN_STOCK = "in_stock"
    LOW = "low"
    OUT_OF_STOCK = "out_of_stock"


class Availability(Noun):
    """A product's state; ``until`` is when it is expected to change."""

    product: Slug
    state: StockState
    pieces: int | None = Field(default=None, ge=0)
    until: date | None = None


class SalesCycle(Noun):
    """Where the business stands in its own year."""

    stage: Slug
    note: Line
    since: date | None = None


class Season(Days):
    """A season and the change in demand it usually brings, relative to a plain week."""

    id: Slug
    name: Line
    expected: Percent | None = None


class Release(Noun):
    """A change of the website, so that a drop in conversions has a suspect."""

    at: Moment
    what: Line
    pages: tuple[Url, ...] = ()


class ContextFile(Noun):
    """``data/context.yaml``."""

    version: Literal[1]
    fatigue: tuple[FatigueFlag, ...] = ()
    availability: tuple[Availability, ...] = ()
    sales_cycle: SalesCycle | None = None
    seasons: tuple[Season, ...] = ()
    releases: tuple[Release, ...] = ()

    def is_sold_out(self, product: str) -> bool | None:
        """Whether a product is out of stock; None when its state is not declared."""
        found = next((a for a in self.availability if a.product == product), None)
        return None if found is None else found.state is StockState.OUT_OF_STOCK
