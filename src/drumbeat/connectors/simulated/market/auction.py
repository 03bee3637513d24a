"""Auction: what an audience is like and what a thousand impressions cost, hour by hour."""

from dataclasses import dataclass

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Hashes
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.scenario import AudiencePool, Scenario, shares
from drumbeat.core.campaign.objects import Breadth, LineItem

KINDS = ("retargeting", "lookalike", "prospecting", "brand_search")
BRAND = KINDS.index("brand_search")
RETARGETING = KINDS.index("retargeting")


@dataclass(frozen=True)
class Kind:
    """Base rates of an audience kind. ``cpm`` in minor units; ``anyway``: the share of its
    tracked conversions that would have happened without the ad; ``tolerance``: the weekly
    impressions a person takes before half of the response is gone."""

    size: int
    cpm: float
    ctr: float
    cvr: float
    lag_hours: float
    anyway: float
    tolerance: float


TABLE: tuple[Kind, ...] = (
    Kind(60_000, 900.0, 0.0110, 0.055, 20.0, 0.40, 6.0),
    Kind(600_000, 700.0, 0.0085, 0.034, 50.0, 0.12, 4.0),
    Kind(3_000_000, 550.0, 0.0070, 0.028, 70.0, 0.08, 4.0),
    Kind(400_000, 6_000.0, 0.1800, 0.060, 8.0, 0.65, 50.0),
)
# Narrow audiences answer better, broad ones are larger.
REACH = {Breadth.NARROW: 0.35, Breadth.MEDIUM: 0.7, Breadth.BROAD: 1.0}
RELEVANCE = {Breadth.NARROW: 1.18, Breadth.MEDIUM: 1.0, Breadth.BROAD: 0.90}
_WORDS = (
    ("brand_search", ("brand", "search")),
    ("retargeting", ("retarget", "remarket", "visitor", "cart", "basket", "abandon", "viewed")),
    ("lookalike", ("lookalike", "similar", "look_alike")),
)


def pool_of(item: LineItem, scenario: Scenario) -> tuple[int, int]:
    """The index of a line item's audience kind, and how many people it can reach.

    Segments are looked up in the scenario's audiences, then read by their words; the mail
    list's own segments count as retargeting; anybody else is prospecting.
    """
    people = [segment for segment in item.segments if segment not in scenario.regions] or [""]
    pools = [_pool(segment, scenario) for segment in people]
    kinds = [KINDS.index(pool.kind) for pool in pools]
    size = max(round(sum(pool.size for pool in pools) * REACH[item.breadth]), 1)
    return min(kinds, key=lambda kind: TABLE[kind].size), size


def served(item: LineItem, scenario: Scenario) -> Floats:
    """The share of people in each region the line item serves, 0 where it does not.

    A region is named among the segments or the exclusions like any other audience.
    """
    named = [region in item.segments for region in scenario.regions]
    left_out = np.array([region in item.exclude for region in scenario.regions])
    wanted = np.array(named if any(named) else [True] * len(named)) & ~left_out
    # Somewhere it must be shown: leaving every region out leaves nobody, at next to no size.
    here: Floats = shares(scenario.regions) * np.where(wanted, 1.0, 1e-9)
    return here


def _pool(segment: str, scenario: Scenario) -> AudiencePool:
    if segment in scenario.audiences:
        return scenario.audiences[segment]
    kind = _kind(segment.replace("-", "_").lower(), scenario)
    return AudiencePool(kind=kind, size=TABLE[KINDS.index(kind)].size)


def _kind(segment: str, scenario: Scenario) -> str:
    for kind, words in _WORDS:
        if any(word in segment for word in words):
            return kind
    listed = {name.replace("-", "_") for name in scenario.segments}
    return "retargeting" if segment in listed else "prospecting"


def drift(ground: Ground, kinds: Hashes, local_day: int, weekday: int) -> Floats:
    """The slow part of the price of each audience kind, by week and day, on the log scale."""
    ticks = np.array([[(local_day - weekday) // 7], [-local_day]], dtype=np.int64)
    slow: Floats = np.array([0.05, 0.04]) @ ground.chance.normal("price", kinds[None, :], ticks)
    return slow


def price_factor(ground: Ground, hour: int, targets: list[str]) -> Floats:
    """What season and shocks to the auction make of the price for each line item."""
    shock = ground.effects.each(IncidentKind.AUCTION_SHOCK, hour, targets)
    return (1.0 + 0.25 * (ground.season.now(hour).mood - 1.0)) * (1.0 + shock)
