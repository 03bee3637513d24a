"""Site figures: the shop's own readings, which no ad or mail platform has a hand in."""

import numpy as np

from drumbeat.connectors.simulated.market import shop
from drumbeat.connectors.simulated.market.arrays import Rows
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts, measured_by
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import out_of_stock

_PIECES = 500  # in stock of an average product


def of_site(market: Market, window: Window) -> list[Figure]:
    """Visits to orders, leads, stock and page speed; orders also by product and region.

    ``orders`` and ``revenue`` are the shop system's, ``conversions`` what the pixel saw of them.
    """
    since, until = int(np.ceil(window.since)), int(window.end)
    if until <= since:
        return []
    hours = shop.hourly(market, since, until)
    orders = shop.orders(market, since, until)
    seen = counts(
        {},
        visits=hours["visits"].sum(),
        bounced_visits=hours["bounced"].sum(),
        add_to_carts=hours["baskets"].sum(),
        page_load_seconds=float(hours["page_load"].mean()),
        conversions=int(orders["tracked"].sum()),
    )
    called = counts(
        {}, qualified_leads=hours["leads"].sum(), opportunities=hours["opportunities"].sum()
    )
    searched = counts({}, brand_searches=hours["brand_searches"].sum())
    return [
        *measured_by("site analytics", seen),
        *measured_by("sales team", called),
        *measured_by("search console", searched),
        *measured_by("shop", _sold(market, orders) + _stock(market, until)),
    ]


def _sold(market: Market, orders: Rows) -> list[Figure]:
    figures = counts({}, orders=len(orders), revenue=int(orders["value"].sum()))
    for dimension, names in (
        ("product", market.ground.scenario.products),
        ("region", market.ground.scenario.regions),
    ):
        counted = np.bincount(orders[dimension], minlength=len(names))
        revenue = np.bincount(orders[dimension], orders["value"], minlength=len(names))
        for number, name in enumerate(names):
            figures += counts({dimension: name}, orders=counted[number], revenue=revenue[number])
    return figures


def _stock(market: Market, until: int) -> list[Figure]:
    last = np.array([until - 1], dtype=np.int64)
    figures = []
    for product in market.ground.scenario.products:
        left = 1.0 - out_of_stock(market.ground, last, product)[0]
        figures += counts({"product": product}, stock=round(_PIECES * left))
    total = sum(figure.value for figure in figures)
    return [*figures, Figure("stock", total)]
