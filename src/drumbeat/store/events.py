"""Events: what platforms told us, once each, and whom we must not write to any more."""

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.platform_tables import event, suppression
from drumbeat.store.subjects import mark

# Built once: platforms tell many things at a time.
_KNOWN = sa.select(event.c.id)
_KNOWN = _KNOWN.where(
    event.c.connection == sa.bindparam("connection"), event.c.id == sa.bindparam("id")
)
_ADD = event.insert()
_LABELS = sa.select(event.c.label, sa.func.count()).where(
    event.c.target.in_(sa.bindparam("targets", expanding=True)),
    event.c.kind == "commented",
    event.c.label != "",
    event.c.received_at > sa.bindparam("since", type_=event.c.received_at.type),
)
_LABELS = _LABELS.group_by(event.c.label)


def add(connection: sa.Connection, row: dict[str, object]) -> bool:
    """Keep one event; False when it was told before."""
    if connection.execute(_KNOWN, {"connection": row["connection"], "id": row["id"]}).first():
        return False
    connection.execute(_ADD, row)
    return True


def labels(connection: sa.Connection, targets: Collection[str], since: datetime) -> dict[str, int]:
    """How many comments of each label were received under these targets after ``since``."""
    given = {"targets": sorted(targets), "since": since}
    return {row[0]: row[1] for row in connection.execute(_LABELS, given)}


def suppress(connection: sa.Connection, contact: str, reason: str, at: datetime) -> bool:
    """Never write to this contact again; False when that was so already."""
    if not contact or is_suppressed(connection, contact):
        return False
    connection.execute(suppression.insert(), {"contact": contact, "reason": reason, "at": at})
    return True


def is_suppressed(connection: sa.Connection, contact: str) -> bool:
    """Whether the contact opted out, or was erased and is only known by a mark."""
    either = suppression.c.contact.in_((contact, mark(contact)))
    return connection.execute(sa.select(suppression.c.contact).where(either)).first() is not None


def erased_of(connection: sa.Connection, contacts: Iterable[str]) -> frozenset[str]:
    """Those of the contacts that asked to be forgotten."""
    named = {mark(one): one for one in contacts if one}
    if not named:
        return frozenset()
    query = sa.select(suppression.c.contact).where(suppression.c.contact.in_(sorted(named)))
    return frozenset(named[one] for one in connection.execute(query).scalars())


def suppressed_of(connection: sa.Connection, contacts: Iterable[str]) -> frozenset[str]:
    """Those of the contacts that must not be written to."""
    named = {name: one for one in set(contacts) for name in (one, mark(one))}
    wanted = sorted(named)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        query = sa.select(suppression.c.contact).where(suppression.c.contact.in_(chunk))
        found.update(named[one] for one in connection.execute(query).scalars())
    return frozenset(found)
