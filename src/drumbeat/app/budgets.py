"""Budgets: every cap in force with what is promised under it and what platforms say was spent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.core.money import Money, Period
from drumbeat.gate.scopes import caps_at
from drumbeat.store import budgets, readings

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True)
class BudgetLine:
    """One cap. ``spent`` is what platforms report for its window, None where none has reported.

    ``exposure`` is the larger of promised and spent: the worse of two accounts is believed.
    """

    scope: str
    cap: Money
    committed: Money
    spent: Money | None

    @property
    def exposure(self) -> Money:
        return max(self.committed, self.spent or self.committed, key=lambda money: money.minor)

    @property
    def left(self) -> Money:
        return self.cap - self.exposure


def budget_lines(app: App) -> tuple[BudgetLine, ...]:
    """Every cap that binds some campaign now, each once."""
    with app.database.read() as connection:
        lines = {
            line.scope: line for name in app.files.campaigns for line in _of(app, connection, name)
        }
    return tuple(lines.values())


def _of(app: App, connection: sa.Connection, campaign: str) -> Iterator[BudgetLine]:
    rules, now = app.gate.door.rules, app.clock.now()
    caps = caps_at(rules, campaign, now)
    promised = budgets.committed_of(connection, caps, now)
    for scope, cap in caps.items():
        own = scope.startswith("campaign:")
        zone = rules.campaigns[campaign].timezone if own else rules.timezone
        since = window_start(cap.period, now, zone)
        among = (campaign,) if own else tuple(app.files.campaigns)
        currency = cap.amount.currency
        yield BudgetLine(
            scope=scope,
            cap=cap.amount,
            committed=Money(minor=promised.get(scope, 0), currency=currency),
            spent=_spent(connection, among, since, currency),
        )


def _spent(
    connection: sa.Connection, campaigns: tuple[str, ...], since: datetime, currency: str
) -> Money | None:
    found = readings.daily_of(connection, campaigns, ("spend",), since)
    if not found:
        return None
    minor = sum(sum(by_metric.get("spend", {}).values()) for by_metric in found.values())
    return Money(minor=round(minor), currency=currency)


def window_start(period: Period, now: datetime, timezone: str) -> datetime:
    """The local midnight at which the calendar window that holds ``now`` began."""
    local = now.astimezone(ZoneInfo(timezone))
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH | Period.QUARTER | Period.YEAR:
            length = _MONTHS[period]
            return day.replace(day=1, month=(day.month - 1) // length * length + 1)
