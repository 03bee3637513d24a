"""Drills: how people answered what was wrong on purpose; nothing else is known of one."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.access_tables import drill


@dataclass(frozen=True)
class Drilled:
    """``is_caught``: the person did not agree to it."""

    id: str
    account: str
    at: datetime
    kind: str
    flaw: str
    is_caught: bool


def add(connection: sa.Connection, made: Drilled) -> bool:
    """Keep the first answer; False when there was one."""
    if load(connection, made.id) is not None:
        return False
    connection.execute(drill.insert(), vars(made))
    return True


def load(connection: sa.Connection, drill_id: str) -> Drilled | None:
    """One answered drill; None where nobody answered it."""
    row = connection.execute(sa.select(drill).where(drill.c.id == drill_id)).mappings().first()
    return Drilled(**row) if row else None


def since(connection: sa.Connection, moment: datetime) -> list[Drilled]:
    """All that were answered since then, the oldest first."""
    query = sa.select(drill).where(drill.c.at >= moment).order_by(drill.c.at, drill.c.id)
    return [Drilled(**row) for row in connection.execute(query).mappings()]
