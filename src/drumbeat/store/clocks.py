"""Clocks: the SLA clocks with their precomputed deadlines; changed by compare-and-set."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.core.operations import sla_clock as clocks
from drumbeat.core.operations.sla_clock import SlaClock
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.store.trouble_tables import sla_clock

_NOW = sa.bindparam("now", type_=sla_clock.c.next_at.type)
_NEXT = sa.select(sa.func.min(sla_clock.c.next_at, type_=sla_clock.c.next_at.type))
_NEXT = _NEXT.where(sla_clock.c.next_at > _NOW)
_DUE = sa.select(sla_clock.c.body, sla_clock.c.version).where(sla_clock.c.next_at <= _NOW)
_DUE = _DUE.order_by(sla_clock.c.next_at, sla_clock.c.id)

_FROZEN = sa.select(sla_clock.c.body, sla_clock.c.version).where(sla_clock.c.is_frozen.is_(True))
_FROZEN = _FROZEN.order_by(sla_clock.c.id)

_OF_SUBJECT = sa.select(sla_clock.c.body, sla_clock.c.version).where(
    sla_clock.c.subject == sa.bindparam("about"), sla_clock.c.stopped_at.is_(None)
)
_OF_SUBJECT = _OF_SUBJECT.order_by(sla_clock.c.started_at, sla_clock.c.id)
_KNOWN = sa.select(sla_clock.c.id).where(sla_clock.c.id == sa.bindparam("wanted"))
_ADD = sla_clock.insert()
_CHANGE = sla_clock.update().where(
    sla_clock.c.id == sa.bindparam("changed"), sla_clock.c.version == sa.bindparam("seen")
)

# A clock with the number of changes made to it when it was read.
Versioned = tuple[SlaClock, int]


def add(connection: sa.Connection, made: SlaClock) -> bool:
    """Keep a new clock; False when this very one is kept already."""
    if connection.execute(_KNOWN, {"wanted": made.id}).first() is not None:
        return False
    connection.execute(_ADD, {"id": made.id, "version": 0, **_columns(made)})
    return True


def change(connection: sa.Connection, changed: SlaClock, version: int) -> bool:
    """Keep what became of a clock; False when somebody else changed it since it was read."""
    given = {"changed": changed.id, "seen": version, "version": version + 1, **_columns(changed)}
    return connection.execute(_CHANGE, given).rowcount == 1


def due(connection: sa.Connection, now: datetime) -> list[Versioned]:
    """The clocks to look at by now, the earliest deadline first."""
    return [_read(row) for row in connection.execute(_DUE, {"now": now})]


def next_after(connection: sa.Connection, now: datetime) -> datetime | None:
    """The earliest deadline ahead."""
    return connection.execute(_NEXT, {"now": now}).scalar()


def of_subject(connection: sa.Connection, subject: str) -> list[Versioned]:
    """The clocks of one subject that have not been stopped, in the order they started."""
    return [_read(row) for row in connection.execute(_OF_SUBJECT, {"about": subject})]


def of_campaign(connection: sa.Connection, campaign: str) -> list[Versioned]:
    """The clocks of a campaign that have not been stopped."""
    query = sa.select(sla_clock.c.body, sla_clock.c.version).where(
        sla_clock.c.campaign == campaign, sla_clock.c.stopped_at.is_(None)
    )
    return [_read(row) for row in connection.execute(query.order_by(sla_clock.c.id))]


def frozen(connection: sa.Connection) -> list[Versioned]:
    """The clocks that a freeze has stopped, over or not."""
    return [_read(row) for row in connection.execute(_FROZEN)]


def load(connection: sa.Connection, clock_id: str) -> SlaClock | None:
    """One clock as it stands; None for an id nobody started."""
    query = sa.select(sla_clock.c.body, sla_clock.c.version).where(sla_clock.c.id == clock_id)
    row = connection.execute(query).first()
    return _read(row)[0] if row else None


def started(
    connection: sa.Connection,
    *,
    since: datetime | None = None,
    campaign: str = "",
    live: bool = False,
) -> Iterator[SlaClock]:
    """Clocks in the order they started, narrowed where asked."""
    query = sa.select(sla_clock.c.body, sla_clock.c.version)
    if since is not None:
        query = query.where(sla_clock.c.started_at >= since)
    if campaign:
        query = query.where(sla_clock.c.campaign == campaign)
    if live:
        query = query.where(sla_clock.c.stopped_at.is_(None))
    for row in connection.execute(query.order_by(sla_clock.c.started_at, sla_clock.c.id)):
        yield _read(row)[0]


def _columns(clock: SlaClock) -> dict[str, object]:
    return {
        "policy": clock.policy.id,
        "stage": clock.policy.stage,
        "subject": clock.subject,
        "campaign": clock.campaign,
        "cycle": clock.cycle,
        "state": clock.state,
        "started_at": clock.started_at,
        "due_at": clocks.runs_out_at(clock),
        "next_at": clocks.next_at(clock),
        "stopped_at": clock.stopped_at,
        "breached_at": clock.breached_at,
        "is_frozen": clock.is_live and Milestone.FROZEN in clock.paused_by,
        "body": clock,
    }


def _read(row: Any) -> Versioned:
    return row.body, row.version
