"""Escalations: what is wrong and whose it is, until somebody resolves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.store import dues
from drumbeat.store.trouble_tables import escalation

# The auditor's place among what is due: woken with every next step that is written down.
AUDIT = "audit"
# A step this late was missed, whatever the reason.
GRACE = timedelta(minutes=5)
_RESOLVED = "resolved"
_AT = escalation.c.next_at
# Built once: this is asked at every look.
_NOW = sa.bindparam("now", type_=_AT.type)
_NEXT = sa.select(sa.func.min(_AT, type_=_AT.type)).where(_NOW < _AT)
_OVERDUE = sa.select(escalation).where(_NOW >= _AT, escalation.c.state != _RESOLVED).order_by(_AT)

_OPEN = sa.select(escalation).where(escalation.c.state != _RESOLVED)
_BY_DUE = _OPEN.order_by(escalation.c.due_at, escalation.c.id)
_DUE = sa.select(escalation).where(_NOW >= _AT).order_by(_AT, escalation.c.id)
_OLDEST = escalation.c.opened_at, escalation.c.id
_OPEN_OF_KIND = _OPEN.where(escalation.c.kind == sa.bindparam("noticed")).order_by(*_OLDEST)
_OPEN_OF_CYCLE = _OPEN.where(escalation.c.cycle == sa.bindparam("about")).order_by(*_OLDEST)


@dataclass(frozen=True)
class EscalationRow:
    """``state``: open, acknowledged, snoozed or resolved. ``failure`` is the class that chose the
    owner. ``position`` is the next step of its ladder, due at ``next_at``; ``due_at`` is by when
    somebody should have answered. ``detail`` holds the ladder and what else was kept with it.
    """

    id: str
    campaign: str
    cycle: str
    failure: str
    severity: str
    owner: str
    state: str
    text: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    detail: Any
    kind: str = "stage"
    position: int = 0
    next_at: datetime | None = None
    answered_by: str = ""
    leader: str = ""
    inhibited_by: str = ""


def open_one(connection: sa.Connection, row: EscalationRow) -> bool:
    """Open it; False when this very one is open already."""
    known = sa.select(escalation.c.state).where(escalation.c.id == row.id)
    state = connection.execute(known).scalar()
    if state is not None and state != _RESOLVED:
        return False
    connection.execute(escalation.delete().where(escalation.c.id == row.id))
    connection.execute(escalation.insert(), vars(row))
    _audit_after(connection, row.next_at)
    return True


def load(connection: sa.Connection, escalation_id: str) -> EscalationRow | None:
    """One escalation as it stands; None for an id nobody opened."""
    query = sa.select(escalation).where(escalation.c.id == escalation_id)
    row = connection.execute(query).mappings().first()
    return EscalationRow(**row) if row else None


def take(connection: sa.Connection, seen: EscalationRow, **changes: Any) -> bool:
    """Change it where it still stands as it was seen; of several workers only one does."""
    same_time = (
        escalation.c.next_at.is_(None)
        if seen.next_at is None
        else escalation.c.next_at == seen.next_at
    )
    done = connection.execute(
        escalation.update()
        .where(
            escalation.c.id == seen.id,
            escalation.c.state == seen.state,
            escalation.c.position == seen.position,
            same_time,
        )
        .values(**changes)
    )
    if done.rowcount != 1:
        return False
    _audit_after(connection, changes.get("next_at"))
    return True


def _audit_after(connection: sa.Connection, next_at: datetime | None) -> None:
    if next_at is not None:
        dues.schedule(connection, AUDIT, next_at + GRACE)


def due(connection: sa.Connection, now: datetime) -> list[EscalationRow]:
    """Those whose next step is due, the longest waiting first."""
    return _all(connection, _DUE, {"now": now})


def of_incident(connection: sa.Connection, incident: str) -> list[EscalationRow]:
    """Everything that is or was part of one incident, the oldest first."""
    text = sa.type_coerce(escalation.c.detail, sa.Text)
    about = sa.select(escalation).where(text.contains(f'"incident":"{incident}"'))
    return _all(connection, about.order_by(escalation.c.opened_at))


def of_kind(connection: sa.Connection, kind: str) -> list[EscalationRow]:
    """What is open and was noticed in one place, the oldest first."""
    return _all(connection, _OPEN_OF_KIND, {"noticed": kind})


def next_after(connection: sa.Connection, now: datetime) -> datetime | None:
    """When a step of any of them is next due, after ``now``."""
    return connection.execute(_NEXT, {"now": now}).scalar()


def overdue(connection: sa.Connection, before: datetime) -> list[EscalationRow]:
    """Those whose next step should have been done by a moment: somebody was not told."""
    return _all(connection, _OVERDUE, {"now": before})


def beside(
    connection: sa.Connection, campaign: str, failure: str, severity: str
) -> list[EscalationRow]:
    """What a new failure is held against: those like it that lead a group, and lost connections."""
    like = sa.and_(
        escalation.c.campaign == campaign,
        escalation.c.failure == failure,
        escalation.c.severity == severity,
        escalation.c.leader == "",
    )
    return _open_where(connection, sa.or_(like, escalation.c.kind == "connection"))


def members(connection: sa.Connection, leader: str) -> list[EscalationRow]:
    """What is open and was grouped under another escalation, the oldest first."""
    return _open_where(connection, escalation.c.leader == leader)


def inhibited(connection: sa.Connection, by: str) -> list[EscalationRow]:
    """What is open and was held back because another escalation explains it."""
    return _open_where(connection, escalation.c.inhibited_by == by)


def of_cycle(connection: sa.Connection, cycle: str) -> list[EscalationRow]:
    """What is open about one cycle."""
    return _all(connection, _OPEN_OF_CYCLE, {"about": cycle})


def close(connection: sa.Connection, escalation_id: str, at: datetime) -> bool:
    """Resolve it; False where that was done before."""
    done = connection.execute(
        escalation.update()
        .where(escalation.c.id == escalation_id, escalation.c.state != _RESOLVED)
        .values(state=_RESOLVED, closed_at=at, next_at=None)
    )
    return done.rowcount == 1


def all_open(connection: sa.Connection) -> list[EscalationRow]:
    """Everything that is not resolved, the soonest due first."""
    return _all(connection, _BY_DUE)


def last_critical(connection: sa.Connection, campaign: str) -> datetime | None:
    """When the latest critical one was opened: of a campaign, or of any where it is empty."""
    is_its = sa.true() if not campaign else escalation.c.campaign == campaign
    opened = sa.select(sa.func.max(escalation.c.opened_at, type_=escalation.c.opened_at.type))
    found: datetime | None = connection.execute(
        opened.where(is_its, escalation.c.severity == "critical")
    ).scalar()
    return found


def open_about(connection: sa.Connection, campaigns: Sequence[str]) -> list[EscalationRow]:
    """What is open about some campaigns; the empty name stands for the workspace itself."""
    return _open_where(connection, escalation.c.campaign.in_(campaigns))


def everything(connection: sa.Connection) -> list[EscalationRow]:
    """Every escalation there ever was, the oldest first."""
    return _all(connection, sa.select(escalation).order_by(escalation.c.opened_at))


def _open_where(
    connection: sa.Connection, condition: sa.ColumnElement[bool]
) -> list[EscalationRow]:
    return _all(connection, _OPEN.where(condition).order_by(*_OLDEST))


def _all(
    connection: sa.Connection, asked: sa.Select[Any], given: Mapping[str, Any] | None = None
) -> list[EscalationRow]:
    return [EscalationRow(**row) for row in connection.execute(asked, given or {}).mappings()]
