"""Holds: the freezes and observations people have ordered and not yet lifted."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.freeze import Hold, HoldMode, Scope
from drumbeat.store.tables import hold

# Built once: every judgement asks.
_IN_FORCE = sa.select(hold).where(hold.c.lifted_at.is_(None)).order_by(hold.c.at, hold.c.id)


def add(connection: sa.Connection, made: Hold) -> bool:
    """Put a hold in force; False when the same one is in force already."""
    if any(h.scope == made.scope and h.mode is made.mode for h in in_force(connection)):
        return False
    connection.execute(
        hold.insert(),
        {
            "id": made.id,
            "mode": made.mode,
            "scope_kind": made.scope.kind,
            "scope_of": made.scope.of,
            "by": made.by,
            "reason": made.reason,
            "at": made.at,
        },
    )
    return True


def in_force(connection: sa.Connection) -> tuple[Hold, ...]:
    return tuple(
        Hold.model_validate(
            {
                "id": row.id,
                "mode": row.mode,
                "scope": {"kind": row.scope_kind, "of": row.scope_of},
                "by": row.by,
                "reason": row.reason,
                "at": row.at,
            }
        )
        for row in connection.execute(_IN_FORCE)
    )


def last_lifted(connection: sa.Connection, mode: HoldMode, scope: Scope) -> datetime | None:
    """When a hold of this mode and scope was last lifted; None: never."""
    last = sa.type_coerce(sa.func.max(hold.c.lifted_at), hold.c.lifted_at.type)
    query = sa.select(last).where(
        hold.c.mode == mode, hold.c.scope_kind == scope.kind, hold.c.scope_of == scope.of
    )
    return connection.execute(query).scalar()


def lift(connection: sa.Connection, mode: HoldMode, scope: Scope, at: datetime) -> int:
    """Lift the holds of this mode and scope; returns how many there were."""
    lifted = hold.update().where(
        hold.c.lifted_at.is_(None),
        hold.c.mode == mode,
        hold.c.scope_kind == scope.kind,
        hold.c.scope_of == scope.of,
    )
    return connection.execute(lifted.values(lifted_at=at)).rowcount
