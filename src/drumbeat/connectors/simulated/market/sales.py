"""Sales: clicks that become orders, later, if the shop is in a state to take them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Hashes, Ints, Rows
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


@dataclass(frozen=True)
class Clicks:
    """Clicks that might buy, as columns. ``lag_hours`` is the mean time to the order."""

    source: Source
    row: Ints
    unit: Hashes
    tick: int | Ints
    at: Floats
    probability: Floats
    lag_hours: Floats
    would_have_bought: Floats
    region: Ints
    arm: Ints
    contact: Ints


def spread_out(counts: Ints) -> tuple[Ints, Ints]:
    """For each single click: the row it belongs to, and the how-manieth of that row it is."""
    each = np.repeat(np.arange(len(counts)), counts)
    return each, np.arange(len(each)) - (np.cumsum(counts) - counts)[each]


def close(ground: Ground, hour: int, clicks: Clicks) -> Rows:
    """The orders these clicks lead to, whenever they come in."""
    stream = f"sale/{clicks.source}"
    luck = ground.chance.lanes(stream, clicks.unit, clicks.tick, 6)
    lag, buy, value, pixel, anyway, wish = luck
    at = clicks.at - np.log(lag) * clicks.lag_hours
    product = pick(wish, shares(ground.scenario.products))
    chosen = buy < clicks.probability * taken(ground, at, product)
    orders = np.zeros(int(chosen.sum()), dtype=SALES)
    orders["hour"], orders["source"] = hour, int(clicks.source)
    orders["at"], orders["clicked"] = at[chosen], clicks.at[chosen]
    orders["row"], orders["arm"] = clicks.row[chosen], clicks.arm[chosen]
    orders["contact"], orders["region"] = clicks.contact[chosen], clicks.region[chosen]
    orders["product"] = product[chosen]
    orders["value"] = basket_values(ground, value[chosen])
    orders["tracked"] = pixel[chosen] >= pixel_loss(ground, at[chosen])
    orders["incremental"] = anyway[chosen] >= clicks.would_have_bought[chosen]
    return orders


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
