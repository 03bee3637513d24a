"""Series: a metric a day with the range its days usually have, and what was changed meanwhile."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from drumbeat.app.pages.changes import Changes
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.usual import spark_of
from drumbeat.app.pages.words import headline, metric_name
from drumbeat.core.campaign.metric import unit
from drumbeat.core.campaign.quantity import Unit
from drumbeat.core.operations.metrics import value_of
from drumbeat.store import ledger, readings
from drumbeat.web.views.campaign import Marker, Series
from drumbeat.web.views.change import ChangeRow

_DAYS, _MARKERS = 56, 9
_MARKED = ("applied", "rolled_back", "froze", "escalated", "launched", "cycle_ended")


def series_of(
    ground: Ground, connection: sa.Connection, changes: Changes, campaign: str
) -> Series | None:
    """Up to eight weeks of the campaign's goal; None where nothing was ever measured."""
    metric = ground.campaigns[campaign].goal.metric
    today = ground.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    measured = readings.daily(connection, campaign, today - timedelta(days=_DAYS))
    known = [day for by_day in measured.values() for day in by_day if day < today]
    if not known:
        return None
    first = min(known)
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    scale = 1 / 100 if unit(metric) is Unit.MONEY else 1.0
    values = [_value(metric, measured, day, scale) for day in days]
    usual = spark_of([value or 0.0 for value in values])
    return Series(
        title=metric_name(metric),
        unit=_unit(metric, ground.currency),
        days=tuple(day.date() for day in days),
        values=tuple(values),
        low=usual.low,
        high=usual.high,
        markers=_markers(connection, changes, campaign, first),
    )


def _value(
    metric: str, measured: dict[str, dict[datetime, float]], day: datetime, scale: float
) -> float | None:
    value = value_of(
        metric, {name: by_day[day] for name, by_day in measured.items() if day in by_day}
    )
    return None if value is None else value * scale


def _unit(metric: str, currency: str) -> str:
    match unit(metric):
        case Unit.MONEY:
            return currency
        case Unit.PERCENT:
            return "share"
        case Unit.NUMBER:
            return "a day"


def _markers(
    connection: sa.Connection, changes: Changes, campaign: str, since: datetime
) -> tuple[Marker, ...]:
    """The latest changes, one a day and actor, numbered in order of time."""
    entries = ledger.older(connection, None, kinds=_MARKED, campaign=campaign, limit=200)
    rows = changes.rows(connection, [one for one in entries if one.at >= since])
    distinct: dict[tuple[str, str], ChangeRow] = {}
    for row in rows:
        distinct.setdefault((row.at.date().isoformat(), row.actor), row)
    shown = sorted(list(distinct.values())[:_MARKERS], key=lambda row: row.at)
    return tuple(
        Marker(number, row.at, row.actor_kind, _said(row), row.id)
        for number, row in enumerate(shown, 1)
    )


def _said(row: ChangeRow) -> str:
    """Who did what; of an escalation what it was about, for whom it went to is no news here."""
    if row.field.startswith("Escalated") and row.why:
        about = headline(row.why)
        return f"Escalated: {about[:1].lower()}{about[1:]}"
    return f"{row.actor}: {row.field}"
