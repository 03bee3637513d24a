"""Readings: measured values, the newest word on each window."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa

from drumbeat.core.canonical import canonical
from drumbeat.core.operations.reading import Reading, Value
from drumbeat.store.platform_tables import reading
from drumbeat.store.prepared import Prepared

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def save(
    connection: sa.Connection, campaigns: Mapping[str, str], readings: Collection[Reading]
) -> None:
    """Keep them under their target's campaign; a later ``as_of`` of a window replaces it."""
    texts = _dimension_texts(readings)
    rows = [
        {
            "target": one.target,
            "metric": one.metric,
            "since": one.since,
            "until": one.until,
            "dimensions": texts[repr(one.dimensions)],
            "as_of": one.as_of,
            "value": one.value,
            "currency": one.currency,
            "source": one.source,
            "campaign": campaigns.get(one.target, ""),
        }
        for one in readings
    ]
    if rows:
        connection.execute(_upsert(connection.dialect.name), rows)


def _dimension_texts(readings: Collection[Reading]) -> dict[str, str]:
    """Their dimensions' canonical text by repr, which tells 1 from 1.0 and from True: a batch
    holds the same few a hundred times."""
    named = {repr(one.dimensions): one.dimensions for one in readings}
    return {key: canonical(dimensions).decode() for key, dimensions in named.items()}


