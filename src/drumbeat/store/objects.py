"""Objects: what we put on platforms and still care for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.store.tables import live_object


@dataclass(frozen=True)
class LiveObject:
    """``state`` is the JSON we last made or read back; ``ends_at`` when its life is over."""

    target: str
    campaign: str
    cycle: str
    channel: str
    connection: str
    state: Any
    since: datetime
    ends_at: datetime | None

    @property
    def goes_out_at(self) -> datetime:
        """When it reaches people: a mail's or post's moment, else since it was made."""
        state = self.state if isinstance(self.state, dict) else {}
        moment = state.get("send_at") or state.get("publish_at")
        return datetime.fromisoformat(moment) if isinstance(moment, str) else self.since


def save(connection: sa.Connection, made: LiveObject) -> None:
    connection.execute(live_object.delete().where(live_object.c.target == made.target))
    connection.execute(live_object.insert(), vars(made))


def end(connection: sa.Connection, target: str, at: datetime) -> None:
    """It was taken away; what was measured of it stays evidence."""
    ended = live_object.update().where(live_object.c.target == target)
    connection.execute(ended.values(ends_at=at))


def of_campaign(connection: sa.Connection, campaign: str) -> list[LiveObject]:
    query = sa.select(live_object).where(live_object.c.campaign == campaign)
    return _all(connection, query)


def of_cycle(connection: sa.Connection, cycle: str) -> list[LiveObject]:
    return _all(connection, sa.select(live_object).where(live_object.c.cycle == cycle))


def alive(connection: sa.Connection, now: datetime) -> list[LiveObject]:
    """What is live, will be, or still has conversions coming in."""
    ends = live_object.c.ends_at
    query = sa.select(live_object).where(sa.or_(ends.is_(None), ends > now))
    return _all(connection, query)


def _all(connection: sa.Connection, query: sa.Select[Any]) -> list[LiveObject]:
    rows = connection.execute(query.order_by(live_object.c.target)).mappings()
    return [LiveObject(**row) for row in rows]
