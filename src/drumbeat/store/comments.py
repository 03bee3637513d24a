"""Comments: what people said of an asset, pinned to the version they looked at."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.tables import comment


@dataclass(frozen=True)
class Comment:
    """``text`` is as it was typed: whoever shows it escapes it. ``guest`` is the name somebody
    without an account gave; empty for everybody else."""

    id: str
    asset: str
    version: str
    by: str
    at: datetime
    text: str
    guest: str = ""


def add(connection: sa.Connection, made: Comment) -> bool:
    """Keep one; False when the very same was kept before."""
    if connection.execute(sa.select(comment.c.id).where(comment.c.id == made.id)).first():
        return False
    connection.execute(comment.insert(), vars(made))
    return True


def of_asset(connection: sa.Connection, asset: str, limit: int, skip: int = 0) -> list[Comment]:
    """The newest first."""
    query = sa.select(comment).where(comment.c.asset == asset)
    ordered = query.order_by(comment.c.at.desc(), comment.c.id).limit(limit).offset(skip)
    return [Comment(**row) for row in connection.execute(ordered).mappings()]


def count(connection: sa.Connection, asset: str) -> int:
    query = sa.select(sa.func.count()).where(comment.c.asset == asset)
    return connection.execute(query).scalar() or 0


def said_by(connection: sa.Connection, by: str, limit: int) -> list[Comment]:
    """What one account, or one guest's link, said of any asset; the newest first."""
    query = sa.select(comment).where(comment.c.by == by)
    ordered = query.order_by(comment.c.at.desc(), comment.c.id).limit(limit)
    return [Comment(**row) for row in connection.execute(ordered).mappings()]


def count_by(connection: sa.Connection, by: str) -> int:
    query = sa.select(sa.func.count()).where(comment.c.by == by)
    return connection.execute(query).scalar() or 0
