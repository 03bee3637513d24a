"""Passkeys: the public halves of people's keys, and how often each was used."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.access_tables import passkey


@dataclass(frozen=True)
class Passkey:
    """``id`` and ``public_key`` as base64url; ``sign_count`` as the device last told it."""

    id: str
    account: str
    name: str
    public_key: str
    sign_count: int
    made_at: datetime
    used_at: datetime | None = None


def add(connection: sa.Connection, made: Passkey) -> bool:
    """Keep a new one; False where this very key is known already."""
    if load(connection, made.id) is not None:
        return False
    connection.execute(passkey.insert(), vars(made))
    return True


def load(connection: sa.Connection, key: str) -> Passkey | None:
    """The key of this id."""
    query = sa.select(passkey).where(passkey.c.id == key)
    row = connection.execute(query).mappings().first()
    return Passkey(**row) if row else None


def of_account(connection: sa.Connection, account: str) -> list[Passkey]:
    """A person's keys, the oldest first."""
    query = sa.select(passkey).where(passkey.c.account == account)
    ordered = query.order_by(passkey.c.made_at, passkey.c.id)
    return [Passkey(**row) for row in connection.execute(ordered).mappings()]


def note_use(connection: sa.Connection, seen: Passkey, count: int, now: datetime) -> bool:
    """It was used; of two answers with the same count only one passes."""
    same = (passkey.c.id == seen.id) & (passkey.c.sign_count == seen.sign_count)
    done = connection.execute(passkey.update().where(same).values(sign_count=count, used_at=now))
    return done.rowcount == 1


def remove(connection: sa.Connection, key: str, account: str) -> bool:
    """Forget one of a person's own; False where there is no such key of theirs."""
    mine = (passkey.c.id == key) & (passkey.c.account == account)
    return connection.execute(passkey.delete().where(mine)).rowcount == 1


def remove_all(connection: sa.Connection, account: str) -> int:
    """Forget all of a person's keys: how many that were."""
    return connection.execute(passkey.delete().where(passkey.c.account == account)).rowcount
