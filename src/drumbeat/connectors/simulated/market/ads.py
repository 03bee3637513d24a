"""Ads: one hour of auctions for every live line item, and what it wears out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Ints, Rows
from drumbeat.connectors.simulated.market.auction import (
    BRAND,
    KINDS,
    RETARGETING,
    TABLE,
    price_factor,
)
from drumbeat.connectors.simulated.market.chance import poisson, quantile
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.hours import DAY, WEEK
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.lineup import Lineup
from drumbeat.connectors.simulated.market.places import Mix
from drumbeat.connectors.simulated.market.sales import CLICKS, Source
from drumbeat.connectors.simulated.market.season import RHYTHM
from drumbeat.connectors.simulated.market.tape import table
from drumbeat.core.campaign.objects import LineItem

# One row a creative and hour with delivery.
ADS = table(row="i4", slot="i4", impressions="i8", clicks="i8", spend="i8")
_DELAY = 72  # hours until people who saw a retargeting ad look for the brand
_SPAN = 24  # over how many hours they do so
_LEARNING_CONVERSIONS = 50.0
_LEARNING_HOURS = 7.0 * DAY
_LEARNING_LOSS = 0.25
_BIG_CHANGE = 0.2  # a budget change beyond this share starts the learning period again
_WEAR_HALF_LIFE = 40.0 * DAY
_WEAR = 0.035  # loss of click-through rate for each time a person has seen the creative
_SEARCHES = 45.0  # brand searches in an average hour
_MOST_SHOWN = 0.06  # impressions a person of the audience can be shown in an average hour
_EARLIER = np.arange(_SPAN)
# Weekdays (Monday is 0) on which a platform that may overspend does so.
_BUSY_DAYS = (1, 3)
_FORGET = math.exp(-1.0 / WEEK)
_RECOVER = 0.5 ** (1.0 / _WEAR_HALF_LIFE)
_USUAL_RETARGETING = 280.0  # impressions an hour that had been running when the market opens

_COLUMN = {
    name: np.array([getattr(kind, name) for kind in TABLE], dtype=np.float64)
    for name in ("cpm", "ctr", "cvr", "lag_hours", "anyway", "tolerance")
}


@dataclass
class AdsState:
    """What advertising has done so far. ``seen``, ``spent`` and ``worn`` are by row and slot;
    ``mixes`` holds the placement mixes of each row, each with the hour it began."""

    seen: Floats
    spent: Ints
    since: Floats
    learned: Floats
    worn: Floats
    shown: Floats
    day: int = 0
    known: dict[str, LineItem] = field(default_factory=dict)
    mixes: dict[int, tuple[tuple[int, Mix], ...]] = field(default_factory=dict)

    @classmethod
    def fresh(cls) -> AdsState:
        none = np.zeros(0)
        recent = np.full(_DELAY + _SPAN, _USUAL_RETARGETING)
        return cls(none, none.astype(np.int64), none, none, none, recent)

    def copy(self) -> AdsState:
        return replace(
            self,
            seen=self.seen.copy(),
            spent=self.spent.copy(),
            since=self.since.copy(),
            learned=self.learned.copy(),
            worn=self.worn.copy(),
            shown=self.shown.copy(),
            known=dict(self.known),
            mixes=dict(self.mixes),
        )

    def learning(self, row: int, hour: int) -> float:
        """The share of its full response a line item has reached."""
        return float(_learning(self, np.array([row]), hour)[0])

    def greet(self, lineup: Lineup, hour: int) -> None:
        """Make room for new items and creatives; big changes start the learning period again."""
        rows, slots = int(lineup.row.max(initial=-1)) + 1, int(lineup.slot.max(initial=-1)) + 1
        new_rows, new_slots = max(rows - len(self.seen), 0), max(slots - len(self.worn), 0)
        self.seen, self.since = np.pad(self.seen, (0, new_rows)), np.pad(self.since, (0, new_rows))
        self.learned, self.spent = (
            np.pad(self.learned, (0, new_rows)),
            np.pad(self.spent, (0, new_rows)),
        )
        self.worn = np.pad(self.worn, (0, new_slots))
        columns = (lineup.names, lineup.items, lineup.row.tolist(), lineup.mixes)
        for target, item, row, mix in zip(*columns, strict=True):
            if _upsets(self.known.get(target), item):
                self.since[row], self.learned[row] = hour, 0.0
            self.known[target] = item
            before = self.mixes.get(row, ())
            if not before or not np.array_equal(before[-1][1].money, mix.money):
                self.mixes[row] = (*before, (hour, mix))


def brand_interest(state: AdsState, ground: Ground, hour: int) -> float:
    """How many search for the brand, relative to usual: retargeting makes them, days later."""
    share = (
        ground.effects.now(IncidentKind.BRAND_SPILLOVER, hour) or ground.scenario.brand_spillover
    )
    earlier = float(state.shown[(hour + _EARLIER) % len(state.shown)].mean())
    return 1.0 - share * math.exp(-earlier / 100.0)


def run(
    state: AdsState, lineup: Lineup, ground: Ground, hour: int, brand: float
) -> tuple[Rows, Rows] | None:
    """One hour of delivery: its rows and the clicks that might buy. None when nothing is live.

    ``brand`` is the interest in the brand this hour.
    """
    state.shown[hour % len(state.shown)] = 0.0
    _new_day(state, ground, hour)
    state.seen *= _FORGET
    state.worn *= _RECOVER
    live = lineup.active & (lineup.until > hour)
    if not live.any():
        return None
    auctions = _Hour(state, lineup, ground, hour, brand, live)
    rows = auctions.deliver()
    clicks = auctions.clicks(rows)
    auctions.remember(rows)
    return rows, clicks


class _Hour:
    """One hour: ``chosen`` are the creatives that can be shown, ``item`` their line items."""

    def __init__(
        self,
        state: AdsState,
        lineup: Lineup,
        ground: Ground,
        hour: int,
        brand: float,
        live: Flags,
    ) -> None:
        self.state, self.lineup, self.ground = state, lineup, ground
        self.hour, self.brand, self.live = hour, brand, live
        self.chosen = np.flatnonzero(live[lineup.item])
        self.item = lineup.item[self.chosen]
        self.kind = lineup.kind[self.item]
        self.labels = [lineup.labels[index] for index in self.chosen]
        self.learning = _learning(state, lineup.row, hour)
        self.tiredness = self._tiredness()
        self.budget = lineup.budget_on(ground.almanac.at(hour)[1])
        self.left = np.maximum(2 * self.budget - state.spent[lineup.row], 0)
        self.luck = lineup.show.at(hour)[:, self.chosen]

    def deliver(self) -> Rows:
        lineup, item = self.lineup, self.item
        cpm, wanted = self._demand()
        shares = np.bincount(item, minlength=len(lineup.items))[item]
        noise = np.exp(0.08 * quantile(self.luck[0]))
        impressions = np.floor(wanted[item] / shares * noise + self.luck[1])
        rows = np.zeros(len(item), dtype=ADS)
        rows["hour"], rows["row"] = self.hour, lineup.row[item]
        rows["slot"] = lineup.slot[self.chosen]
        rows["impressions"] = impressions
        # Never a cent beyond twice the daily budget: what is left is shared by the creatives.
        bill = np.floor(impressions * cpm[item] / 1000.0 + self.luck[2])
        rows["spend"] = np.minimum(bill, self.left[item] // shares)
        clicks = poisson(self.luck[3], impressions * self._click_rate())
        rows["clicks"] = np.minimum(clicks, rows["impressions"])
        return rows

    def clicks(self, rows: Rows) -> Rows:
        some = rows["clicks"] > 0
        champion = self._troubles(IncidentKind.HIDDEN_CHAMPION)
        rate = _COLUMN["cvr"][self.kind] * self.lineup.buying[self.chosen]
        rate *= np.where(champion > 0, champion, 1.0) * self.ground.season.now(self.hour).mood
        rate *= np.sqrt(self.learning[self.item])
        lag = _COLUMN["lag_hours"][self.kind] * np.where(champion > 0, 4.0, 1.0)
        clicks = np.zeros(int(some.sum()), dtype=CLICKS)
        clicks["hour"], clicks["at"], clicks["span"] = self.hour, self.hour, 1.0
        clicks["source"], clicks["row"] = int(Source.ADS), rows["slot"][some]
        clicks["unit"] = self.lineup.unit[self.chosen][some]
        clicks["count"] = rows["clicks"][some]
        clicks["rate"], clicks["lag"] = rate[some], lag[some]
        clicks["anyway"] = _COLUMN["anyway"][self.kind][some]
        clicks["area"] = self.lineup.area[self.item][some]
        clicks["arm"], clicks["contact"] = -1, -1
        return clicks

    def remember(self, rows: Rows) -> None:
        state = self.state
        np.add.at(state.seen, rows["row"], rows["impressions"])
        np.add.at(state.spent, rows["row"], rows["spend"])
        faster = np.maximum(self._troubles(IncidentKind.CREATIVE_FATIGUE), 1.0)
        wear = rows["impressions"] / self.lineup.size[self.item] * faster
        np.add.at(state.worn, rows["slot"], wear)
        np.add.at(state.learned, rows["row"], rows["clicks"] * _COLUMN["cvr"][self.kind])
        state.shown[self.hour % len(state.shown)] = rows["impressions"][
            self.kind == RETARGETING
        ].sum()

    def _demand(self) -> tuple[Floats, Floats]:
        """Price per thousand and impressions wanted, by line item."""
        lineup, ground, hour = self.lineup, self.ground, self.hour
        local = ground.almanac.at(hour)
        slow, appetite = lineup.slow(ground, hour)
        luck, price = quantile(np.concatenate([lineup.pace.at(hour), lineup.price.at(hour)]))
        cpm = _COLUMN["cpm"][lineup.kind] * self._rivalry() * (1.0 + 0.3 * self.tiredness)
        cpm *= np.exp(slow + 0.03 * price) * price_factor(ground, hour, lineup.targets)
        pace = appetite * np.exp(0.10 * luck) * RHYTHM[local[0]] / 24.0
        pace *= _eagerness(ground, hour)
        money = np.minimum(self.budget * pace, self.left)
        searches = _SEARCHES * self.brand * ground.season.now(hour).demand
        people = lineup.size * _MOST_SHOWN * RHYTHM[local[0]]
        limit = np.where(lineup.kind == BRAND, searches, people)
        up = 1.0 - min(ground.effects.now(IncidentKind.PLATFORM_OUTAGE, hour, "ads"), 1.0)
        return cpm, np.minimum(money / cpm * 1000.0 * lineup.bid, limit) * self.live * up

    def _click_rate(self) -> Floats:
        lineup, item = self.lineup, self.item
        rate = _COLUMN["ctr"][self.kind] * lineup.clicking[self.chosen]
        rate *= np.exp(-_WEAR * self.state.worn[lineup.slot[self.chosen]])
        rate *= self.learning[item] / (1.0 + self.tiredness[item])
        rate *= 1.0 - np.minimum(self._troubles(IncidentKind.WEAK_CREATIVE), 1.0)
        rate *= 1.0 - np.minimum(self._troubles(IncidentKind.NOISY_HOUR), 1.0)
        angles = [f"angle:{lineup.creatives[index].angle}" for index in self.chosen]
        return np.minimum(rate * (1.0 + self.ground.effects.novelties(angles, self.hour)), 1.0)

    def _tiredness(self) -> Floats:
        # People of one kind are shared: what another line item showed them counts as well.
        lineup = self.lineup
        shown = self.state.seen[lineup.row] / lineup.size
        kinds = np.bincount(lineup.kind, shown, minlength=len(KINDS))
        tired: Floats = kinds[lineup.kind] / _COLUMN["tolerance"][lineup.kind]
        return tired

    def _rivalry(self) -> Floats:
        # Line items of one's own that chase the same people bid each other up.
        lineup = self.lineup
        others = np.bincount(lineup.kind[self.live], minlength=len(KINDS))[lineup.kind]
        return 1.0 + 0.05 * np.maximum(others - 1, 0)

    def _troubles(self, kind: IncidentKind) -> Floats:
        return self.ground.effects.each(kind, self.hour, self.labels)


def _learning(state: AdsState, rows: Ints, hour: int) -> Floats:
    done = state.learned[rows] / _LEARNING_CONVERSIONS
    waited = (hour - state.since[rows]) / _LEARNING_HOURS
    learned: Floats = np.minimum(np.maximum(done, waited), 1.0)
    return 1.0 - _LEARNING_LOSS * (1.0 - learned)


def _eagerness(ground: Ground, hour: int) -> float:
    """How a platform that may overspend spreads a week's money: the mean over the week is 1."""
    most, busy = ground.scenario.overspend, len(_BUSY_DAYS)
    if ground.almanac.at(hour)[1] in _BUSY_DAYS:
        return most
    return (7 - busy * most) / (7 - busy)


def _new_day(state: AdsState, ground: Ground, hour: int) -> None:
    day = ground.almanac.at(hour)[3]
    if day != state.day:
        state.spent[:] = 0
        state.day = day


def _upsets(before: LineItem | None, after: LineItem) -> bool:
    if before is None or (before.status, after.status) == ("paused", "active"):
        return True
    was, now = before.daily_budget_minor, after.daily_budget_minor
    if abs(now - was) > _BIG_CHANGE * was:
        return True
    fields = ("segments", "exclude", "breadth", "bid_strategy", "target_cpa_minor")
    return any(getattr(before, name) != getattr(after, name) for name in fields)
