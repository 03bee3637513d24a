"""Escalations: what is wrong and whose it is, until somebody resolves it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.store.tables import escalation


@dataclass(frozen=True)
class EscalationRow:
    """``state``: open, acknowledged or resolved. ``failure`` is the class that chose the owner."""

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


def open_one(connection: sa.Connection, row: EscalationRow) -> bool:
    """Open it; False when this very one is open already."""
    known = sa.select(escalation.c.state).where(escalation.c.id == row.id)
    state = connection.execute(known).scalar()
    if state in ("open", "acknowledged"):
        return False
    connection.execute(escalation.delete().where(escalation.c.id == row.id))
    connection.execute(escalation.insert(), vars(row))
    return True


def close(connection: sa.Connection, escalation_id: str, at: datetime) -> bool:
    done = connection.execute(
        escalation.update()
        .where(escalation.c.id == escalation_id, escalation.c.state != "resolved")
        .values(state="resolved", closed_at=at)
    )
    return done.rowcount == 1


def all_open(connection: sa.Connection) -> list[EscalationRow]:
    query = sa.select(escalation).where(escalation.c.state != "resolved")
    rows = connection.execute(query.order_by(escalation.c.due_at, escalation.c.id)).mappings()
    return [EscalationRow(**row) for row in rows]


def everything(connection: sa.Connection) -> list[EscalationRow]:
    rows = connection.execute(sa.select(escalation).order_by(escalation.c.opened_at)).mappings()
    return [EscalationRow(**row) for row in rows]


def open_of(connection: sa.Connection, campaigns: Collection[str]) -> dict[str, EscalationRow]:
    """The most urgent open escalation of each campaign that has one."""
    wanted = escalation.c.state != "resolved", escalation.c.campaign.in_(sorted(campaigns))
    latest_first = escalation.c.due_at.desc(), escalation.c.id
    query = sa.select(escalation).where(*wanted).order_by(*latest_first)
    rows = connection.execute(query).mappings() if campaigns else ()
    return {row["campaign"]: EscalationRow(**row) for row in rows}
