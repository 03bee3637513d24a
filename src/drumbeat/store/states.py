"""States: what was decided about campaigns and connections since their files were read."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.store.platform_tables import connection as connections
from drumbeat.store.prepared import Prepared

# Built once: every judgement and every look asks.
_MODES = Prepared(sa.select(connections.c.id, connections.c.mode))
_MODE = Prepared(sa.select(connections.c.mode).where(connections.c.id == sa.bindparam("wanted")))


def mode_of(connection: sa.Connection, connection_id: str) -> ConnectionMode | None:
    """What a person granted; None when nobody decided yet."""
    mode = _MODE.scalar(connection, wanted=connection_id)
    return ConnectionMode(mode) if mode else None


def modes(connection: sa.Connection) -> dict[str, ConnectionMode]:
    """What people granted, by connection; one that nobody decided about is left out."""
    return {name: ConnectionMode(mode) for name, mode in _MODES.all(connection)}


def set_mode(
    connection: sa.Connection, connection_id: str, mode: ConnectionMode, by: str, at: datetime
) -> None:
    """Write down what a person granted a connection; it outranks the file from then on."""
    connection.execute(connections.delete().where(connections.c.id == connection_id))
    row = {"id": connection_id, "mode": mode, "by": by, "at": at}
    connection.execute(connections.insert(), row)
