"""Lineup: the line items on the platform as columns, worked out again when one changes."""

from __future__ import annotations

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
from drumbeat.connectors.simulated.market.shelf import Shelf
from drumbeat.core.campaign.objects import Creative, LineItem


@dataclass(frozen=True)
class Lineup:
    """Columns over line items, then columns over their creatives (``item`` points back).

    ``row`` and ``slot`` are the permanent numbers of an item and of a creative.
    """

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
    kept = shelf.of(LineItem)
    targets = list(kept)
    items = [cast(LineItem, k.object) for k in kept.values()]
    pools = [pool_of(item, ground.scenario) for item in items]
    pairs = [(n, c) for n, item in enumerate(items) for c in item.creatives]
    labels = [f"{targets[n]}#{c.name}" for n, c in pairs]
    kinds = [KINDS[pools[n][0]] for n, _ in pairs]
    liking = [_liking(c, kind, ground) for (_, c), kind in zip(pairs, kinds, strict=True)]
    relevance = np.array([RELEVANCE[items[n].breadth] for n, _ in pairs])
    item_unit, kind_unit = units(targets), units([KINDS[kind] for kind, _ in pools])
    regions = np.array([served(item, ground.scenario) for item in items])
    regions = regions.reshape(len(items), len(ground.scenario.regions))
    return Lineup(
        targets=targets,
        items=items,
        row=np.array([names.number(t) for t in targets], dtype=np.int64),
        kind=np.array([kind for kind, _ in pools], dtype=np.int64),
        size=np.array([size for _, size in pools]) * regions.sum(axis=1),
        budget=np.array([item.daily_budget_minor for item in items], dtype=np.int64),
        active=np.array([item.status == "active" for item in items], dtype=np.bool_),
        until=np.array([hour_of(item.until) for item in items]),
        bid=np.array([_bid(item, kind) for item, (kind, _) in zip(items, pools, strict=True)]),
        area=np.array([areas.number(people) for people in regions], dtype=np.int64),
        item_unit=item_unit,
        kind_unit=kind_unit,
        item=np.array([n for n, _ in pairs], dtype=np.int64),
        slot=np.array([slots.number(label) for label in labels], dtype=np.int64),
        labels=labels,
        creatives=[c for _, c in pairs],
        clicking=np.exp(np.array([a for a, _ in liking])) * relevance**0.6,
        buying=np.exp(np.array([b for _, b in liking])) * relevance,
        unit=units(labels),
        show=Luck(ground.chance, "ads", units(labels), 4),
        pace=Luck(ground.chance, "ads/item", item_unit, 1),
        price=Luck(ground.chance, "price/hour", kind_unit, 1),
        days={},
    )


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
