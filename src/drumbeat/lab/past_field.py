"""Past field: one campaign's exported history, walked through day by day as if it were today."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from drumbeat.agents.improving.case import CURVES, LEARNS, LiveLine, SpendDay
from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.expected_gain import MATURES
from drumbeat.core.campaign.history import HistoryRow
from drumbeat.core.campaign.objects import Breadth, LineItem
from drumbeat.core.operations.day_signals import Measured
from drumbeat.lab.field import Move

_DAY = timedelta(days=1)
_LOOK = time(9, tzinfo=UTC)
# What a unit spent a day over its last week stands for its budget, which exports do not tell.
_BUDGET_DAYS = 7
# A unit that spent nothing for so long was not running.
_IDLE_DAYS = 3
NAMELESS = "(unnamed)"
_COUNTS = ("impressions", "reach", "clicks", "conversions")

Unit = dict[date, dict[str, float]]


@dataclass(frozen=True)
class Past:
    """A campaign's history by unit and day: counts, and money in minor units of ``currency``."""

    campaign: str
    currency: str
    units: Mapping[str, Unit]

    @property
    def days(self) -> tuple[date, ...]:
        """Every day from the first to the last."""
        known = sorted({day for unit in self.units.values() for day in unit})
        span = (known[-1] - known[0]).days + 1
        return tuple(known[0] + n * _DAY for n in range(span))

    def total(self, unit: str, metric: str, since: date, until: date) -> float:
        """The sum over [since, until)."""
        days = self.units[unit]
        return sum(counts.get(metric, 0.0) for day, counts in days.items() if since <= day < until)


def pasts_of(rows: Sequence[HistoryRow], by: str) -> tuple[Past, ...]:
    """History rows as one Past a campaign; ``by`` names the dimension that tells units apart.

    Rows that leave it empty are a unit together. Raises ValueError for rows without a day or
    spend, and where no row has that dimension.
    """
    if not any(by in row.dimensions for row in rows):
        known = ", ".join(sorted({name for row in rows for name in row.dimensions})) or "none"
        raise ValueError(f"no row has {by!r}; choose one of {known} with --by")
    found: dict[str, dict[str, Unit]] = defaultdict(lambda: defaultdict(dict))
    currency = ""
    for row in rows:
        if row.at is None:
            raise ValueError("the history has rows without a date; a replay goes day by day")
        if "spend" not in row.amounts:
            raise ValueError("the history has no spend; map a column with --map COLUMN=spend")
        currency = row.currency or currency
        unit = row.dimensions.get(by, NAMELESS)
        into = found[row.campaign][unit].setdefault(row.at, defaultdict(float))
        for metric in _COUNTS:
            into[metric] += float(row.measures.get(metric, 0))
        for amount in ("spend", "revenue"):
            into[amount] += 100.0 * float(row.amounts.get(amount, 0))
    return tuple(Past(name, currency, units) for name, units in sorted(found.items()))


@dataclass
class PastField:
    """One decider's walk through a Past. What it decides is noted and does not change what
    happened: its own pauses and budgets are only what it believes to be in force."""

    past: Past
    today: date
    _status: dict[str, str] = field(default_factory=dict)
    _changed: dict[str, datetime] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, _LOOK)

    @property
    def campaigns(self) -> Sequence[str]:
        return (self.past.campaign,)

    def measured(self, campaign: str) -> Measured:
        """The campaign's own days; an export knows nothing of the site."""
        own: dict[str, dict[datetime, float]] = defaultdict(lambda: defaultdict(float))
        units: dict[str, dict[str, dict[datetime, float]]] = {}
        for name, unit in self.past.units.items():
            mine = units.setdefault(name, defaultdict(dict))
            for day, counts in unit.items():
                if day < self.today:
                    moment = datetime.combine(day, time(tzinfo=UTC))
                    for metric, value in counts.items():
                        own[metric][moment] += value
                        mine[metric][moment] = value
        return Measured(own=own, site={}, creatives=units)

    def lines(self, days: int = 14) -> Sequence[LiveLine]:
        """Every unit that was running, with what it did in its last ``days``."""
        return list(self._lines(days))

    def place(self, move: Move) -> None:
        """Believe a decision to be in force from now on."""
        if "status" in move.after:
            self._status[move.target] = str(move.after["status"])
        self._changed[move.target] = self.now

    def _lines(self, days: int) -> Iterator[LiveLine]:
        for name in sorted(self.past.units):
            budget = self.budget(name)
            idle_since = self.today - _IDLE_DAYS * _DAY
            if budget <= 0 or not self.past.total(name, "spend", idle_since, self.today):
                continue
            changed = self._changed.get(name)
            yield LiveLine(
                target=name,
                item=self._item(name, round(budget)),
                record=self._record(name, self.today - days * _DAY),
                changed_at=changed,
                is_learning=changed is not None and self.now - changed < LEARNS,
                history=self._history(name),
            )

    def _history(self, unit: str) -> tuple[SpendDay, ...]:
        """The unit's days that its response to spend is told from, as for a live campaign."""
        since, until = self.today - CURVES, self.today - MATURES
        return tuple(
            SpendDay(day, round(counts["spend"]), counts["conversions"])
            for day, counts in sorted(self.past.units[unit].items())
            if since <= day < until
        )

    def budget(self, unit: str) -> float:
        """What a unit spent a day over its last week, in minor units."""
        since = self.today - _BUDGET_DAYS * _DAY
        return self.past.total(unit, "spend", since, self.today) / _BUDGET_DAYS

    def _item(self, unit: str, budget: int) -> LineItem:
        return LineItem(
            name=unit,
            daily_budget_minor=budget,
            currency=self.past.currency,
            segments=(unit,),
            breadth=Breadth.MEDIUM,
            creatives=(),
            bid_strategy="unknown",
            status="paused" if self._status.get(unit) == "paused" else "active",
            until=self.now + 30 * _DAY,
        )

    def _record(self, unit: str, since: date) -> LineRecord:
        def total(metric: str) -> float:
            return self.past.total(unit, metric, since, self.today)

        return LineRecord(
            name=unit,
            impressions=total("impressions"),
            clicks=total("clicks"),
            conversions=total("conversions"),
            spend_minor=total("spend"),
            revenue_minor=total("revenue"),
            currency=self.past.currency,
            source=f"history/{unit}",
        )