@cache
def _upsert(dialect: str) -> sa.Insert:
    """Insert a window's value, or put a later word on it in its place."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    statement = insert(reading)
    fresh = {c: statement.excluded[c] for c in ("as_of", "value", "currency", "source")}
    newer = statement.excluded.as_of >= reading.c.as_of
    keys = list(reading.primary_key)
    return statement.on_conflict_do_update(index_elements=keys, set_=fresh, where=newer)


# Sums by day and base metric.
Days = dict[str, dict[datetime, float]]
# Sums by target, then by (dimension, value), then by base metric.
Totals = dict[str, dict[tuple[str, str], dict[str, float]]]

_VALUES = sa.select(
    reading.c.target, reading.c.metric, reading.c.since, reading.c.value, reading.c.dimensions
).order_by(reading.c.since, reading.c.target, reading.c.metric)

# Built once, and asked at every look. Adding up is left to the database: a row that travels here
# costs more than the sum it goes into.
_CAMPAIGN = reading.c.campaign == sa.bindparam("campaign")
_SINCE = reading.c.since >= sa.bindparam("since", type_=reading.c.since.type)
_UNTIL = reading.c.until <= sa.bindparam("until", type_=reading.c.until.type)
_WHOLE = reading.c.dimensions == "{}"
_METRICS = reading.c.metric.in_(sa.bindparam("metrics", expanding=True))
_SUM = sa.func.sum(reading.c.value)
_PARTS = Prepared(
    sa.select(reading.c.target, reading.c.dimensions, reading.c.metric, _SUM)
    .where(_CAMPAIGN, _SINCE, _UNTIL)
    .group_by(reading.c.target, reading.c.dimensions, reading.c.metric)
)
_TOTALS = Prepared(
    sa.select(reading.c.target, reading.c.metric, _SUM)
    .where(_CAMPAIGN, _SINCE, _UNTIL, _WHOLE)
    .group_by(reading.c.target, reading.c.metric)
)
_DAILY = Prepared(
    sa.select(reading.c.metric, reading.c.since, _SUM)
    .where(_CAMPAIGN, _SINCE, _WHOLE)
    .group_by(reading.c.metric, reading.c.since)
    .order_by(reading.c.metric, reading.c.since)
)
_BY_TARGET = sa.select(
    reading.c.target, reading.c.dimensions, reading.c.metric, reading.c.since, reading.c.value
)
_BY_TARGET = _BY_TARGET.where(
    _CAMPAIGN, _SINCE, _METRICS, reading.c.target.startswith(sa.bindparam("kind"))
)
_BY_TARGET = _BY_TARGET.order_by(reading.c.since, reading.c.target, reading.c.metric)
_WHOLE_BY_TARGET = _BY_TARGET.where(_WHOLE)
# Of several dimensions the first by name leads the text.
_PARTS_BY_TARGET = _BY_TARGET.where(reading.c.dimensions.startswith(sa.bindparam("part")))
_TOTAL = sa.select(_SUM).where(_SINCE, _WHOLE, reading.c.metric == sa.bindparam("metric"))
_TOTAL = _TOTAL.where(reading.c.campaign.in_(sa.bindparam("campaigns", expanding=True)))
_DAILY_BY_TARGET = sa.select(
    reading.c.target, reading.c.since, reading.c.metric, reading.c.value
).where(_CAMPAIGN, _METRICS, _SINCE, _UNTIL, _WHOLE)


def of(
    connection: sa.Connection,
    campaign: str,
    *,
    targets: Sequence[str] = (),
    metrics: Sequence[str] = (),
    kind: str = "",
    part: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Value]:
    """Readings of a campaign ("" is the shop's own), narrowed where asked, in time order, as far
    as sums need them. ``kind`` is what their targets' names begin with; ``part`` the first of
    their dimensions by name, "" for those that have none."""
    query = _VALUES.where(reading.c.campaign == campaign)
    if part is not None:
        dimensions = reading.c.dimensions
        query = query.where(dimensions.startswith(_led_by(part)) if part else dimensions == "{}")
    for column, wanted in ((reading.c.target, targets), (reading.c.metric, metrics)):
        if wanted:
            query = query.where(column.in_(wanted))
    if kind:
        query = query.where(reading.c.target.startswith(kind))
    if since is not None:
        query = query.where(reading.c.since >= since)
    if until is not None:
        query = query.where(reading.c.until <= until)
    parts_of = cache(json.loads)  # many readings have the same few
    return [
        Value(target, metric, start, value, parts_of(dimensions))
        for target, metric, start, value, dimensions in connection.execute(query).all()
    ]


def _led_by(part: str) -> str:
    return f'{{"{part}":'


def totals(
    connection: sa.Connection,
    campaign: str,
    *,
    since: datetime = EPOCH,
    until: datetime = FOREVER,
    parts: bool = True,
) -> Totals:
    """Sums by target, then by (dimension, value), then by base metric.

    The key ("", "") holds the whole target; a reading with one dimension is a part of it, left
    out when ``parts`` are not asked for.
    """
    given = {"campaign": campaign, "since": since, "until": until}
    found: Totals = {}
    if not parts:
        for target, metric, amount in _TOTALS.all(connection, **given):
            found.setdefault(target, {}).setdefault(("", ""), {})[metric] = float(amount)
        return found
    part_of = cache(_part)
    for target, dimensions, metric, amount in _PARTS.all(connection, **given):
        part = part_of(dimensions)
        if part is not None:
            found.setdefault(target, {}).setdefault(part, {})[metric] = float(amount)
    return found


def _part(dimensions: str) -> tuple[str, str] | None:
    """The one dimension and its value, ("", "") for the whole, None for a part of a part."""
    named = json.loads(dimensions)
    if len(named) > 1:
        return None
    return next(((str(k), str(v)) for k, v in named.items()), ("", ""))


def daily(connection: sa.Connection, campaign: str, since: datetime) -> Days:
    """Sums by base metric and day over a campaign's whole targets; "" is the shop's own."""
    found: Days = {}
    given = {"campaign": campaign, "since": since}
    for metric, day, value in _DAILY.all(connection, **given):
        found.setdefault(metric, {})[day] = float(value)
    return found


def by_target(
    connection: sa.Connection,
    campaign: str,
    kind: str,
    metrics: Collection[str],
    since: datetime,
    *,
    part: str = "",
) -> dict[str, Days]:
    """Values by target, base metric and day, of the targets whose name starts with ``kind``.

    With ``part``, a dimension such as "creative", the keys are ``<target>#<its value>``.
    """
    given = {"campaign": campaign, "kind": kind, "metrics": sorted(metrics), "since": since}
    if part:
        given["part"] = _led_by(part)
    found: dict[str, Days] = {}
    value_of = cache(lambda dimensions: json.loads(dimensions).get(part))
    query = _PARTS_BY_TARGET if part else _WHOLE_BY_TARGET
    for target, dimensions, metric, day, amount in connection.execute(query, given).all():
        value = value_of(dimensions) if part else None
        if part and not value:
            continue
        key = f"{target}#{value}" if part else target
        found.setdefault(key, {}).setdefault(metric, {})[day] = amount
    return found


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
    given = {"campaigns": sorted(campaigns), "metric": metric, "since": since}
    value = connection.execute(_TOTAL, given).scalar()
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
    given = {"campaign": campaign, "metrics": sorted(metrics), "since": since, "until": until}
    found: dict[str, dict[datetime, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for target, day, metric, value in connection.execute(_DAILY_BY_TARGET, given):
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
