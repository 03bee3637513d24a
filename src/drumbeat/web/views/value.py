"""Values: what a screen may show, each with its unit; filters turn them into words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from drumbeat.core.money import Money, Rate


@dataclass(frozen=True)
class Share:
    """A fraction of a whole (0.312 is 31.2%); ``decimals`` counts those of the percentage."""

    of_one: float
    decimals: int = 1


@dataclass(frozen=True)
class Count:
    """How many; large ones may be shown as 18.2k where there is little room."""

    number: float
    is_short: bool = False


@dataclass(frozen=True)
class Change:
    """A relative change with its sign (0.08 is +8%)."""

    of_one: float
    decimals: int = 0


@dataclass(frozen=True)
class Points:
    """A difference of two shares, in percentage points (0.014 is +1.4 pt)."""

    of_one: float


@dataclass(frozen=True)
class Factor:
    """A multiple of something (3.1 is 3.1x)."""

    times: float


Value = Money | Rate | Share | Count | Change | Points | Factor | timedelta | datetime | str | None


class Tone(StrEnum):
    """How a figure should feel; always beside a word or an icon, never alone."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    COLD = "cold"
    WATCH = "watch"


T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a longer list. ``next`` is the cursor of the page after it, if there is one;
    ``total`` counts all items; it is 0 on a page with items where nobody counted."""

    items: tuple[T, ...] = ()
    next: str | None = None
    total: int = 0
