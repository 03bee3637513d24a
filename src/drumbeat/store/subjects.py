"""Subjects: the names contacts go by in the ledger, and how one is forgotten for good.

The ledger keeps what was written, so it never names a contact: it holds an alias made with a key
of that contact alone. With the key gone nobody can tell whose alias it was.
"""

import hashlib
import hmac
from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.store.platform_tables import delivery, event, subject_key, suppression


@dataclass(frozen=True)
class Forgotten:
    """How many rows spoke of the contact."""

    events: int
    deliveries: int
    was_suppressed: bool


def alias(connection: sa.Connection, contact: str, fresh_key: str) -> str:
    """The contact's name in the ledger; ``fresh_key`` is theirs where they have none yet."""
    mine = sa.select(subject_key.c.key).where(subject_key.c.contact == contact)
    key = connection.execute(mine).scalar()
    if key is None:
        key = fresh_key
        connection.execute(subject_key.insert(), {"contact": contact, "key": key})
    return "contact:" + hmac.new(key.encode(), contact.encode(), hashlib.sha256).hexdigest()[:16]


def mark(contact: str) -> str:
    """What stays of an erased contact, so that nobody writes to them again: a one-way mark of a
    name that is itself a keyed hash. From it nothing can be told but whether an address is it."""
    return hashlib.sha256(f"erased:{contact}".encode()).hexdigest()[:32]


def forget(connection: sa.Connection, contact: str) -> Forgotten:
    """Take the contact out of every table: words and keys go, counts stay true under the mark."""
    left = mark(contact)
    mine = event.c.contact == contact
    heard = connection.execute(event.update().where(mine).values(contact="", text="")).rowcount
    sent = delivery.update().where(delivery.c.contact == contact).values(contact=left, detail="")
    kept = suppression.update().where(suppression.c.contact == contact)
    connection.execute(subject_key.delete().where(subject_key.c.contact == contact))
    return Forgotten(
        events=heard,
        deliveries=connection.execute(sent).rowcount,
        was_suppressed=connection.execute(kept.values(contact=left)).rowcount > 0,
    )
