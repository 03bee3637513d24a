"""Ledger: appends entries to the chain, in the caller's transaction, and reads them back."""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from drumbeat.core.governance.entry import GENESIS, Entry, linked
from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import entry

# Serializes appends on Postgres; on SQLite the write transaction does.
_APPEND_LOCK = 7_239_001
# Built once: every decision asks and adds.
_HEAD = Prepared(sa.select(entry.c.seq, entry.c.hash).order_by(entry.c.seq.desc()).limit(1))
_ADD = Prepared(entry.insert())


def append(
    connection: sa.Connection,
    kind: str,
    *,
    at: datetime,
    actor: str,
    subject: str,
    campaign: str = "",
    cycle: str = "",
    **body: Any,
) -> Entry:
    """Add one entry. ``body`` must be JSON; it holds digests and figures, never personal data."""
    serialize(connection)
    seq, prev = head(connection)
    made = linked(
        Entry(
            seq=seq + 1,
            at=at,
            kind=kind,
            actor=actor,
            campaign=campaign,
            cycle=cycle,
            subject=subject,
            body=body,
            prev=prev,
        )
    )
    _ADD.run(connection, **dict(made))
    return made


def head(connection: sa.Connection) -> tuple[int, str]:
    """The last entry's number and hash; (0, genesis) for an empty ledger."""
    row = _HEAD.first(connection)
    return (row.seq, row.hash) if row else (0, GENESIS)


def entries(
    connection: sa.Connection,
    *,
    since: int = 0,
    campaign: str | None = None,
    kinds: tuple[str, ...] = (),
    cycle: str | None = None,
    subject: str | None = None,
) -> Iterator[Entry]:
    """Entries after number ``since``, oldest first, narrowed where asked."""
    query = sa.select(entry).where(entry.c.seq > since).order_by(entry.c.seq)
    if campaign is not None:
        query = query.where(entry.c.campaign == campaign)
    if cycle is not None:
        query = query.where(entry.c.cycle == cycle)
    if subject is not None:
        query = query.where(entry.c.subject == subject)
    if kinds:
        query = query.where(entry.c.kind.in_(kinds))
    for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
        yield Entry.model_validate(dict(row))


def latest(
    connection: sa.Connection, *, kinds: tuple[str, ...] = (), campaign: str = "", limit: int = 50
) -> list[Entry]:
    """The newest entries first."""
    query = sa.select(entry).order_by(entry.c.seq.desc()).limit(limit)
    if kinds:
        query = query.where(entry.c.kind.in_(kinds))
    if campaign:
        query = query.where(entry.c.campaign == campaign)
    return [Entry.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def serialize(connection: sa.Connection) -> None:
    """Let one judging transaction run at a time on Postgres; on SQLite writing already does."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_APPEND_LOCK})")


def number(connection: sa.Connection) -> int:
    """The number of the last entry; 0 for an empty ledger. Cheap: it is asked all the time."""
    return _NUMBER.scalar(connection) or 0


_NUMBER = Prepared(sa.select(sa.func.max(entry.c.seq)))


def one(connection: sa.Connection, seq: int) -> Entry | None:
    """The entry of a number; None beyond the end of the ledger."""
    row = connection.execute(sa.select(entry).where(entry.c.seq == seq)).mappings().first()
    return Entry.model_validate(dict(row)) if row else None


def older(
    connection: sa.Connection,
    before: int | None,
    *,
    kinds: Collection[str] = (),
    campaign: str = "",
    limit: int = 50,
) -> list[Entry]:
    """Entries with a number below ``before`` (None: all), the newest first."""
    query = sa.select(entry).where(*_among(kinds, campaign)).order_by(entry.c.seq.desc())
    if before is not None:
        query = query.where(entry.c.seq < before)
    return [_read(row) for row in connection.execute(query.limit(limit)).mappings()]


def count(
    connection: sa.Connection, *, kinds: Collection[str] = (), campaign: str = "", since: int = 0
) -> int:
    """How many entries there are after number ``since``, narrowed where asked."""
    query = sa.select(sa.func.count()).select_from(entry).where(entry.c.seq > since)
    return connection.execute(query.where(*_among(kinds, campaign))).scalar() or 0


def newest_of(
    connection: sa.Connection, campaigns: Collection[str], kinds: Collection[str]
) -> dict[str, Entry]:
    """The newest entry of these kinds for each campaign, each found by its index."""
    if not campaigns:
        return {}
    named = {f"campaign_{n}": campaign for n, campaign in enumerate(sorted(campaigns))}
    given = {"kinds": sorted(kinds), **named}
    found = connection.execute(_newest_of(len(named)), given).mappings()
    return {row["campaign"]: _read(row) for row in found}


@cache
def _newest_of(count: int) -> sa.CompoundSelect[Any]:
    """The question for so many campaigns; putting it together takes longer than asking it."""
    wanted = entry.c.kind.in_(sa.bindparam("kinds", expanding=True))
    newest = sa.select(entry).where(wanted).order_by(entry.c.seq.desc()).limit(1)
    return sa.union_all(
        *(
            sa.select(newest.where(entry.c.campaign == sa.bindparam(f"campaign_{n}")).subquery())
            for n in range(count)
        )
    )


def _among(kinds: Collection[str], campaign: str) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if kinds:
        wanted.append(entry.c.kind.in_(sorted(kinds)))
    if campaign:
        wanted.append(entry.c.campaign == campaign)
    return wanted


def _read(row: sa.RowMapping) -> Entry:
    """An entry as it is kept: what the ledger wrote needs no second check to be shown."""
    return Entry.model_construct(**row)


def during(
    connection: sa.Connection, since: datetime, until: datetime, kinds: Collection[str]
) -> list[Entry]:
    """The entries of these kinds made in [since, until), oldest first."""
    query = sa.select(entry).where(*_among(kinds, ""), entry.c.at >= since, entry.c.at < until)
    return [_read(row) for row in connection.execute(query.order_by(entry.c.seq)).mappings()]
