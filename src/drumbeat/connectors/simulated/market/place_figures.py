"""Place figures: a line item's figures by placement, worked out when somebody asks."""

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Hashes, Ints, Rows
from drumbeat.connectors.simulated.market.chance import unit
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts, sold
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.places import PLACES
from drumbeat.connectors.simulated.market.sales import spread_out

# The time of a click, fine enough to tell those of one hour apart.
_TICKS = 1e6


def by_placement(market: Market, rows: Rows, sales: Rows, window: Window) -> list[Figure]:
    """What was shown and spent by the mix that ran at each hour, and the clicks, each at a place of
    its own, with what came of them; nothing where there is only one placement.

    Counts add up to the line item's own; a click is in one place however it is asked for.
    """
    money, _ = _mixes(market, rows["row"], rows["hour"])
    used = np.flatnonzero(money.any(axis=0))
    if len(used) < 2:
        return []
    shown, spent = (_split(rows[name], money) for name in ("impressions", "spend"))
    each, nth = spread_out(rows["clicks"])
    at = rows["hour"][each] + (nth + 0.5) / np.maximum(rows["clicks"][each], 1)
    clicked = _places(market, rows["row"][each], rows["slot"][each], at)
    row_of = dict(zip(rows["slot"].tolist(), rows["row"].tolist(), strict=True))
    mine = sales[np.isin(sales["row"], list(row_of))]
    items = np.array([row_of[slot] for slot in mine["row"].tolist()], dtype=np.int64)
    bought = _places(market, items, mine["row"], mine["clicked"])
    found: list[Figure] = []
    for place in used.tolist():
        name = {"placement": PLACES[place]}
        clicks = int((clicked == place).sum())
        found += counts(name, impressions=shown[place], clicks=clicks, spend=spent[place])
        found += sold(mine[bought == place], window, name)
    return found


def _mixes(market: Market, items: Ints, hours: Ints | Floats) -> tuple[Floats, Floats]:
    """The shares of money and of clicks that ran for each line item's row at these hours."""
    money, clicks = (np.zeros((len(items), len(PLACES))) for _ in range(2))
    for item in np.unique(items).tolist():
        mine = items == item
        mixes = market.mixes_of(item)
        begun = np.searchsorted([hour for hour, _ in mixes], hours[mine], side="right") - 1
        money[mine] = np.array([mix.money for _, mix in mixes])[begun]
        clicks[mine] = np.array([mix.clicks / mix.worth for _, mix in mixes])[begun]
    return money, clicks


def _split(amounts: Ints, mixes: Floats) -> list[int]:
    """The amounts by placement, in whole numbers that add up to all of them."""
    edges = np.rint(np.cumsum(amounts @ mixes)).astype(np.int64)
    parts: list[int] = np.diff(edges, prepend=0).tolist()
    return parts


def _places(market: Market, items: Ints, slots: Ints, at: Floats) -> Ints:
    """The place of each click, from its creative and its moment alone."""
    _, shares = _mixes(market, items, np.floor(at))
    moment = np.rint(at * _TICKS).astype(np.int64)
    luck = market.ground.chance.uniform("placement", _units(market, slots), moment)
    places: Ints = (luck[:, None] > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)
    return places


def _units(market: Market, slots: Ints) -> Hashes:
    numbers, back = np.unique(slots, return_inverse=True)
    names = [market.slots.name(number) for number in numbers.tolist()]
    return np.array([unit(name) for name in names], dtype=np.uint64)[back]
