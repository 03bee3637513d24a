"""Line item figures: what an ad platform reports, in total and by creative."""

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Rows
from drumbeat.connectors.simulated.market.auction import pool_of, served
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts, sold
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.core.campaign.objects import LineItem


def of_line_item(
    market: Market, target: str, item: LineItem, window: Window, *, parts: bool
) -> list[Figure]:
    """Impressions, reach, clicks, spend, conversions and revenue, in total and, as ``parts``, by
    creative."""
    number = market.items.find(target)
    rows = market.ads.between(window.since, window.end - 1.0 + 1e-9)
    rows = rows[rows["row"] == (-1 if number is None else number)]
    sales = market.sales.between(window.since - 1.0, window.end)
    sales = sales[sales["source"] == int(Source.ADS)]
    people = pool_of(item, market.ground.scenario)[1] * served(item, market.ground.scenario).sum()
    slots = {slot: market.slots.name(slot) for slot in np.unique(rows["slot"]).tolist()}
    figures = _part(rows, sales[np.isin(sales["row"], list(slots))], people, window, {})
    for slot, label in slots.items() if parts else ():
        wearing = _wearing(market, label, window)
        mine, theirs = rows[rows["slot"] == slot], sales[sales["row"] == slot]
        creative = {"creative": label.partition("#")[2]}
        figures += _part(mine, theirs, people / wearing, window, creative)
    return figures


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
