"""Today: what needs attention, what changed, what is running."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from drumbeat.web.views.campaign import CampaignRow
from drumbeat.web.views.change import ChangeRow
from drumbeat.web.views.decision import QueueItem
from drumbeat.web.views.shell import Person
from drumbeat.web.views.trouble import TroubleRow
from drumbeat.web.views.value import Page


@dataclass(frozen=True)
class TodayView:
    """``changed`` counts what happened since ``last_seen`` (None: the first visit);
    ``next_up`` says what is expected next, for the day on which nothing waits; ``watching`` names
    the connections in use through which nothing goes out yet."""

    attention: Page[QueueItem]
    changes: tuple[ChangeRow, ...]
    running: Page[CampaignRow]
    running_count: int
    frozen_count: int
    changed: int
    last_seen: datetime | None = None
    next_up: str = ""
    troubles: Page[TroubleRow] = field(default_factory=Page)
    watching: tuple[str, ...] = ()

    @property
    def pressing(self) -> tuple[QueueItem | TroubleRow, ...]:
        """Escalations and decisions in one list, the nearest deadline first; what has none, and
        what somebody has in hand already, comes after them."""
        return tuple(sorted((*self.troubles.items, *self.attention.items), key=_deadline))


def _deadline(one: QueueItem | TroubleRow) -> tuple[bool, datetime, str]:
    at = one.due if isinstance(one, QueueItem) else one.next_at
    return at is None, at or _LATE, one.id


_LATE = datetime.max.replace(tzinfo=UTC)


class TodayReads(Protocol):
    """What Today and the API need: all of the first page in one reading, so that its parts agree.
    Asking counts as the person's look."""

    def today(self, person: Person, *, mine: bool, after: str | None, limit: int) -> TodayView:
        """``mine`` keeps what this person owns; ``after`` and ``limit`` page the campaigns."""
        ...
