"""Events: what platforms told us, once each, and whom we must not write to any more."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.platform_tables import event, suppression
from drumbeat.store.subjects import mark

# Built once: platforms tell many things at a time.
_KNOWN = sa.select(event.c.id)
_KNOWN = _KNOWN.where(
    event.c.connection == sa.bindparam("connection"),
    event.c.id.in_(sa.bindparam("ids", expanding=True)),
)
_ADD = event.insert()
_LABELS = sa.select(event.c.label, sa.func.count()).where(
    event.c.target.in_(sa.bindparam("targets", expanding=True)),
    event.c.kind == "commented",
    event.c.label != "",
    event.c.received_at > sa.bindparam("since", type_=event.c.received_at.type),
)
_LABELS = _LABELS.group_by(event.c.label)
_SUPPRESSED = sa.select(suppression.c.contact).where(
    suppression.c.contact.in_(sa.bindparam("contacts", expanding=True))
)
_SUPPRESS = suppression.insert()
# A statement takes only so many values.
_AT_ONCE = 500


def add(
    connection: sa.Connection, source: str, told: Iterable[dict[str, object]]
) -> frozenset[object]:
    """Keep the events of one connection that were not told before; the ids of these."""
    rows = {row["id"]: row for row in told}
    for start in range(0, len(rows), _AT_ONCE):
        ids = list(rows)[start : start + _AT_ONCE]
        for known in connection.execute(_KNOWN, {"connection": source, "ids": ids}).scalars():
            rows.pop(known)
    if rows:
        connection.execute(_ADD, [{**row, "connection": source} for row in rows.values()])
    return frozenset(rows)


def labels(connection: sa.Connection, targets: Collection[str], since: datetime) -> dict[str, int]:
    """How many comments of each label were received under these targets after ``since``."""
    given = {"targets": sorted(targets), "since": since}
    return {row[0]: row[1] for row in connection.execute(_LABELS, given)}


def suppress(connection: sa.Connection, contact: str, reason: str, at: datetime) -> bool:
    """Never write to this contact again; False when that was so already."""
    if not contact or is_suppressed(connection, contact):
        return False
    connection.execute(_SUPPRESS, {"contact": contact, "reason": reason, "at": at})
    return True


def is_suppressed(connection: sa.Connection, contact: str) -> bool:
    """Whether the contact opted out, or was erased and is only known by a mark."""
    return bool(_among(connection, (contact, mark(contact))))


def erased_of(connection: sa.Connection, contacts: Iterable[str]) -> frozenset[str]:
    """Those of the contacts that asked to be forgotten."""
    named = {mark(one): one for one in contacts if one}
    return frozenset(named[one] for one in _among(connection, sorted(named)))


def suppressed_of(connection: sa.Connection, contacts: Iterable[str]) -> frozenset[str]:
    """Those of the contacts that must not be written to."""
    named = {name: one for one in set(contacts) for name in (one, mark(one))}
    return frozenset(named[one] for one in _among(connection, sorted(named)))


def _among(connection: sa.Connection, contacts: Sequence[str]) -> list[str]:
    """Those of the contacts, or marks, that are on the list."""
    found: list[str] = []
    for start in range(0, len(contacts), _AT_ONCE):
        given = {"contacts": contacts[start : start + _AT_ONCE]}
        found += connection.execute(_SUPPRESSED, given).scalars()
    return found
