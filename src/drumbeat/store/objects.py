"""Objects: what we put on platforms and still care for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.store.platform_tables import live_object


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
    goes_out_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Watched:
    """What a look needs to know of a live object, without its state."""

    target: str
    campaign: str
    connection: str
    goes_out_at: datetime


# Built once: every look and every launch asks.
_ENDS = live_object.c.ends_at
_STILL = sa.or_(_ENDS.is_(None), sa.bindparam("now", type_=_ENDS.type) < _ENDS)
_ALIVE = sa.select(
    live_object.c.target,
    live_object.c.campaign,
    live_object.c.connection,
    live_object.c.goes_out_at,
)
_ALIVE = _ALIVE.where(_STILL).order_by(live_object.c.target)
_OF_CAMPAIGN = sa.select(live_object).where(live_object.c.campaign == sa.bindparam("among"))
_OF_CAMPAIGN = _OF_CAMPAIGN.order_by(live_object.c.target)
_STILL_OF_CAMPAIGN = _OF_CAMPAIGN.where(_STILL)
_DROP = live_object.delete().where(live_object.c.target == sa.bindparam("dropped"))
_ADD = live_object.insert()


def save(connection: sa.Connection, made: LiveObject) -> None:
    """Put it on the watch list, in place of what was known of its target."""
    connection.execute(_DROP, {"dropped": made.target})
    connection.execute(_ADD, vars(made))


def end(connection: sa.Connection, target: str, at: datetime) -> None:
    """It was taken away; what was measured of it stays evidence."""
    ended = live_object.update().where(live_object.c.target == target)
    connection.execute(ended.values(ends_at=at))


def of_campaign(
    connection: sa.Connection, campaign: str, *, after: datetime | None = None
) -> list[LiveObject]:
    """Everything a campaign put on platforms; ``after``: without what had ended by then."""
    if after is None:
        return _read(connection.execute(_OF_CAMPAIGN, {"among": campaign}))
    return _read(connection.execute(_STILL_OF_CAMPAIGN, {"among": campaign, "now": after}))


def scheduled(connection: sa.Connection, now: datetime) -> list[LiveObject]:
    """What a platform holds for us until a later moment."""
    ahead = live_object.c.goes_out_at > now
    alive = sa.or_(live_object.c.ends_at.is_(None), live_object.c.ends_at > now)
    return _all(connection, sa.select(live_object).where(ahead, alive))


def moments(connection: sa.Connection, cycles: Sequence[str]) -> dict[str, datetime]:
    """When each object of these cycles went or goes out, as its platform was last told."""
    wanted = sa.select(live_object.c.target, live_object.c.goes_out_at)
    wanted = wanted.where(live_object.c.cycle.in_(cycles))
    rows = connection.execute(wanted) if cycles else ()
    return {row.target: row.goes_out_at for row in rows}


def of_cycle(connection: sa.Connection, cycle: str) -> list[LiveObject]:
    """What a cycle brought about on platforms, what was taken away since included."""
    return _all(connection, sa.select(live_object).where(live_object.c.cycle == cycle))


def alive(connection: sa.Connection, now: datetime) -> list[Watched]:
    """What is live, will be, or still has conversions coming in."""
    return [Watched(*row) for row in connection.execute(_ALIVE, {"now": now})]


def _all(connection: sa.Connection, query: sa.Select[Any]) -> list[LiveObject]:
    return _read(connection.execute(query.order_by(live_object.c.target)))


def _read(rows: sa.Result[Any]) -> list[LiveObject]:
    return [LiveObject(**row) for row in rows.mappings()]
