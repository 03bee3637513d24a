"""Signals: independent readings beside their usual level, computed when a diagnosis asks."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from drumbeat.core.operations.diagnosis import Change
from drumbeat.core.operations.metrics import BASE, RATES, value_of
from drumbeat.core.operations.signal import change
from drumbeat.store import readings
from drumbeat.store.database import Database

_USUAL_DAYS = 14
# Whose word a metric is: the shop's system, the ad or mail platform, or our own connection.
_SHOP = frozenset(
    {
        "visits",
        "bounced_visits",
        "add_to_carts",
        "orders",
        "stock",
        "page_load_seconds",
        "brand_searches",
        "qualified_leads",
        "opportunities",
        "site_bounce_rate",
        "lead_to_opportunity_rate",
    }
)

Days = Mapping[str, Mapping[datetime, float]]


class Signals(Mapping[str, Change]):
    """One campaign's signals: the last whole day beside the two weeks before it."""

    def __init__(self, database: Database, now: datetime, campaign: str, away: bool) -> None:
        self._database = database
        self._now = now
        self._campaign = campaign
        self._away = away
        self._told: dict[str, Change] = {}

    def __getitem__(self, name: str) -> Change:
        if name == "connection":
            relative = -1.0 if self._away else 0.0
            return Change(relative=relative, is_clear=True, source="connection")
        if name not in BASE and name not in RATES:
            raise KeyError(name)
        if name not in self._told:
            is_shop = name in _SHOP
            days = self._shop if is_shop else self._own
            self._told[name] = self._change(name, days, "shop" if is_shop else "platform")
        return self._told[name]

    def __iter__(self) -> Iterator[str]:
        return iter(("connection", *BASE, *RATES))

    def __len__(self) -> int:
        return 1 + len(BASE) + len(RATES)

    def _change(self, name: str, days: Days, source: str) -> Change:
        latest = self._latest_day
        now = _value(name, days, latest)
        usual = [
            value
            for back in range(1, _USUAL_DAYS + 1)
            if (value := _value(name, days, latest - timedelta(days=back))) is not None
        ]
        return change(now, usual, source)

    @property
    def _latest_day(self) -> datetime:
        """The last day that is over: a day in the middle has no fair comparison."""
        today = self._now.astimezone(UTC)
        whole = today.replace(hour=0, minute=0, second=0, microsecond=0)
        return whole - timedelta(days=1)

    @cached_property
    def _own(self) -> Days:
        return self._read(self._campaign)

    @cached_property
    def _shop(self) -> Days:
        return self._read("")

    def _read(self, campaign: str) -> Days:
        since = self._latest_day - timedelta(days=_USUAL_DAYS)
        with self._database.read() as connection:
            return readings.daily(connection, campaign, since)


def _value(name: str, days: Days, day: datetime) -> float | None:
    counts = {metric: values[day] for metric, values in days.items() if day in values}
    return value_of(name, counts)


class DailySignals:
    """The signals of each campaign, kept for a day: they only speak of days that are over."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool], tuple[date, Signals]] = {}

    def of(self, database: Database, now: datetime, campaign: str, *, away: bool) -> Signals:
        today = now.astimezone(UTC).date()
        day, signals = self._kept.get((campaign, away), (None, None))
        if signals is None or day != today:
            signals = Signals(database, now, campaign, away)
            self._kept[campaign, away] = (today, signals)
        return signals
