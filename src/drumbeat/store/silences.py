"""Silences: what people asked not to be called about, until when."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.operations.silence import Silence
from drumbeat.store.trouble_tables import silence


def add(connection: sa.Connection, made: Silence) -> None:
    """Keep a silence, in place of one of the same id."""
    connection.execute(silence.delete().where(silence.c.id == made.id))
    connection.execute(silence.insert(), {"id": made.id, "until": made.until, "body": made})


def in_force(connection: sa.Connection, now: datetime) -> tuple[Silence, ...]:
    """Those that have not ended, the one that ends first first."""
    query = sa.select(silence.c.body).where(silence.c.until > now)
    ordered = query.order_by(silence.c.until, silence.c.id)
    return tuple(Silence.model_validate(body) for (body,) in connection.execute(ordered))


def end(connection: sa.Connection, silence_id: str, at: datetime) -> bool:
    """End one early; False when it had ended, or never was."""
    done = connection.execute(
        silence.update().where(silence.c.id == silence_id, silence.c.until > at).values(until=at)
    )
    return done.rowcount == 1
