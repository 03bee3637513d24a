"""Sales: clicks that become orders, later, if the shop is in a state to take them."""

from enum import IntEnum

import numpy as np

from drumbeat.connectors.simulated.market.area import Areas
from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Ints, Rows
from drumbeat.connectors.simulated.market.chance import pick, quantile
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.scenario import shares
from drumbeat.connectors.simulated.market.tape import table

# ``hour`` is when the click was caused, ``at`` when the order came in. ``tracked``: the pixel saw
# it. ``incremental``: it would not have happened otherwise (never shown to anybody).
SALES = table(
    at="f8",
    clicked="f8",
    source="i1",
    row="i4",
    arm="i2",
    contact="i4",
    product="i2",
    region="i2",
    value="i8",
    tracked="?",
    incremental="?",
)
_SLOWNESS = 0.11  # log share of buyers lost for each second a page takes longer
_NEVER_SEEN = 0.05  # share of orders a pixel misses at the best of times
_SPREAD = 0.42  # of basket values, on the log scale


class Source(IntEnum):
    """The channel a sale came from."""

    EMAIL = 0
    ADS = 1
    SOCIAL = 2
    ORGANIC = 3


# Clicks that might buy, in groups: ``count`` clicks, spread over ``span`` hours from ``at``. A
# share ``rate`` of them buys, after ``lag`` hours on average; ``anyway`` is the share of those
# who would have bought without the click.
# ``unit`` names the group in draws of luck; ``area`` is where its people are, unless a contact is.
CLICKS = table(
    source="i1",
    row="i4",
    unit="u8",
    count="i8",
    at="f8",
    span="f8",
    rate="f8",
    lag="f8",
    anyway="f8",
    area="i4",
    arm="i2",
    contact="i4",
)


def close(ground: Ground, areas: Areas, groups: Rows) -> Rows:
    """The orders that groups of clicks of one channel lead to, whenever they come in."""
    each, nth = spread_out(groups["count"])
    clicks = groups[each]
    stream = f"sale/{clicks['source'][0]}" if len(clicks) else "sale"
    luck = ground.chance.lanes(stream, clicks["unit"], clicks["hour"] * 4096 + nth, 7)
    lag, buy, value, pixel, anyway, wish, place = luck
    clicked = clicks["at"] + clicks["span"] * (nth + 0.5) / np.maximum(clicks["count"], 1)
    at = clicked - np.log(lag) * clicks["lag"]
    product = pick(wish, shares(ground.scenario.products))
    chosen = buy < clicks["rate"] * taken(ground, at, product)
    orders = np.zeros(int(chosen.sum()), dtype=SALES)
    for column in ("hour", "source", "row", "arm", "contact"):
        orders[column] = clicks[column][chosen]
    orders["at"], orders["clicked"] = at[chosen], clicked[chosen]
    orders["product"] = product[chosen]
    orders["region"] = _regions(ground, areas, clicks[chosen], place[chosen])
    orders["value"] = basket_values(ground, value[chosen])
    orders["tracked"] = pixel[chosen] >= pixel_loss(ground, at[chosen])
    orders["incremental"] = anyway[chosen] >= clicks["anyway"][chosen]
    return orders


def _regions(ground: Ground, areas: Areas, clicks: Rows, luck: Floats) -> Ints:
    region = areas.regions(clicks["area"], luck)
    known = clicks["contact"] >= 0
    region[known] = ground.contacts.region[clicks["contact"][known]]
    return region


def spread_out(counts: Ints) -> tuple[Ints, Ints]:
    """For each of so many things of each row: its row, and the how-manieth of that row it is."""
    each = np.repeat(np.arange(len(counts)), counts)
    return each, np.arange(len(each)) - (np.cumsum(counts) - counts)[each]


def taken(ground: Ground, at: Floats, product: Ints) -> Floats:
    """The share of willing buyers of a product whose order the shop takes at these moments."""
    slow = ground.effects.total(IncidentKind.SLOW_LANDING_PAGE, at)
    factor: Floats = np.exp(-_SLOWNESS * slow)
    for number, name in enumerate(ground.scenario.products):
        wanted = product == number
        factor[wanted] *= 1.0 - out_of_stock(ground, at[wanted], name)
    return factor


def out_of_stock(ground: Ground, at: Floats | Ints, product: str) -> Floats:
    """The share of a product's orders lost for want of stock at these moments."""
    return np.minimum(ground.effects.total(IncidentKind.STOCK_OUT, at, product), 1.0)


def pixel_loss(ground: Ground, at: Floats) -> Floats:
    """The share of orders the tracking pixel does not see at these moments."""
    broken = np.minimum(ground.effects.total(IncidentKind.TRACKING_BREAK, at), 1.0)
    return _NEVER_SEEN + (1.0 - _NEVER_SEEN) * broken


def basket_values(ground: Ground, uniform: Floats) -> Ints:
    """Basket values in minor units: log-normal around the scenario's order value."""
    factor = np.exp(_SPREAD * quantile(uniform) - _SPREAD**2 / 2.0)
    values: Ints = np.rint(ground.scenario.order_value.minor * factor).astype(np.int64)
    return np.maximum(values, 1)


def countable(sales: Rows, as_of: float) -> Flags:
    """Which sales a platform can count at a moment: come in by then, and seen by the pixel."""
    seen: Flags = sales["tracked"] & (sales["at"] < as_of)
    return seen
