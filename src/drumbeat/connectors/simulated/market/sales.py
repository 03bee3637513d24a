"""Sales: clicks that become orders, later, if the shop is in a state to take them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Hashes, Ints, Rows
from drumbeat.connectors.simulated.market.chance import quantile
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.incident import IncidentKind
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
    value="i8",
    tracked="?",
    incremental="?",
)


class Source(IntEnum):
    """The channel a sale came from."""

    EMAIL = 0
    ADS = 1
    SOCIAL = 2


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
    arm: Ints
    contact: Ints


def spread_out(counts: Ints) -> tuple[Ints, Ints]:
    """For each single click: the row it belongs to, and the how-manieth of that row it is."""
    each = np.repeat(np.arange(len(counts)), counts)
    return each, np.arange(len(each)) - (np.cumsum(counts) - counts)[each]


def close(ground: Ground, hour: int, clicks: Clicks) -> Rows:
    """The orders these clicks lead to, whenever they come in."""
    stream = f"sale/{clicks.source}"
    lag, buy, value, pixel, anyway = ground.chance.lanes(stream, clicks.unit, clicks.tick, 5)
    at = clicks.at - np.log(lag) * clicks.lag_hours
    chosen = buy < clicks.probability * shop_factor(ground, at)
    orders = np.zeros(int(chosen.sum()), dtype=SALES)
    orders["hour"] = hour
    orders["at"] = at[chosen]
    orders["clicked"] = clicks.at[chosen]
    orders["source"] = int(clicks.source)
    orders["row"] = clicks.row[chosen]
    orders["arm"] = clicks.arm[chosen]
    orders["contact"] = clicks.contact[chosen]
    orders["value"] = order_values(ground, value[chosen])
    orders["tracked"] = pixel[chosen] >= pixel_loss(ground, at[chosen])
    orders["incremental"] = anyway[chosen] >= clicks.would_have_bought[chosen]
    return orders


def shop_factor(ground: Ground, at: Floats) -> Floats:
    """The share of willing buyers whose order the shop can take at these moments."""
    slow = ground.effects.total(IncidentKind.SLOW_LANDING_PAGE, at)
    in_stock = 1.0 - sum(
        share * lost for share, lost in zip(_shares(ground), missing(ground, at), strict=True)
    )
    factor: Floats = np.exp(-0.11 * slow) * np.asarray(in_stock)
    return factor


def missing(ground: Ground, at: Floats) -> list[Floats]:
    """For each product, the share of its orders lost for want of stock at these moments."""
    return [
        np.minimum(ground.effects.total(IncidentKind.STOCK_OUT, at, product), 1.0)
        for product in ground.scenario.products
    ]


def pixel_loss(ground: Ground, at: Floats) -> Floats:
    """The share of orders the tracking pixel does not see at these moments."""
    return np.minimum(ground.effects.total(IncidentKind.TRACKING_BREAK, at), 1.0)


def order_values(ground: Ground, uniform: Floats) -> Ints:
    """Basket values in minor units: log-normal around the scenario's order value."""
    spread = 0.42
    factor = np.exp(spread * quantile(uniform) - spread**2 / 2.0)
    values: Ints = np.rint(ground.scenario.order_value.minor * factor).astype(np.int64)
    return np.maximum(values, 1)


def _shares(ground: Ground) -> Floats:
    shares = np.array(list(ground.scenario.products.values()))
    normal: Floats = shares / shares.sum()
    return normal


def attributed(sales: Rows, as_of: float) -> Flags:
    """Which sales a platform can count at a moment: come in by then, and seen by the pixel."""
    seen: Flags = sales["tracked"] & (sales["at"] < as_of)
    return seen
