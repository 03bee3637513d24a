"""Lab: hands simulated markets to the bench; the only place where it meets their truth."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from drumbeat.agents.improving.case import LEARNS, LiveLine, SpendDay
from drumbeat.connectors.simulated.market.figure import Figure
from drumbeat.connectors.simulated.market.journal import Journal
from drumbeat.connectors.simulated.market.order import Order, Refusal
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.connectors.simulated.market.scenario import Scenario, load
from drumbeat.connectors.simulated.market.truth import Truth
from drumbeat.connectors.simulated.market.world import World
from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.expected_gain import MATURES
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.operations.day_signals import SEND_DAYS, Mailing, Measured
from drumbeat.lab.field import Balance, Move
from drumbeat.lab.mix import ADS, CAMPAIGNS, opening
from drumbeat.lab.scenario_file import BadScenario, LabScenario

_DAY = timedelta(days=1)
_SITE = "site:shop"
_OF_CREATIVES = frozenset({"impressions", "reach", "clicks", "spend"})
# Posts are news for this long; after it next to nothing is added to their counts.
_POST_LIVES = timedelta(days=4)


def open_market(scenario: LabScenario, seed: int) -> "MarketField":
    """A market with the bench's campaigns running in it. Raises BadScenario."""
    return MarketField(scenario, market_of(scenario), seed)


def market_of(scenario: LabScenario) -> Scenario:
    """The market part of a scenario file. Raises BadScenario."""
    try:
        return load({**scenario.market, "name": scenario.name})
    except ValueError as error:
        raise BadScenario(f"{scenario.name}: market: {error}") from error


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, the market's own fields included."""
    whole = LabScenario.model_json_schema(mode="validation")
    market = Scenario.model_json_schema(mode="validation")
    definitions = {**whole.pop("$defs", {}), **market.pop("$defs", {})}
    whole["properties"]["market"] = {**market, "default": {}}
    return {"title": "Drumbeat: scenario of a bench", **_untitled(whole), "$defs": definitions}


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}


