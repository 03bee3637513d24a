"""Dues: what wants a tick and when; claimed by lease, committed fenced on a sequence number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import due


@dataclass(frozen=True)
class Due:
    """One subject's place: ``seq`` ticks committed, ``attempt`` failures of the next one."""

    subject: str
    seq: int
    attempt: int
    pokes: int


# Built once: these are asked before and after every tick.
_NOW = sa.bindparam("now", type_=due.c.wake_at.type)
_FREE = sa.or_(due.c.lease_until.is_(None), due.c.lease_until <= _NOW)
_PLACE = due.c.subject, due.c.seq, due.c.attempt, due.c.pokes
_LOAD = Prepared(sa.select(*_PLACE).where(due.c.subject == sa.bindparam("wanted")))
_AT = sa.case((due.c.lease_until > due.c.wake_at, due.c.lease_until), else_=due.c.wake_at)
_SOONEST = sa.type_coerce(sa.func.min(_AT), due.c.wake_at.type)
_NEXT = Prepared(sa.select(_SOONEST).where(due.c.wake_at.is_not(None)))
_FOUND = sa.select(due.c.subject).where(due.c.wake_at <= _NOW, _FREE)
_FOUND = _FOUND.order_by(due.c.wake_at, due.c.subject).limit(sa.bindparam("most"))
# Where there are several workers, each claims what no other is claiming (SQLite has one writer).
_FOUND_HERE = _FOUND.with_for_update(skip_locked=True).cte("found")
_CLAIM = Prepared(
    due.update()
    .where(due.c.subject.in_(sa.select(_FOUND_HERE.c.subject)))
    .values(lease_until=sa.bindparam("lease", type_=due.c.lease_until.type))
    .returning(due.c.wake_at, *_PLACE)
)
_ADD = Prepared(due.insert())
_OF = due.update().where(due.c.subject == sa.bindparam("of"))
_AT_MOMENT = sa.bindparam("moment", type_=due.c.wake_at.type)
_LATER = sa.or_(due.c.wake_at.is_(None), due.c.wake_at > _AT_MOMENT)
_POKE = Prepared(
    _OF.values(pokes=due.c.pokes + 1, wake_at=sa.case((_LATER, _AT_MOMENT), else_=due.c.wake_at))
)
_COMMIT = Prepared(
    _OF.where(due.c.seq == sa.bindparam("taken")).values(
        seq=due.c.seq + 1,
        attempt=0,
        lease_until=None,
        error="",
        # A poke that came in while the tick ran wakes the subject at once.
        wake_at=sa.case(
            (due.c.pokes != sa.bindparam("seen"), _NOW),
            else_=sa.bindparam("planned", type_=due.c.wake_at.type),
        ),
    )
)


class StaleTick(Exception):
    """Another worker has already committed this tick; nothing of this run is kept."""


def schedule_new(connection: sa.Connection, subject: str, at: datetime) -> None:
    """Add a subject; one that is known already stays as it is."""
    if load(connection, subject) is None:
        _add(connection, subject, at)


def schedule(connection: sa.Connection, subject: str, at: datetime) -> None:
    """Add a subject, or wake a known one no later than ``at``."""
    if load(connection, subject) is None:
        _add(connection, subject, at)
    else:
        poke(connection, subject, at)


def _add(connection: sa.Connection, subject: str, at: datetime) -> None:
    row = {"subject": subject, "seq": 0, "attempt": 0, "wake_at": at, "pokes": 0, "error": ""}
    _ADD.run(connection, **row)


def poke(connection: sa.Connection, subject: str, at: datetime) -> None:
    """Wake the subject at ``at`` or earlier, even when its tick is running right now."""
    _POKE.run(connection, of=subject, moment=at)


def wake_cycle(connection: sa.Connection, cycle: str, at: datetime) -> None:
    """Wake a cycle as ``poke`` does; an empty one is that of a change outside any cycle."""
    if cycle:
        poke(connection, f"cycle:{cycle}", at)


def load(connection: sa.Connection, subject: str) -> Due | None:
    """A subject's place as it stands; None for one that was never added."""
    row = _LOAD.first(connection, wanted=subject)
    return Due(*row) if row else None


def claim(connection: sa.Connection, now: datetime, limit: int, lease: timedelta) -> Sequence[Due]:
    """Lease up to ``limit`` of the subjects that are due, the earliest first, ties by subject."""
    rows = _CLAIM.all(connection, now=now, most=limit, lease=now + lease)
    return [Due(*row[1:]) for row in sorted(rows)]


def next_due(connection: sa.Connection) -> datetime | None:
    """When something can next be claimed; a lease in force postpones it."""
    found: datetime | None = _NEXT.scalar(connection)
    return found


def commit(connection: sa.Connection, taken: Due, now: datetime, wake_at: datetime | None) -> None:
    """Close a tick: next sequence number, next wake, no lease. Raises StaleTick when fenced off.

    A poke that came in while the tick ran wakes the subject at once.
    """
    given = {"of": taken.subject, "taken": taken.seq, "seen": taken.pokes}
    if _COMMIT.run(connection, **given, now=now, planned=wake_at) != 1:
        raise StaleTick(taken.subject)


def retry(
    connection: sa.Connection, subject: str, seq: int, attempt: int, at: datetime, error: str
) -> bool:
    """Note a failed attempt and when the next one may run; False when it is stale news."""
    done = connection.execute(
        due.update()
        .where(due.c.subject == subject, due.c.seq == seq, due.c.attempt == attempt)
        .values(attempt=attempt + 1, lease_until=None, wake_at=at, error=error)
    )
    return done.rowcount == 1
