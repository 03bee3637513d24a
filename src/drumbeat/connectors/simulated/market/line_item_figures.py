"""Line item figures: what an ad platform reports, in total and by creative."""

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Ints, Rows
from drumbeat.connectors.simulated.market.auction import pool_of, served
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts, sold
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.lineup import half_of
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.place_figures import by_placement
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.core.campaign.objects import LineItem

TRIAL_ARM = "trial_arm"


def of_line_item(
    market: Market, target: str, item: LineItem, window: Window, *, parts: bool
) -> list[Figure]:
    """Impressions, reach, clicks, spend, conversions and revenue, in total and, as ``parts``, by
    creative, by arm of a trial and (reach apart) by placement."""
    halves = {n: arm for name, n in market.items.alike(target)
              for whole, arm in (half_of(name),) if whole == target}  # fmt: skip
    rows = market.ads.between(window.since, window.end - 1.0 + 1e-9)
    rows = rows[_among(rows["row"], list(halves))]
    sales = market.sales.between(window.since - 1.0, window.end)
    sales = sales[sales["source"] == int(Source.ADS)]
    people = pool_of(item, market.ground.scenario)[1] * served(item, market.ground.scenario).sum()
    slots = {slot: market.slots.name(slot) for slot in np.unique(rows["slot"]).tolist()}
    figures = _part(rows, sales[_among(sales["row"], list(slots))], people, window, {})
    if not parts:
        return figures
    for name in dict.fromkeys(label.partition("#")[2] for label in slots.values()):
        mine = [slot for slot, label in slots.items() if label.partition("#")[2] == name]
        wearing = _wearing(market, f"{target}#{name}", window)
        chosen = rows[_among(rows["slot"], mine)], sales[_among(sales["row"], mine)]
        figures += _part(*chosen, people / wearing, window, {"creative": name})
    for row, arm in halves.items():
        theirs = rows[rows["row"] == row]
        if arm and len(theirs):
            bought = sales[_among(sales["row"], np.unique(theirs["slot"]).tolist())]
            figures += _part(theirs, bought, people / 2.0, window, {TRIAL_ARM: arm})
    return figures + by_placement(market, rows, sales[_among(sales["row"], list(slots))], window)


def _among(numbers: Ints, wanted: list[int]) -> Flags:
    """Mostly there is one."""
    found: Flags = numbers == wanted[0] if len(wanted) == 1 else np.isin(numbers, wanted)
    return found


def _part(
    rows: Rows, sales: Rows, people: float, window: Window, dimensions: dict[str, str]
) -> list[Figure]:
    shown = int(rows["impressions"].sum())
    # People are met at random, so some are met again before others are met at all.
    reach = min(round(people * -np.expm1(-shown / people)), shown)
    figures = counts(
        dimensions,
        impressions=shown,
        reach=reach,
        clicks=int(rows["clicks"].sum()),
        spend=int(rows["spend"].sum()),
    )
    return figures + sold(sales, window, dimensions)


def _wearing(market: Market, label: str, window: Window) -> float:
    """How many times more often than usual the same people saw a creative, over the window."""
    hours = np.arange(int(window.since), max(int(window.end), int(window.since) + 1))
    faster = market.ground.effects.total(IncidentKind.CREATIVE_FATIGUE, hours, label)
    return float(np.maximum(faster, 1.0).mean())
