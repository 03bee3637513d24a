"""Events: what platforms told us, once each, and whom we must not write to any more."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.tables import event, suppression


def add(connection: sa.Connection, row: dict[str, object]) -> bool:
    """Keep one event; False when it was told before."""
    known = sa.select(event.c.id).where(
        event.c.connection == row["connection"], event.c.id == row["id"]
    )
    if connection.execute(known).first():
        return False
    connection.execute(event.insert(), row)
    return True


def suppress(connection: sa.Connection, contact: str, reason: str, at: datetime) -> bool:
    """Never write to this contact again; False when that was so already."""
    if not contact or is_suppressed(connection, contact):
        return False
    connection.execute(suppression.insert(), {"contact": contact, "reason": reason, "at": at})
    return True


def is_suppressed(connection: sa.Connection, contact: str) -> bool:
    query = sa.select(suppression.c.contact).where(suppression.c.contact == contact)
    return connection.execute(query).first() is not None


def suppressed_of(connection: sa.Connection, contacts: Iterable[str]) -> frozenset[str]:
    """Those of the contacts that must not be written to."""
    wanted = sorted(set(contacts))
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        query = sa.select(suppression.c.contact).where(suppression.c.contact.in_(chunk))
        found.update(connection.execute(query).scalars())
    return frozenset(found)
