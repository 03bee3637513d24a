"""Settings: small facts about the installation itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.core.governance.facts import Constraint
from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import setting

_CONSTRAINTS = "constraints"
# Built once: these are asked at every look and every tick.
_GET = Prepared(sa.select(setting.c.value).where(setting.c.name == sa.bindparam("wanted")))
_MANY = sa.select(setting.c.name, setting.c.value)
_MANY = _MANY.where(setting.c.name.in_(sa.bindparam("names", expanding=True)))
_ADD = Prepared(setting.insert())
_PUT = Prepared(
    setting.update()
    .where(setting.c.name == sa.bindparam("wanted"))
    .values(value=sa.bindparam("fresh", type_=setting.c.value.type))
)


def get(connection: sa.Connection, name: str, default: Any = None) -> Any:
    """A fact by its name; ``default`` where nobody put one."""
    row = _GET.first(connection, wanted=name)
    return row.value if row else default


def many(connection: sa.Connection, names: Sequence[str]) -> dict[str, Any]:
    """The facts of these names that there are."""
    rows = connection.execute(_MANY, {"names": list(names)}) if names else ()
    return {row.name: row.value for row in rows}


def put(connection: sa.Connection, name: str, value: Any) -> None:
    """Remember a JSON value under a name, in place of what was there."""
    if _PUT.run(connection, wanted=name, fresh=value) == 0:
        _ADD.run(connection, name=name, value=value)


def constraints(connection: sa.Connection) -> tuple[Constraint, ...]:
    """What people's overrides have taught so far, expired ones included."""
    kept = get(connection, _CONSTRAINTS, [])
    return tuple(Constraint(**{**c, "until": datetime.fromisoformat(c["until"])}) for c in kept)


def add_constraint(connection: sa.Connection, made: Constraint, now: datetime) -> None:
    """Remember one more; those that have expired are dropped."""
    kept = [c for c in constraints(connection) if c.until > now] + [made]
    put(connection, _CONSTRAINTS, [{**vars(c), "until": c.until.isoformat()} for c in kept])


def drop(connection: sa.Connection, name: str) -> None:
    """Forget a fact."""
    connection.execute(setting.delete().where(setting.c.name == name))
