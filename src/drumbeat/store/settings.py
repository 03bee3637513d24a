"""Settings: small facts about the installation itself."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.core.governance.facts import Constraint
from drumbeat.store.tables import setting

_CONSTRAINTS = "constraints"


def get(connection: sa.Connection, name: str, default: Any = None) -> Any:
    row = connection.execute(sa.select(setting.c.value).where(setting.c.name == name)).first()
    return row.value if row else default


def put(connection: sa.Connection, name: str, value: Any) -> None:
    changed = setting.update().where(setting.c.name == name).values(value=value)
    if connection.execute(changed).rowcount == 0:
        connection.execute(setting.insert(), {"name": name, "value": value})


def constraints(connection: sa.Connection) -> tuple[Constraint, ...]:
    """What people's overrides have taught so far, expired ones included."""
    kept = get(connection, _CONSTRAINTS, [])
    return tuple(Constraint(**{**c, "until": datetime.fromisoformat(c["until"])}) for c in kept)


def add_constraint(connection: sa.Connection, made: Constraint, now: datetime) -> None:
    """Remember one more; those that have expired are dropped."""
    kept = [c for c in constraints(connection) if c.until > now] + [made]
    put(connection, _CONSTRAINTS, [{**vars(c), "until": c.until.isoformat()} for c in kept])
