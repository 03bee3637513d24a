"""Lineup: the line items on the platform as columns, worked out again when one changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from drumbeat.connectors.simulated.market.area import Areas
from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Hashes, Ints
from drumbeat.connectors.simulated.market.auction import (
    KINDS,
    RELEVANCE,
    TABLE,
    drift,
    pool_of,
    served,
)
from drumbeat.connectors.simulated.market.chance import units
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.hours import hour_of
from drumbeat.connectors.simulated.market.luck import Luck
from drumbeat.connectors.simulated.market.names import Names
from drumbeat.connectors.simulated.market.places import Mix, mix_of
from drumbeat.connectors.simulated.market.shelf import Kept, Shelf
from drumbeat.core.campaign.objects import Creative, LineItem, Pacing

# What a budget is multiplied with on each weekday, Monday first, where it is not even.
_WEEK_END = np.array([0.6, 0.6, 0.6, 1.3, 1.3, 1.3, 1.3])
# Stands between a line item and the arm of its trial in the name of a half.
_HALF = "~"


@dataclass(frozen=True)
class Lineup:
    """Columns over line items, then columns over their creatives (``item`` points back).

    ``row`` and ``slot`` are the permanent numbers of an item and of a creative. An item under
    trial stands here as its two halves, under ``names`` of their own.
    """

    names: list[str]
    targets: list[str]
    items: list[LineItem]
    row: Ints
    kind: Ints
    size: Floats
    budget: Ints
    active: Flags
    until: Floats
    bid: Floats
    area: Ints
    item_unit: Hashes
    kind_unit: Hashes
    item: Ints
    slot: Ints
    labels: list[str]
    creatives: list[Creative]
    clicking: Floats
    buying: Floats
    unit: Hashes
    show: Luck
    pace: Luck
    price: Luck
    days: dict[int, tuple[Floats, Floats]]
    paced: Flags
    mixes: list[Mix]

    def budget_on(self, weekday: int) -> Ints | Floats:
        """What each line item has on a day of the week."""
        if not self.paced.any():
            return self.budget
        return np.where(self.paced, self.budget * _WEEK_END[weekday], self.budget)

    def slow(self, ground: Ground, hour: int) -> tuple[Floats, Floats]:
        """Each line item's price drift and appetite for its budget, the same for a whole day."""
        _, weekday, _, day = ground.almanac.at(hour)
        if day not in self.days:
            luck = ground.chance.normal("ads/day", self.item_unit, day)
            appetite = np.clip(np.exp(0.20 * luck - 0.02), 0.55, 1.8)
            self.days[day] = drift(ground, self.kind_unit, day, weekday), appetite
        return self.days[day]


def compile_lineup(
    shelf: Shelf, names: Names, slots: Names, areas: Areas, ground: Ground
) -> Lineup:
    """The columns of every line item on the shelf, in order of their names."""
    halves = list(_halves(shelf.of(LineItem)))
    known, targets = [name for name, _, _ in halves], [target for _, target, _ in halves]
    items = [item for _, _, item in halves]
    pools = [pool_of(item, ground.scenario) for item in items]
    pairs = [(n, c) for n, item in enumerate(items) for c in item.creatives]
    labels = [f"{targets[n]}#{c.name}" for n, c in pairs]
    shown = [f"{known[n]}#{c.name}" for n, c in pairs]
    kinds = [KINDS[pools[n][0]] for n, _ in pairs]
    liking = [_liking(c, kind, ground) for (_, c), kind in zip(pairs, kinds, strict=True)]
    relevance = np.array([RELEVANCE[items[n].breadth] for n, _ in pairs])
    item_unit, kind_unit = units(known), units([KINDS[kind] for kind, _ in pools])
    regions = np.array([served(item, ground.scenario) for item in items])
    regions = regions.reshape(len(items), len(ground.scenario.regions))
    mixes = [mix_of(item, kind, ground.taste) for item, (kind, _) in zip(items, pools, strict=True)]
    # The platform's own mix is worth 1 but for rounding, which would move everybody's luck.
    worth = np.array([mixes[n].worth if items[n].placements else 1.0 for n, _ in pairs])
    of_people = np.array([0.5 if _HALF in name else 1.0 for name in known])
    return Lineup(
        names=known,
        targets=targets,
        items=items,
        row=np.array([names.number(one) for one in known], dtype=np.int64),
        kind=np.array([kind for kind, _ in pools], dtype=np.int64),
        size=np.array([size for _, size in pools]) * regions.sum(axis=1) * of_people,
        budget=np.array([item.daily_budget_minor for item in items], dtype=np.int64),
        active=np.array([item.status == "active" for item in items], dtype=np.bool_),
        until=np.array([hour_of(item.until) for item in items]),
        bid=np.array([_bid(item, kind) for item, (kind, _) in zip(items, pools, strict=True)]),
        area=np.array([areas.number(people) for people in regions], dtype=np.int64),
        item_unit=item_unit,
        kind_unit=kind_unit,
        item=np.array([n for n, _ in pairs], dtype=np.int64),
        slot=np.array([slots.number(one) for one in shown], dtype=np.int64),
        labels=labels,
        creatives=[c for _, c in pairs],
        clicking=np.exp(np.array([a for a, _ in liking])) * relevance**0.6 * worth,
        buying=np.exp(np.array([b for _, b in liking])) * relevance,
        unit=units(shown),
        show=Luck(ground.chance, "ads", units(shown), 4),
        pace=Luck(ground.chance, "ads/item", item_unit, 1),
        price=Luck(ground.chance, "price/hour", kind_unit, 1),
        days={},
        paced=np.array([item.pacing is Pacing.WEEK_END for item in items], dtype=np.bool_),
        mixes=mixes,
    )


def half_of(name: str) -> tuple[str, str]:
    """The line item a name stands for, and the arm of its trial, empty for a whole one."""
    target, _, arm = name.partition(_HALF)
    return target, arm


def _halves(kept: Mapping[str, Kept]) -> Iterator[tuple[str, str, LineItem]]:
    """Every line item by name and target; one under trial as its halves."""
    for target, one in kept.items():
        item = cast(LineItem, one.object)
        if item.trial is None:
            yield target, target, item
        else:
            for arm in item.trial.arms:
                yield f"{target}{_HALF}{arm.name}", target, item.half(arm)


def _liking(creative: Creative, kind: str, ground: Ground) -> tuple[float, float]:
    """Log shifts of a creative's click and conversion rates."""
    taste = ground.taste
    words = " | ".join((*creative.headlines, *creative.descriptions))
    look = taste.appeal("format", creative.format, kind) + taste.appeal("words", words, kind)
    angle = taste.appeal("angle", creative.angle, kind)
    action = taste.appeal("words", creative.call_to_action, kind)
    page = taste.appeal("page", creative.landing_url, kind)
    offer = taste.appeal("offer", creative.offer, kind)
    return look + angle + action + 0.5 * offer, page + 0.5 * angle + offer


def _bid(item: LineItem, kind: int) -> float:
    """How much of its delivery a cost target leaves: a low one starves the line item.

    The bid follows the target: at the usual cost of a conversion nothing is lost.
    """
    if not item.target_cpa_minor:
        return 1.0
    base = TABLE[kind]
    usual = base.cpm / 1000.0 / base.ctr / base.cvr
    return float(min((item.target_cpa_minor / usual) ** 2, 1.0))
