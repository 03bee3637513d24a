"""Comments: what people said of an asset, pinned to the version they looked at."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.tables import comment

# How whoever speaks by a link begins; the link's id follows.
GUEST = "guest:"


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

    @property
    def is_guest(self) -> bool:
        """Whether it came by a link."""
        return self.by.startswith(GUEST)


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
    """How many things were said of an asset, of all its versions."""
    query = sa.select(sa.func.count()).where(comment.c.asset == asset)
    return connection.execute(query).scalar() or 0


def said_by(connection: sa.Connection, by: str, limit: int) -> list[Comment]:
    """What one account, or one guest's link, said of any asset; the newest first."""
    query = sa.select(comment).where(comment.c.by == by)
    ordered = query.order_by(comment.c.at.desc(), comment.c.id).limit(limit)
    return [Comment(**row) for row in connection.execute(ordered).mappings()]


def erase(connection: sa.Connection, by: str, guest: str | None = None) -> int:
    """Take out what a guest's link said, words and names, of one name or of all; how many."""
    theirs = comment.c.by == by
    if guest is not None:
        theirs &= comment.c.guest == guest
    still = sa.or_(comment.c.text != "", comment.c.guest != "")
    gone = comment.update().where(theirs, still).values(text="", guest="")
    return connection.execute(gone).rowcount


def guests_by(connection: sa.Connection) -> dict[str, list[str]]:
    """The names guests gave, by who speaks: ``guest:<link>``."""
    query = sa.select(comment.c.by, comment.c.guest).where(comment.c.guest != "")
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.distinct().order_by(comment.c.by, comment.c.guest)):
        found.setdefault(row.by, []).append(row.guest)
    return found


def count_by(connection: sa.Connection, by: str) -> int:
    """How many things one account, or one guest's link, said of any asset."""
    query = sa.select(sa.func.count()).where(comment.c.by == by)
    return connection.execute(query).scalar() or 0
