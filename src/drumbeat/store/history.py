"""History: what was imported of the time before Drumbeat, summed to one row a group."""

from collections.abc import Iterable

import sqlalchemy as sa

from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.canonical import name
from drumbeat.store.tables import history


def replace(connection: sa.Connection, source: str, rows: Iterable[HistoryRow]) -> int:
    """Keep the rows of one source; importing the same source again takes their place."""
    connection.execute(history.delete().where(history.c.source == source))
    kept = [
        {
            "id": name("hist", source, number, row.campaign),
            "kind": row.kind,
            "day": row.at.isoformat() if row.at else "",
            "campaign": row.campaign,
            "source": source,
            "body": row,
        }
        for number, row in enumerate(rows)
    ]
    if kept:
        connection.execute(history.insert(), kept)
    return len(kept)


def rows(connection: sa.Connection, kind: HistoryKind) -> tuple[HistoryRow, ...]:
    """Every row of a kind, oldest first."""
    query = sa.select(history.c.body).where(history.c.kind == kind)
    ordered = query.order_by(history.c.day, history.c.id)
    return tuple(HistoryRow.model_validate(body) for (body,) in connection.execute(ordered))


def sources(connection: sa.Connection) -> dict[str, int]:
    """How many rows each imported source left."""
    query = sa.select(history.c.source, sa.func.count()).group_by(history.c.source)
    return {row[0]: row[1] for row in connection.execute(query)}
