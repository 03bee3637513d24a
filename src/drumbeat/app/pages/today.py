"""Today: what needs attention, what changed since the last look, and what is running."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import sqlalchemy as sa

from drumbeat.app.pages.changes import KINDS, Changes
from drumbeat.app.pages.decisions import Decisions
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.rows import Rows
from drumbeat.app.pages.standing import standing_of
from drumbeat.app.pages.troubles import TroubleDesk
from drumbeat.app.pages.upcoming import next_up
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.gate import internal
from drumbeat.store import ledger
from drumbeat.web.views.campaign import Status
from drumbeat.web.views.shell import Person
from drumbeat.web.views.today import TodayView
from drumbeat.web.views.value import Page

# Of the changes more than a page has room for: alike ones become one line.
_ATTENTION, _TROUBLES, _CHANGES = 5, 3, 48
# A page that refreshes itself is one look; after so long away (real time) it is a new one.
_AWAY = timedelta(minutes=10)
_RUNNING = frozenset({Status.RUNNING, Status.NEEDS_YOU, Status.OBSERVING})


@dataclass
class _Look:
    """The present look of one person, and where the look before it ended."""

    real: datetime
    at: datetime
    number: int
    before: tuple[datetime, int] | None = None


@dataclass
class Looks:
    """When each person last looked, as long as this process lives. ``clock`` is the real time."""

    clock: Callable[[], datetime]
    _known: dict[str, _Look] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def last(self, person: str, at: datetime, number: int) -> tuple[datetime, int] | None:
        """The moment and the ledger's length at the end of the look before this one."""
        with self._lock:
            real = self.clock()
            known = self._known.get(person)
            if known is None:
                self._known[person] = _Look(real, at, number)
                return None
            if real - known.real > _AWAY:
                known.before = (known.at, known.number)
            known.real, known.at, known.number = real, at, number
            return known.before


@dataclass(frozen=True)
class Today:
    """What waits, runs and changed, for one person. To look is remembered by ``looks``: the next
    page counts what changed since they were last away."""

    ground: Ground
    decisions: Decisions
    changes: Changes
    rows: Rows
    looks: Looks
    troubles: TroubleDesk

    def today(self, person: Person, *, mine: bool, after: str | None, limit: int) -> TodayView:
        ground = self.ground
        own = frozenset(n for n in ground.campaigns if ground.owner(n) == person.id)
        with ground.app.database.read() as connection:
            standing = standing_of(ground, connection)
            names = [n for n in standing.ordered() if not mine or n in own]
            counts = Counter(standing.status(name) for name in names)
            start = int(after) if after and after.isdecimal() else 0
            page = names[start : start + limit]
            end = start + len(page)
            attention = self.decisions.waiting(
                connection, person, limit=_ATTENTION, campaigns=own if mine else None
            )
            changed, seen = self._changed(connection, person)
            return TodayView(
                attention=attention,
                changes=self.changes.latest(connection, _CHANGES),
                running=Page(
                    self.rows.of(connection, standing, page),
                    str(end) if end < len(names) else None,
                    len(names),
                ),
                running_count=sum(counts[status] for status in _RUNNING),
                frozen_count=counts[Status.FROZEN],
                changed=changed,
                last_seen=seen,
                next_up="" if attention.total else next_up(ground),
                troubles=self.troubles.page(
                    connection, limit=_TROUBLES, campaigns=own if mine else None
                ),
                watching=self._watching(connection),
            )

    def _watching(self, connection: sa.Connection) -> tuple[str, ...]:
        """The connections in use that only watch: a new workspace begins with all of them so."""
        modes = internal.modes(self.ground.app.gate.door, connection)
        used = {name for one in self.ground.campaigns.values() for name in one.connection.values()}
        return tuple(sorted(n for n in used if modes.get(n) is not ConnectionMode.LIVE))

    def _changed(self, connection: sa.Connection, person: Person) -> tuple[int, datetime | None]:
        number = ledger.number(connection)
        before = self.looks.last(person.id, self.ground.now, number)
        if before is None:
            return 0, None
        at, seen = before
        return ledger.count(connection, kinds=KINDS, since=seen), at
