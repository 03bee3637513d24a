"""Once: what works a single time is claimed here, so that of two tries only one passes."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.access_tables import used


def claim(connection: sa.Connection, thing: str, until: datetime, now: datetime) -> bool:
    """Use it up; False when that was done before. It may be forgotten after ``until``.

    The caller serializes writers (SQLite does; on Postgres take ``ledger.serialize`` first).
    """
    connection.execute(used.delete().where(used.c.until < now))
    if is_used(connection, thing):
        return False
    connection.execute(used.insert(), {"id": thing, "until": until})
    return True


def is_used(connection: sa.Connection, thing: str) -> bool:
    """Whether it was used up."""
    known = sa.select(used.c.id).where(used.c.id == thing)
    return connection.execute(known).first() is not None


def release(connection: sa.Connection, thing: str) -> None:
    """Give it back: nothing came of its use."""
    connection.execute(used.delete().where(used.c.id == thing))
