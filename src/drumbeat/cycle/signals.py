"""Signals: a campaign's days and the site's, read from the store when a diagnosis asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.json_value import JsonValue
from drumbeat.core.operations.change import Change
from drumbeat.core.operations.day_signals import (
    SEND_DAYS,
    USUAL_DAYS,
    DaySignals,
    Mailing,
    Measured,
)
from drumbeat.core.operations.diagnosis import SPANS
from drumbeat.store import effects, readings
from drumbeat.store.database import Database
from drumbeat.store.readings import EPOCH

_DAY = timedelta(days=1)
_BACK = (USUAL_DAYS + max(SPANS)) * _DAY
# Mails are compared with the last eight, and most come once a week.
_SENDS_BACK = timedelta(weeks=10)
_OF_SENDS = ("delivered", "opens", "clicks", "unsubscribes", "complaints")
_OF_CREATIVES = ("impressions", "reach", "clicks", "spend")


@dataclass(frozen=True)
class Looks:
    """A campaign's signals over its last whole day, and over each longer one of ``SPANS``."""

    day: Mapping[str, Change]
    longer: tuple[Mapping[str, Change], ...]


class DailySignals:
    """The signals of each campaign, kept for a day: they only speak of days that are over."""

    def __init__(self) -> None:
        self._day = date.min
        self._site: readings.Days = {}
        self._kept: dict[tuple[str, bool], Looks] = {}

    def of(self, database: Database, now: datetime, campaign: str, *, away: bool) -> Looks:
        today = now.astimezone(UTC).date()
        latest = _midnight(now) - _DAY
        if today != self._day:
            with database.read() as connection:
                self._site = readings.daily(connection, "", latest - _BACK)
            self._day, self._kept = today, {}
        looks = self._kept.get((campaign, away))
        if looks is None:
            measured = _Past(database, campaign, latest).measured(self._site, is_away=away)
            day, *longer = (DaySignals(measured, latest, span) for span in SPANS)
            looks = Looks(day, tuple(longer))
            self._kept[campaign, away] = looks
        return looks


@dataclass
class _Past:
    database: Database
    campaign: str
    latest: datetime

    def measured(self, site: readings.Days, *, is_away: bool) -> Measured:
        since = self.latest - _BACK
        with self.database.read() as connection:
            own = readings.daily(connection, self.campaign, since)
            budget = self._budget(connection, since)
            return Measured(
                own=own,
                site=site,
                creatives=self._creatives(connection, since) if budget else {},
                sends=tuple(self._sends(connection)) if "delivered" in own else (),
                budget=budget,
                is_away=is_away,
            )

    def _creatives(self, connection: sa.Connection, since: datetime) -> dict[str, readings.Days]:
        return readings.by_target(
            connection, self.campaign, "line_item:", _OF_CREATIVES, since, part="creative"
        )

    def _sends(self, connection: sa.Connection) -> Iterator[Mailing]:
        """Mails with the counts of their first days, so that young and old are compared alike."""
        since = self.latest - _SENDS_BACK
        sends = readings.by_target(connection, self.campaign, "send:", _OF_SENDS, since)
        for by_metric in sends.values():
            out = [day for day, count in by_metric.get("delivered", {}).items() if count]
            if out:
                yield Mailing(min(out), _first_days(by_metric, min(out)))

    def _budget(self, connection: sa.Connection, since: datetime) -> dict[datetime, float]:
        """The money a day that the changes we made allow, day by day."""
        made = effects.finished(connection, self.campaign, EPOCH, kind="line_item:")
        states = [
            _State(one.finished_at, one.target, _line(one.receipt.state))
            for one in reversed(made)
            if one.finished_at and one.receipt
        ]
        days = (since + n * _DAY for n in range((self.latest - since).days + 1))
        return {day: _allowed(states, day + _DAY) for day in days if _has_begun(states, day)}


@dataclass(frozen=True)
class _State:
    """What a change of ours left behind."""

    at: datetime
    target: str
    item: LineItem | None


def _line(state: JsonValue) -> LineItem | None:
    return None if state is None else LineItem.model_validate(state)


def _has_begun(states: list[_State], day: datetime) -> bool:
    return bool(states) and states[0].at < day + _DAY


def _allowed(states: list[_State], until: datetime) -> float:
    """The daily budgets of what was active at a moment, in minor units."""
    last = {one.target: one.item for one in states if one.at < until}
    live = (
        item.daily_budget_minor
        for item in last.values()
        if item is not None and item.status == "active" and item.until > until - _DAY
    )
    return float(sum(live))


def _first_days(by_metric: readings.Days, first: datetime) -> dict[str, float]:
    days = [first + number * _DAY for number in range(SEND_DAYS)]
    return {
        metric: sum(count for day in days if (count := counts.get(day)) is not None)
        for metric, counts in by_metric.items()
        if any(day in counts for day in days)
    }


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
