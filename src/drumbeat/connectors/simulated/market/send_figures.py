"""Send figures: deliveries, opens, clicks and departures of one mailing, by arm and segment."""

import numpy as np

from drumbeat.connectors.simulated.market import shop
from drumbeat.connectors.simulated.market.arrays import Flags, Rows
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts, sold
from drumbeat.connectors.simulated.market.mail import HELD_OUT
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.core.campaign.objects import Send

HOLD_OUT = "hold_out"


def of_send(market: Market, target: str, send: Send, window: Window) -> list[Figure]:
    """All figures of a send: total, by variant, by segment, and by both.

    With a hold-out, each ``arm`` (a variant's name, or ``hold_out``) also carries ``reach``, the
    people in it, and the ``orders`` and ``revenue`` those people brought the shop in the window,
    wherever they came from.
    """
    rows, sales = _rows(market, target)
    segment = market.ground.contacts.segment[rows["contact"]]
    sale_segment = market.ground.contacts.segment[sales["contact"]]
    everyone = np.ones(len(rows), dtype=np.bool_)
    every_sale = np.ones(len(sales), dtype=np.bool_)
    figures = _part(rows, everyone, sales[every_sale], window, {})
    for number, name in enumerate(market.ground.contacts.segment_names):
        if (segment == number).any():
            here, sold_here = segment == number, sale_segment == number
            figures += _part(rows, here, sales[sold_here], window, {"segment": name})
            for arm, variant in enumerate(send.variants):
                both = {"segment": name, "variant": variant.name}
                mine = sales[sold_here & (sales["arm"] == arm)]
                figures += _part(rows, here & (rows["arm"] == arm), mine, window, both)
    for arm, variant in enumerate(send.variants):
        mine = sales[sales["arm"] == arm]
        figures += _part(rows, rows["arm"] == arm, mine, window, {"variant": variant.name})
    return figures + _arms(market, rows, send, window)


def _rows(market: Market, target: str) -> tuple[Rows, Rows]:
    number = market.sends.find(target)
    hour = market.sent_at.get(target, -1)
    rows = market.mail.between(hour, hour + 1)
    sales = market.sales.between(hour, hour + 1)
    wanted = -2 if number is None else number
    mine = (sales["source"] == int(Source.EMAIL)) & (sales["row"] == wanted)
    return rows[rows["row"] == wanted], sales[mine]


def _part(
    rows: Rows, chosen: Flags, sales: Rows, window: Window, dimensions: dict[str, str]
) -> list[Figure]:
    mailed = rows[chosen & (rows["arm"] != HELD_OUT)]
    sent = window.holds(mailed["sent"])
    delivered = sent & ~(mailed["bounced"] < window.as_of)
    figures = counts(
        dimensions,
        sent=sent.sum(),
        delivered=delivered.sum(),
        opens=window.holds(mailed["opened"]).sum(),
        clicks=window.holds(mailed["clicked"]).sum(),
        bounces=window.holds(mailed["bounced"]).sum(),
        unsubscribes=window.holds(mailed["unsubscribed"]).sum(),
        complaints=window.holds(mailed["complained"]).sum(),
    )
    return figures + sold(sales, window, dimensions)


def _arms(market: Market, rows: Rows, send: Send, window: Window) -> list[Figure]:
    if not send.hold_out or not len(rows):
        return []
    orders = shop.orders(market, int(window.since), int(np.ceil(window.end)))
    orders = orders[window.holds(orders["at"]) & (orders["contact"] >= 0)]
    figures = []
    names = [*(variant.name for variant in send.variants), HOLD_OUT]
    for arm, name in zip([*range(len(send.variants)), HELD_OUT], names, strict=True):
        people = rows["contact"][rows["arm"] == arm]
        theirs = orders["value"][np.isin(orders["contact"], people)]
        revenue = int(theirs.sum())
        figures += counts({"arm": name}, reach=len(people), orders=len(theirs), revenue=revenue)
    return figures
