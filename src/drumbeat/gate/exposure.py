"""Exposure: under each cap, the worse of what we promised and what the platforms report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.money import Money
from drumbeat.gate.door import Door
from drumbeat.gate.scopes import caps_at, window_start
from drumbeat.store import budgets, readings


@dataclass(frozen=True)
class Exposure:
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


def exposures(door: Door, connection: sa.Connection, campaign: str) -> Iterator[Exposure]:
    """Every cap that binds the campaign now, its own first."""
    rules, now = door.rules, door.now
    caps = caps_at(rules, campaign, now)
    promised = budgets.committed_of(connection, caps, now)
    for scope, cap in caps.items():
        own = scope.startswith("campaign:")
        zone = rules.campaigns[campaign].timezone if own else rules.timezone
        among = (campaign,) if own else tuple(rules.campaigns)
        currency = cap.amount.currency
        yield Exposure(
            scope=scope,
            cap=cap.amount,
            committed=Money(minor=promised.get(scope, 0), currency=currency),
            spent=_spent(connection, among, window_start(cap.period, now, zone), currency),
        )


def _spent(
    connection: sa.Connection, campaigns: tuple[str, ...], since: datetime, currency: str
) -> Money | None:
    minor = readings.total(connection, campaigns, "spend", since)
    return None if minor is None else Money(minor=round(minor), currency=currency)
