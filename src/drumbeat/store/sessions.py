"""Sessions: who is signed in where, since when, and until when; ended here, ended everywhere."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.access_tables import session


@dataclass(frozen=True)
class Session:
    """``id`` names it; ``digest`` is of the secret its cookie holds. ``proven_at`` is when the
    person last showed that it is them; ``method`` how they signed in."""

    id: str
    digest: str
    account: str
    method: str
    opened_at: datetime
    seen_at: datetime
    until: datetime
    proven_at: datetime | None
    address: str
    browser: str


def add(connection: sa.Connection, opened: Session) -> None:
    """Keep a new one; those that are over are forgotten."""
    connection.execute(session.delete().where(session.c.until < opened.opened_at))
    connection.execute(session.insert(), vars(opened))


def of_digest(connection: sa.Connection, digest: str) -> Session | None:
    """The session whose secret has this digest."""
    query = sa.select(session).where(session.c.digest == digest)
    row = connection.execute(query).mappings().first()
    return Session(**row) if row else None


def of_account(connection: sa.Connection, account: str, now: datetime) -> list[Session]:
    """A person's sessions that are not over, the last used first."""
    query = sa.select(session).where(session.c.account == account, session.c.until > now)
    ordered = query.order_by(session.c.seen_at.desc(), session.c.id)
    return [Session(**row) for row in connection.execute(ordered).mappings()]


def touch(connection: sa.Connection, session_id: str, now: datetime) -> None:
    """Its person was here."""
    connection.execute(session.update().where(session.c.id == session_id).values(seen_at=now))


def renew(connection: sa.Connection, session_id: str, digest: str, now: datetime) -> bool:
    """Its person has shown that it is them: another secret from now on. False: it is over."""
    done = connection.execute(
        session.update()
        .where(session.c.id == session_id)
        .values(digest=digest, seen_at=now, proven_at=now)
    )
    return done.rowcount == 1


def end(connection: sa.Connection, session_id: str, account: str) -> bool:
    """End one of a person's own; False where there is no such session of theirs."""
    mine = (session.c.id == session_id) & (session.c.account == account)
    return connection.execute(session.delete().where(mine)).rowcount == 1


def end_all(connection: sa.Connection, account: str, but: str = "") -> int:
    """End all of a person's sessions but one; how many that were."""
    others = (session.c.account == account) & (session.c.id != but)
    return connection.execute(session.delete().where(others)).rowcount
