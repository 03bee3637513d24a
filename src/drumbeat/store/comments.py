"""Comments: what people said of an asset, pinned to the version they looked at."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.tables import comment


@dataclass(frozen=True)
class Comment:
    """``text`` is as it was typed: whoever shows it escapes it."""

    id: str
    asset: str
    version: str
    by: str
    at: datetime
    text: str


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
