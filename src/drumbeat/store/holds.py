"""Holds: the freezes and observations people have ordered, until nothing is left to do of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.core.governance.freeze import Hold, HoldMode, Scope, ScopeKind
from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import hold

# Built once: every judgement and every look asks.
_IN_FORCE = Prepared(
    sa.select(hold).where(hold.c.lifted_at.is_(None)).order_by(hold.c.at, hold.c.id)
)
_OWES = sa.and_(hold.c.lifted_at.is_not(None), hold.c.resumed_at.is_(None))
_FREEZES = sa.select(hold).where(
    hold.c.mode == HoldMode.FREEZE, sa.or_(hold.c.lifted_at.is_(None), _OWES)
)
_FREEZES = _FREEZES.order_by(hold.c.at, hold.c.id)
_LIFTED_AT = sa.type_coerce(sa.func.max(hold.c.lifted_at), hold.c.lifted_at.type)
_LAST_LIFTED = sa.select(hold.c.scope_of, _LIFTED_AT).group_by(hold.c.scope_of)
_LAST_LIFTED = _LAST_LIFTED.where(
    hold.c.mode == sa.bindparam("mode"), hold.c.scope_kind == sa.bindparam("kind")
)


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
    """The freezes and observations that nobody has lifted, the oldest first."""
    return tuple(_hold(row) for row in _IN_FORCE.all(connection))


@dataclass(frozen=True)
class Freezes:
    """Freezes that something is to be done about: ``standing`` ones call back what platforms hold,
    ``lifted`` ones owe a new proposal of what they called back."""

    standing: tuple[Hold, ...]
    lifted: tuple[Hold, ...]


def freezes(connection: sa.Connection) -> Freezes:
    """The freezes that stand, and those that ended and still owe what they called back."""
    rows = connection.execute(_FREEZES).all()
    return Freezes(
        standing=tuple(_hold(row) for row in rows if row.lifted_at is None),
        lifted=tuple(_hold(row) for row in rows if row.lifted_at is not None),
    )


def resumed(connection: sa.Connection, hold_id: str, at: datetime) -> None:
    """What a lifted freeze owed is done."""
    connection.execute(hold.update().where(hold.c.id == hold_id).values(resumed_at=at))


def last_lifted(connection: sa.Connection, mode: HoldMode, kind: ScopeKind) -> dict[str, datetime]:
    """When a hold of this mode was last lifted, by what of this kind it was over."""
    rows = connection.execute(_LAST_LIFTED, {"mode": mode, "kind": kind})
    return {of: at for of, at in rows if at is not None}


def lift(connection: sa.Connection, mode: HoldMode, scope: Scope, at: datetime) -> int:
    """Lift the holds of this mode and scope; returns how many there were."""
    lifted = hold.update().where(
        hold.c.lifted_at.is_(None),
        hold.c.mode == mode,
        hold.c.scope_kind == scope.kind,
        hold.c.scope_of == scope.of,
    )
    return connection.execute(lifted.values(lifted_at=at)).rowcount


def _hold(row: sa.Row[Any]) -> Hold:
    return Hold.model_validate(
        {
            "id": row.id,
            "mode": row.mode,
            "scope": {"kind": row.scope_kind, "of": row.scope_of},
            "by": row.by,
            "reason": row.reason,
            "at": row.at,
        }
    )
