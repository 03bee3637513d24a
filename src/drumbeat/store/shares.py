"""Shares: what somebody without an account may look at, until when, and whether it was ended."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store.access_tables import share


@dataclass(frozen=True)
class Share:
    """``subject`` is an asset, or ``cycle`` itself: everything its builder made. ``whom`` is what
    people here call the guest."""

    id: str
    cycle: str
    subject: str
    campaign: str
    whom: str
    by: str
    at: datetime
    until: datetime
    may_comment: bool
    ended_at: datetime | None = None

    def holds(self, asset: str) -> bool:
        """Whether an asset is part of it; an asset's id is ``<cycle>.<n>``."""
        cycle, _, number = asset.rpartition(".")
        return cycle == self.cycle and number.isdecimal() and self.subject in (asset, cycle)


def add(connection: sa.Connection, made: Share) -> bool:
    """Keep one; False when the very same was kept before."""
    if load(connection, made.id) is not None:
        return False
    connection.execute(share.insert(), vars(made))
    return True


def load(connection: sa.Connection, share_id: str) -> Share | None:
    """One client link, ended or not; None for an id nobody made."""
    row = connection.execute(sa.select(share).where(share.c.id == share_id)).mappings().first()
    return Share(**row) if row else None


def end(connection: sa.Connection, share_id: str, at: datetime) -> bool:
    """Take it back; False where that was done before."""
    lasting = share.update().where(share.c.id == share_id, share.c.ended_at.is_(None))
    return connection.execute(lasting.values(ended_at=at)).rowcount == 1


def erase(connection: sa.Connection, share_id: str) -> None:
    """Forget whom a link was for."""
    connection.execute(share.update().where(share.c.id == share_id).values(whom=""))


def everything(connection: sa.Connection) -> list[Share]:
    """Every link that was ever given, the newest first."""
    query = sa.select(share).order_by(share.c.at.desc(), share.c.id)
    return [Share(**row) for row in connection.execute(query).mappings()]


def of_cycle(connection: sa.Connection, cycle: str) -> list[Share]:
    """All that were ever made of a cycle's assets, the newest first."""
    query = sa.select(share).where(share.c.cycle == cycle)
    ordered = query.order_by(share.c.at.desc(), share.c.id)
    return [Share(**row) for row in connection.execute(ordered).mappings()]