class MarketField:
    """A market read day by day, as a campaign's watch would read it."""

    def __init__(self, scenario: LabScenario, market: Scenario, seed: int) -> None:
        start = datetime.combine(scenario.start, datetime.min.time(), UTC)
        self._world = World(market, start, seed, Journal(None))
        self._truth = Truth(self._world)
        self._keys = 0
        self._mine: dict[str, dict[str, Any]] = {}
        self._changed: dict[str, datetime] = {}
        self._own: dict[str, dict[str, dict[datetime, float]]] = {}
        self._creatives: dict[str, dict[str, dict[datetime, float]]] = {}
        self._budget: dict[datetime, float] = {}
        self._read_to = start
        self._out: dict[str, datetime] = {}
        self._sends: dict[str, datetime] = {}
        self._ripe: dict[str, Mailing] = {}
        self._spent: dict[str, dict[datetime, SpendDay]] = defaultdict(dict)
        for target, state in opening(start, scenario.weeks, market.currency, market.networks):
            self._open(target, state)

    @property
    def now(self) -> datetime:
        return self._world.now

    @property
    def campaigns(self) -> Sequence[str]:
        return CAMPAIGNS

    def advance(self, to: datetime) -> None:
        self._world.advance(to)

    def measured(self, campaign: str) -> Measured:
        self._read_on()
        return Measured(
            own=self._own.get(campaign, {}),
            site=self._own.get("", {}),
            creatives=self._creatives if campaign == ADS else {},
            sends=tuple(self._mailings()) if campaign == CAMPAIGNS[1] else (),
            budget=self._budget if campaign == ADS else {},
            is_away=self._world.is_unreachable(self.now),
        )

    def lines(self, days: int = 14) -> Sequence[LiveLine]:
        since = max(self.now - days * _DAY, self._world.start)
        items = [target for target in self._mine if target.startswith("line_item:")]
        return [self._line(target, since) for target in items]

    def place(self, move: Move) -> bool:
        if self._world.is_unreachable(self.now):
            return False
        self._keys += 1
        try:
            self._world.apply(Order(move.target, dict(move.after)), f"move-{self._keys}", self.now)
        except Refusal:
            return False
        self._mine[move.target] = {**self._mine[move.target], **move.after}
        self._changed[move.target] = self.now
        return True

    def balance(self, since: datetime, until: datetime) -> Balance:
        worth = self._truth.worth(since, until)
        sold = (
            self._truth.incremental(source, since, until)[1]
            for source in (Source.EMAIL, Source.ADS, Source.SOCIAL)
        )
        return Balance(worth=worth.total, spend=worth.spend, revenue=sum(sold))

    def what_if(self, moves: Sequence[Move], until: datetime) -> int:
        orders = [Order(move.target, dict(move.after)) for move in moves]
        return self._truth.what_if(orders, self.now, until, ads_only=True).total

    def _open(self, target: str, state: dict[str, Any]) -> None:
        self._mine[target] = state
        self._world.apply(Order(target, state), f"open-{target}", self._read_to)
        at = state.get("publish_at") or state.get("send_at")
        self._out[target] = datetime.fromisoformat(at) if at else self._read_to
        if target.startswith("send:"):
            self._sends[target] = self._out[target]

    def _read_on(self) -> None:
        """Read the days that are over since the last look; only who asks pays for readings."""
        if self._world.is_unreachable(self.now):
            return
        while self._read_to + _DAY <= self.now:
            self._read_day(self._read_to)
            self._read_to += _DAY

    def _read_day(self, day: datetime) -> None:
        self._budget[day] = float(sum(self._budgets()))
        self._add("", day, self._figures(_SITE, day))
        for target in self._mine:
            if self._is_news(target, day):
                figures = self._figures(target, day)
                self._add(_campaign(target), day, figures)
                self._add_creatives(target, day, figures)

    def _is_news(self, target: str, day: datetime) -> bool:
        if target.startswith("line_item:"):
            return True
        return self._out[target] - _DAY < day <= self._out[target] + _POST_LIVES

    def _figures(self, target: str, day: datetime) -> list[Figure]:
        return self._world.figures(target, day, day + _DAY, self.now) or []

    def _add(self, campaign: str, day: datetime, figures: list[Figure]) -> None:
        own = self._own.setdefault(campaign, defaultdict(dict))
        for figure in figures:
            if not figure.dimensions:
                own[figure.metric][day] = own[figure.metric].get(day, 0.0) + figure.value

    def _add_creatives(self, target: str, day: datetime, figures: list[Figure]) -> None:
        for figure in figures:
            if (
                figure.metric in ("impressions", "reach", "clicks", "spend")
                and "creative" in figure.dimensions
            ):
                name = f"{target}#{figure.dimensions['creative']}"
                days = self._creatives.setdefault(name, defaultdict(dict))
                days[figure.metric][day] = figure.value

    def _budgets(self) -> Iterator[int]:
        for target, state in self._mine.items():
            if target.startswith("line_item:") and state.get("status", "active") == "active":
                yield int(state["daily_budget_minor"])

    def _mailings(self) -> Iterator[Mailing]:
        for target, at in self._sends.items():
            day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            if target not in self._ripe and day + SEND_DAYS * _DAY <= self._read_to:
                found = self._world.figures(target, day, day + SEND_DAYS * _DAY, self.now) or []
                counts = {f.metric: f.value for f in found if not f.dimensions}
                self._ripe[target] = Mailing(day, counts)
        yield from self._ripe.values()

    def _line(self, target: str, since: datetime) -> LiveLine:
        found = self._world.figures(target, since, self.now, self.now) or []
        total = {f.metric: f.value for f in found if not f.dimensions}
        creatives: dict[str, dict[str, float]] = defaultdict(dict)
        for figure in found:
            if "creative" in figure.dimensions:
                creatives[str(figure.dimensions["creative"])][figure.metric] = figure.value
        item = LineItem.model_validate(self._mine[target])
        changed = self._changed.get(target)
        return LiveLine(
            target=target,
            item=item,
            record=_record(item, total),
            creatives=dict(creatives),
            changed_at=changed,
            is_learning=changed is not None and self.now - changed < LEARNS,
            used=total.get("spend", 0.0) / _could(item, self.now - since),
            history=tuple(self._days_of(target)),
        )

    def _days_of(self, target: str) -> Iterator[SpendDay]:
        """A line item's whole days whose conversions are in; each is asked for once."""
        kept, day = self._spent[target], self._out[target]
        is_away = self._world.is_unreachable(self.now)
        while day + _DAY + MATURES <= self.now:
            if day not in kept:
                if is_away:
                    return
                kept[day] = _spend_day(day, self._figures(target, day))
            yield kept[day]
            day += _DAY


def _record(item: LineItem, total: dict[str, float]) -> LineRecord:
    return LineRecord(
        name=item.name,
        impressions=total.get("impressions", 0.0),
        clicks=total.get("clicks", 0.0),
        conversions=total.get("conversions", 0.0),
        spend_minor=total.get("spend", 0.0),
        revenue_minor=total.get("revenue", 0.0),
        currency=item.currency,
        source=f"readings/{item.name}",
    )


def _spend_day(day: datetime, figures: Sequence[Figure]) -> SpendDay:
    total = {figure.metric: figure.value for figure in figures if not figure.dimensions}
    return SpendDay(day.date(), round(total.get("spend", 0.0)), total.get("conversions", 0.0))


def _could(item: LineItem, days: timedelta) -> float:
    """What a line item may have spent, 1 at least."""
    return max(item.daily_budget_minor * (days / _DAY), 1.0)


def _campaign(target: str) -> str:
    return target.partition(":")[2].partition("/")[0]
