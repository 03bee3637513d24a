"""Signals: a campaign's days and the site's, read from the store when a diagnosis asks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pydantic import JsonValue

from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.operations.day_signals import (
    SEND_DAYS,
    USUAL_DAYS,
    DaySignals,
    Mailing,
    Measured,
)
from drumbeat.core.operations.diagnosis import Change
from drumbeat.store import effects, readings
from drumbeat.store.database import Database

_DAY = timedelta(days=1)
# Days pooled beside the single one: surer, and later.
_POOLED = 3
# Mails are compared with the last eight, and most come once a week.
_SENDS_BACK = timedelta(weeks=10)
_OF_SENDS = ("delivered", "opens", "clicks", "unsubscribes", "complaints")
_OF_CREATIVES = ("impressions", "reach", "clicks", "spend")


@dataclass(frozen=True)
class Looks:
    """A campaign's signals over its last whole day, and over its last three."""

    day: Mapping[str, Change]
    pooled: Mapping[str, Change]


class DailySignals:
    """The signals of each campaign, kept for a day: they only speak of days that are over."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool], tuple[date, Looks]] = {}

    def of(self, database: Database, now: datetime, campaign: str, *, away: bool) -> Looks:
        today = now.astimezone(UTC).date()
        day, looks = self._kept.get((campaign, away), (None, None))
        if looks is None or day != today:
            latest = _midnight(now) - _DAY
            measured = _Past(database, campaign, latest).measured(is_away=away)
            looks = Looks(DaySignals(measured, latest), DaySignals(measured, latest, _POOLED))
            self._kept[campaign, away] = (today, looks)
        return looks


@dataclass
class _Past:
    database: Database
    campaign: str
    latest: datetime

    def measured(self, *, is_away: bool) -> Measured:
        since = self.latest - (USUAL_DAYS + _POOLED) * _DAY
        with self.database.read() as connection:
            return Measured(
                own=readings.daily(connection, self.campaign, since),
                site=readings.daily(connection, "", since),
                creatives=self._creatives(since),
                sends=tuple(self._sends()),
                budget=self._budget(since),
                is_away=is_away,
            )

    def _creatives(self, since: datetime) -> dict[str, dict[str, dict[datetime, float]]]:
        found: dict[str, dict[str, dict[datetime, float]]] = defaultdict(lambda: defaultdict(dict))
        with self.database.read() as connection:
            for one in readings.of(
                connection, campaign=self.campaign, metrics=_OF_CREATIVES, since=since
            ):
                creative = one.dimensions.get("creative")
                if creative:
                    found[f"{one.target}#{creative}"][one.metric][one.since] = one.value
        return found

    def _sends(self) -> Iterator[Mailing]:
        """Mails with the counts of their first days, so that young and old are compared alike."""
        by_target: dict[str, dict[datetime, dict[str, float]]] = defaultdict(dict)
        with self.database.read() as connection:
            for one in readings.of(
                connection,
                campaign=self.campaign,
                metrics=_OF_SENDS,
                since=self.latest - _SENDS_BACK,
            ):
                if one.target.startswith("send:") and not one.dimensions:
                    by_target[one.target].setdefault(one.since, {})[one.metric] = one.value
        for days in by_target.values():
            out = [day for day, counts in days.items() if counts.get("delivered")]
            if out:
                yield Mailing(min(out), _first_days(days, min(out)))

    def _budget(self, since: datetime) -> dict[datetime, float]:
        """The money a day that the changes we made allow, day by day."""
        with self.database.read() as connection:
            made = effects.finished(connection, self.campaign, _EPOCH)
        states = [
            _State(one.finished_at, one.target, one.receipt.state)
            for one in reversed(made)
            if one.finished_at and one.receipt and one.target.startswith("line_item:")
        ]
        days = (since + n * _DAY for n in range((self.latest - since).days + 1))
        return {day: _allowed(states, day + _DAY) for day in days if _has_begun(states, day)}


@dataclass(frozen=True)
class _State:
    """What a change of ours left behind."""

    at: datetime
    target: str
    state: JsonValue


def _has_begun(states: list[_State], day: datetime) -> bool:
    return bool(states) and states[0].at < day + _DAY


def _allowed(states: list[_State], until: datetime) -> float:
    """The daily budgets of what was active at a moment, in minor units."""
    last = {one.target: one.state for one in states if one.at < until}
    items = (LineItem.model_validate(one) for one in last.values() if one is not None)
    live = (item for item in items if item.status == "active" and item.until > until - _DAY)
    return float(sum(item.daily_budget_minor for item in live))


def _first_days(days: Mapping[datetime, Mapping[str, float]], first: datetime) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for number in range(SEND_DAYS):
        for metric, value in days.get(first + number * _DAY, {}).items():
            total[metric] += value
    return dict(total)


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
