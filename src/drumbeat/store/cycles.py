"""Cycles: one recurrence of a campaign each, where it stands, and its documents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from drumbeat.core.canonical import digest, name
from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import cycle, document


class CycleStatus(StrEnum):
    """Open: on its road. Done: learned from. Ended: given up on the way."""

    OPEN = "open"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True)
class CycleRow:
    """``waiting`` says in words what an open cycle waits for."""

    id: str
    campaign: str
    number: int
    occurrence_at: datetime
    stage: str
    status: CycleStatus
    entered_at: datetime
    waiting: str

    @property
    def is_out(self) -> bool:
        """Whether its launch has been carried out."""
        return self.stage in ("monitoring", "optimization", "learning")

    @property
    def is_reviewed(self) -> bool:
        """Whether its assets passed their review and went out, or may yet."""
        return self.is_out or (self.stage in ("approval", "launch") and not self.is_off)

    @property
    def is_off(self) -> bool:
        """Whether it ended before anything went out."""
        return self.status is CycleStatus.ENDED and not self.is_out


# Built once: these are asked at every look and every stage.
_LOAD = Prepared(sa.select(cycle).where(cycle.c.id == sa.bindparam("wanted")))
_OPEN = sa.select(cycle).where(cycle.c.status == CycleStatus.OPEN)
_OPEN = _OPEN.order_by(cycle.c.occurrence_at, cycle.c.id)
_MOVE = cycle.update().where(cycle.c.id == sa.bindparam("moved"))
_OF_CYCLE = document.c.cycle == sa.bindparam("of")
_DOCUMENTS = sa.select(document.c.kind, document.c.body).where(_OF_CYCLE)
_TEXT = sa.type_coerce(document.c.body, sa.Text).label("text")
_TEXTS = Prepared(sa.select(document.c.kind, _TEXT).where(_OF_CYCLE))
_DROP = document.delete().where(_OF_CYCLE, document.c.kind == sa.bindparam("named"))
_WRITE = document.insert()
_OF_CAMPAIGN = sa.select(cycle).where(cycle.c.campaign == sa.bindparam("among"))
_OF_CAMPAIGN = _OF_CAMPAIGN.order_by(cycle.c.number.desc())
_OF_CAMPAIGN = _OF_CAMPAIGN.limit(sa.bindparam("most")).offset(sa.bindparam("skip"))
_MANY = sa.select(document.c.cycle, document.c.body).where(
    document.c.cycle.in_(sa.bindparam("among", expanding=True)),
    document.c.kind == sa.bindparam("named"),
)


def open_one(
    connection: sa.Connection, campaign: str, occurrence_at: datetime, stage: str, now: datetime
) -> CycleRow | None:
    """Start the cycle of an occurrence; None when it has one already."""
    taken = sa.select(cycle.c.id).where(
        cycle.c.campaign == campaign, cycle.c.occurrence_at == occurrence_at
    )
    if connection.execute(taken).first():
        return None
    count = sa.select(sa.func.count()).where(cycle.c.campaign == campaign)
    made = CycleRow(
        id=name("cyc", campaign, occurrence_at),
        campaign=campaign,
        number=(connection.execute(count).scalar() or 0) + 1,
        occurrence_at=occurrence_at,
        stage=stage,
        status=CycleStatus.OPEN,
        entered_at=now,
        waiting="",
    )
    connection.execute(cycle.insert(), vars(made))
    return made


def load(connection: sa.Connection, cycle_id: str) -> CycleRow | None:
    """One cycle; None for an id nobody opened."""
    row = _LOAD.first(connection, wanted=cycle_id)
    return _row(row._asdict()) if row else None


def move(connection: sa.Connection, cycle_id: str, **values: Any) -> None:
    """Change columns of a cycle: its stage, status, what it waits for."""
    connection.execute(_MOVE, {"moved": cycle_id, **values})


def of_campaign(
    connection: sa.Connection, campaign: str, limit: int = 100, skip: int = 0
) -> list[CycleRow]:
    """The newest first."""
    given = {"among": campaign, "most": limit, "skip": skip}
    return [_row(row) for row in connection.execute(_OF_CAMPAIGN, given).mappings()]


def all_open(connection: sa.Connection) -> list[CycleRow]:
    """Every cycle still on the road, the earliest occurrence first."""
    return [_row(row) for row in connection.execute(_OPEN).mappings()]


def everything(connection: sa.Connection) -> list[CycleRow]:
    """Every cycle there ever was, campaign by campaign, the oldest first."""
    rows = connection.execute(sa.select(cycle).order_by(cycle.c.campaign, cycle.c.number))
    return [_row(row) for row in rows.mappings()]


def write(connection: sa.Connection, cycle_id: str, kind: str, body: Any, now: datetime) -> None:
    """Keep a document of the cycle; a newer version takes the place of an older."""
    connection.execute(_DROP, {"of": cycle_id, "named": kind})
    row = {"cycle": cycle_id, "kind": kind, "body": body, "digest": digest(body), "at": now}
    connection.execute(_WRITE, row)


def drop(connection: sa.Connection, cycle_id: str, kind: str) -> None:
    """Forget a document of the cycle, so that its stage makes it anew."""
    connection.execute(_DROP, {"of": cycle_id, "named": kind})


def documents(connection: sa.Connection, cycle_id: str) -> dict[str, Any]:
    """Every document's body by kind."""
    rows = connection.execute(_DOCUMENTS, {"of": cycle_id})
    return {row.kind: row.body for row in rows}


def texts(connection: sa.Connection, cycle_id: str) -> dict[str, str]:
    """The same as JSON text, for who reads few of them."""
    return {row.kind: row.text for row in _TEXTS.all(connection, of=cycle_id)}


def _row(row: Any) -> CycleRow:
    return CycleRow(**{**row, "status": CycleStatus(row["status"])})


def read(connection: sa.Connection, cycle_id: str, kind: str) -> Any:
    """One document's body; None when no stage has made it."""
    query = sa.select(document.c.body).where(document.c.cycle == cycle_id)
    row = connection.execute(query.where(document.c.kind == kind)).first()
    return row.body if row else None


def open_stages(connection: sa.Connection) -> dict[str, list[str]]:
    """The stages of every campaign's open cycles."""
    query = sa.select(cycle.c.campaign, cycle.c.stage).where(cycle.c.status == CycleStatus.OPEN)
    found: dict[str, list[str]] = {}
    for campaign, stage in connection.execute(query.order_by(cycle.c.campaign, cycle.c.number)):
        found.setdefault(campaign, []).append(stage)
    return found


def between(connection: sa.Connection, since: datetime, until: datetime) -> list[CycleRow]:
    """The cycles due from ``since`` to ``until``, in order of time."""
    due = cycle.c.occurrence_at
    query = sa.select(cycle).where(due >= since, due <= until).order_by(due, cycle.c.id)
    return [_row(row) for row in connection.execute(query).mappings()]


def read_many(connection: sa.Connection, cycle_ids: Collection[str], kind: str) -> dict[str, Any]:
    """One kind of document of several cycles, by cycle."""
    given = {"among": sorted(cycle_ids), "named": kind}
    rows = connection.execute(_MANY, given) if cycle_ids else ()
    return {row.cycle: row.body for row in rows}


def newest(connection: sa.Connection, limit: int) -> list[CycleRow]:
    """The cycles of all campaigns that were due last, the newest first."""
    query = sa.select(cycle).order_by(cycle.c.occurrence_at.desc(), cycle.c.id).limit(limit)
    return [_row(row) for row in connection.execute(query).mappings()]
