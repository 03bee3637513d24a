"""Calendar: what goes out when, on every channel, with its gaps, its pressure and its freezes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from drumbeat.core.governance.action import Channel


class ItemStatus(StrEnum):
    """How far a calendar item is; a freeze hides that it waits for approval, for it cannot go
    out."""

    SENT = "sent"
    SCHEDULED = "scheduled"
    NEEDS_APPROVAL = "needs approval"
    DRAFT = "draft"
    FROZEN = "frozen"
    OBSERVED = "observe only"


@dataclass(frozen=True)
class CalendarItem:
    """One send, post or change of ads. ``can_move`` is false once it has gone out."""

    id: str
    at: datetime
    title: str
    channel: Channel
    campaign_id: str
    campaign: str
    status: ItemStatus
    asset_id: str = ""
    proposal_id: str = ""
    can_move: bool = False


@dataclass(frozen=True)
class Gap:
    """A day the plan wanted something on and nothing is there."""

    day: date
    text: str


@dataclass(frozen=True)
class Pressure:
    """People who would get more messages on a day than the limit allows."""

    day: date
    text: str
    proposal_id: str = ""


@dataclass(frozen=True)
class CalendarView:
    """What goes out in a span of days, in order of time. ``gaps`` are days on which a cycle put out
    nothing, ``days_off`` those on which a campaign's own calendar lets nothing out."""

    items: tuple[CalendarItem, ...]
    gaps: tuple[Gap, ...] = ()
    pressure: tuple[Pressure, ...] = ()
    days_off: tuple[Gap, ...] = ()


class CalendarReads(Protocol):
    """What the calendar needs of the cycles: everything that went out or will, on every channel."""

    def calendar(self, first: date, last: date) -> CalendarView:
        """Both days belong to it, in the workspace's zone; items in order of time."""
        ...
