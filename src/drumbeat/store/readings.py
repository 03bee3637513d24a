"""Readings: measured values, the newest word on each window."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.canonical import canonical
from drumbeat.core.operations.reading import Reading
from drumbeat.store.tables import reading


def save(
    connection: sa.Connection, campaigns: Mapping[str, str], readings: Iterable[Reading]
) -> None:
    """Keep them under their target's campaign; a later ``as_of`` of a window replaces it."""
    rows = [
        {
            "target": one.target,
            "metric": one.metric,
            "since": one.since,
            "until": one.until,
            "dimensions": canonical(one.dimensions).decode(),
            "as_of": one.as_of,
            "value": one.value,
            "currency": one.currency,
            "source": one.source,
            "campaign": campaigns.get(one.target, ""),
        }
        for one in readings
    ]
    if not rows:
        return
    dialect = connection.dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    statement = insert(reading)
    keys = ["target", "metric", "since", "until", "dimensions"]
    fresh = {c: statement.excluded[c] for c in ("as_of", "value", "currency", "source", "campaign")}
    newer = statement.excluded.as_of >= reading.c.as_of
    statement = statement.on_conflict_do_update(index_elements=keys, set_=fresh, where=newer)
    connection.execute(statement, rows)


def of(
    connection: sa.Connection,
    *,
    campaign: str = "",
    targets: Sequence[str] = (),
    metrics: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Reading]:
    """Readings narrowed where asked, in time order."""
    query = sa.select(reading).order_by(reading.c.since, reading.c.target, reading.c.metric)
    for column, wanted in ((reading.c.target, targets), (reading.c.metric, metrics)):
        if wanted:
            query = query.where(column.in_(wanted))
    if campaign:
        query = query.where(reading.c.campaign == campaign)
    if since is not None:
        query = query.where(reading.c.since >= since)
    if until is not None:
        query = query.where(reading.c.until <= until)
    rows = connection.execute(query).mappings()
    return [
        Reading.model_construct(
            **{
                **{k: v for k, v in row.items() if k != "campaign"},
                "dimensions": json.loads(row["dimensions"]),
            }
        )
        for row in rows
    ]


Totals = dict[str, dict[tuple[str, str], dict[str, float]]]


def totals(
    connection: sa.Connection,
    campaign: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    parts: bool = True,
) -> Totals:
    """Sums by target, then by (dimension, value), then by base metric.

    The key ("", "") holds the whole target; a reading with one dimension is a part of it, left
    out when ``parts`` are not asked for.
    """
    value = sa.func.sum(reading.c.value)
    query = sa.select(reading.c.target, reading.c.dimensions, reading.c.metric, value)
    query = query.where(reading.c.campaign == campaign)
    if not parts:
        query = query.where(reading.c.dimensions == "{}")
    if since is not None:
        query = query.where(reading.c.since >= since)
    if until is not None:
        query = query.where(reading.c.until <= until)
    query = query.group_by(reading.c.target, reading.c.dimensions, reading.c.metric)
    found: Totals = defaultdict(lambda: defaultdict(dict))
    for target, dimensions, metric, amount in connection.execute(query):
        named = json.loads(dimensions)
        if len(named) <= 1:
            key = next(((str(k), str(v)) for k, v in named.items()), ("", ""))
            found[target][key][metric] = float(amount)
    return {target: dict(by_part) for target, by_part in found.items()}


def daily(
    connection: sa.Connection, campaign: str, since: datetime
) -> dict[str, dict[datetime, float]]:
    """Sums by base metric and day over a campaign's whole targets; "" is the shop's own."""
    query = (
        sa.select(reading.c.metric, reading.c.since, sa.func.sum(reading.c.value))
        .where(reading.c.campaign == campaign, reading.c.since >= since)
        .where(reading.c.dimensions == "{}")
        .group_by(reading.c.metric, reading.c.since)
        .order_by(reading.c.metric, reading.c.since)
    )
    found: dict[str, dict[datetime, float]] = defaultdict(dict)
    for metric, day, value in connection.execute(query):
        found[metric][day] = float(value)
    return dict(found)


def daily_of(
    connection: sa.Connection,
    campaigns: Collection[str],
    metrics: Collection[str],
    since: datetime,
) -> dict[str, dict[str, dict[datetime, float]]]:
    """The same for several campaigns and chosen base metrics: campaign, metric, day, sum."""
    query = (
        sa.select(
            reading.c.campaign, reading.c.metric, reading.c.since, sa.func.sum(reading.c.value)
        )
        .where(reading.c.campaign.in_(sorted(campaigns)), reading.c.metric.in_(sorted(metrics)))
        .where(reading.c.since >= since, reading.c.dimensions == "{}")
        .group_by(reading.c.campaign, reading.c.metric, reading.c.since)
    )
    found: dict[str, dict[str, dict[datetime, float]]] = defaultdict(lambda: defaultdict(dict))
    for campaign, metric, day, value in connection.execute(query) if campaigns else ():
        found[campaign][metric][day] = float(value)
    return {campaign: dict(by_metric) for campaign, by_metric in found.items()}


def total(
    connection: sa.Connection, campaigns: Collection[str], metric: str, since: datetime
) -> float | None:
    """The sum of a metric over these campaigns from then on; None where nobody has reported."""
    among = reading.c.campaign.in_(sorted(campaigns)), reading.c.metric == metric
    query = sa.select(sa.func.sum(reading.c.value)).where(*among)
    whole = query.where(reading.c.since >= since, reading.c.dimensions == "{}")
    value = connection.execute(whole).scalar()
    return None if value is None else float(value)


def daily_by_target(
    connection: sa.Connection,
    campaign: str,
    metrics: Collection[str],
    *,
    since: datetime,
    until: datetime,
) -> dict[str, dict[datetime, dict[str, float]]]:
    """Values of a campaign's whole targets by target, day and base metric, in [since, until)."""
    query = (
        sa.select(reading.c.target, reading.c.since, reading.c.metric, reading.c.value)
        .where(reading.c.campaign == campaign, reading.c.metric.in_(sorted(metrics)))
        .where(reading.c.since >= since, reading.c.until <= until)
        .where(reading.c.dimensions == "{}")
    )
    found: dict[str, dict[datetime, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for target, day, metric, value in connection.execute(query):
        found[target][day][metric] = float(value)
    return {target: dict(days) for target, days in found.items()}


def newest_by_campaign(connection: sa.Connection) -> dict[str, datetime]:
    """When each campaign was measured last; "" is the shop's own."""
    newest = sa.type_coerce(sa.func.max(reading.c.as_of), reading.c.as_of.type)
    query = sa.select(reading.c.campaign, newest).group_by(reading.c.campaign)
    return {row[0]: row[1] for row in connection.execute(query)}


def sums(
    connection: sa.Connection, metrics: Collection[str], since: datetime, until: datetime
) -> dict[str, float]:
    """Sums by base metric over all campaigns' whole targets in [since, until)."""
    query = (
        sa.select(reading.c.metric, sa.func.sum(reading.c.value))
        .where(reading.c.campaign != "", reading.c.metric.in_(sorted(metrics)))
        .where(reading.c.since >= since, reading.c.since < until)
        .where(reading.c.dimensions == "{}")
        .group_by(reading.c.metric)
    )
    return {row[0]: float(row[1]) for row in connection.execute(query)}
