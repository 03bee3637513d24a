"""Notices: what people are told; written with its cause, sent afterwards, at least once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from drumbeat.store.trouble_tables import notice

# The way of telling that is always there: the notice itself is what people read.
INBOX = "inbox"


class NoticeState(StrEnum):
    """``folded``: a digest tells of it. ``failed``: given up; the inbox still shows it."""

    WAITING = "waiting"
    SENT = "sent"
    FOLDED = "folded"
    FAILED = "failed"


@dataclass(frozen=True)
class Notice:
    """One person told in one way. ``escalation`` is empty for a digest."""

    id: str
    escalation: str
    campaign: str
    person: str
    via: str
    severity: str
    text: str
    state: NoticeState
    made_at: datetime
    due_at: datetime | None = None
    sent_at: datetime | None = None
    digest: str = ""
    attempt: int = 0
    error: str = ""
    subject: str = ""
    html: str = ""


def add(connection: sa.Connection, made: Notice) -> bool:
    """Keep it; False when this very one is kept already."""
    known = sa.select(notice.c.id).where(notice.c.id == made.id)
    if connection.execute(known).first() is not None:
        return False
    connection.execute(notice.insert(), vars(made))
    return True


def told(connection: sa.Connection, person: str, via: str, since: datetime) -> list[datetime]:
    """When this person was told, or is about to be, in this way: oldest first."""
    query = sa.select(notice.c.made_at).where(
        notice.c.person == person,
        notice.c.via == via,
        notice.c.made_at >= since,
        notice.c.state.in_((NoticeState.SENT, NoticeState.WAITING)),
        notice.c.digest == "",
        # A letter is no call: it takes nobody's attention from what is urgent.
        notice.c.subject == "",
    )
    return [at for (at,) in connection.execute(query.order_by(notice.c.made_at))]


def open_digest(connection: sa.Connection, person: str, via: str) -> Notice | None:
    """The digest that still collects for this person."""
    query = sa.select(notice).where(
        notice.c.person == person,
        notice.c.via == via,
        notice.c.state == NoticeState.WAITING,
        notice.c.escalation == "",
        notice.c.attempt == 0,
    )
    row = connection.execute(query.order_by(notice.c.due_at).limit(1)).mappings().first()
    return _read(row) if row else None


def folded(connection: sa.Connection, digest: str) -> list[Notice]:
    """What a digest tells of, in the order it came."""
    query = sa.select(notice).where(notice.c.digest == digest)
    ordered = query.order_by(notice.c.made_at, notice.c.id)
    return [_read(row) for row in connection.execute(ordered).mappings()]


def due(connection: sa.Connection, now: datetime, limit: int = 200) -> list[Notice]:
    """What is to be sent by now."""
    query = sa.select(notice).where(notice.c.due_at <= now, notice.c.state == NoticeState.WAITING)
    ordered = query.order_by(notice.c.due_at, notice.c.id).limit(limit)
    return [_read(row) for row in connection.execute(ordered).mappings()]


def next_due(connection: sa.Connection) -> datetime | None:
    """When the next one is to be sent."""
    earliest = sa.select(sa.func.min(notice.c.due_at, type_=notice.c.due_at.type))
    return connection.execute(earliest).scalar()


def claim(connection: sa.Connection, seen: Notice, until: datetime, text: str) -> bool:
    """Take one to send it; it comes up again at ``until`` unless it is settled before."""
    return _change(connection, seen, attempt=seen.attempt + 1, due_at=until, text=text)


def settle(
    connection: sa.Connection,
    taken: Notice,
    state: NoticeState,
    *,
    sent_at: datetime | None = None,
    due_at: datetime | None = None,
    error: str = "",
) -> bool:
    """Write what came of an attempt; False where another worker has taken it over."""
    return _change(connection, taken, state=state, sent_at=sent_at, due_at=due_at, error=error)


def of_escalation(connection: sa.Connection, escalation: str) -> list[Notice]:
    """Everything anybody was told about one escalation."""
    query = sa.select(notice).where(notice.c.escalation == escalation)
    ordered = query.order_by(notice.c.made_at, notice.c.id)
    return [_read(row) for row in connection.execute(ordered).mappings()]


def of_person(connection: sa.Connection, person: str, limit: int = 100) -> list[Notice]:
    """A person's inbox, the newest first."""
    query = sa.select(notice).where(notice.c.person == person, notice.c.via == INBOX)
    ordered = query.order_by(notice.c.made_at.desc(), notice.c.id).limit(limit)
    return [_read(row) for row in connection.execute(ordered).mappings()]


def _change(connection: sa.Connection, seen: Notice, **values: object) -> bool:
    done = connection.execute(
        notice.update()
        .where(
            notice.c.id == seen.id,
            notice.c.state == NoticeState.WAITING,
            notice.c.attempt == seen.attempt,
        )
        .values(**values)
    )
    return done.rowcount == 1


def _read(row: sa.RowMapping) -> Notice:
    return Notice(**{**row, "state": NoticeState(row["state"])})
