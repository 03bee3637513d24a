"""Send figures: deliveries, opens, clicks and departures of one mailing, by arm and segment."""

import numpy as np

from drumbeat.connectors.simulated.market import shop
from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Ints, Rows
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts, measured_by
from drumbeat.connectors.simulated.market.hours import WEEK
from drumbeat.connectors.simulated.market.mail import HELD_OUT, NEVER
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import Source, countable
from drumbeat.core.campaign.objects import Send

HOLD_OUT = "hold_out"


def of_send(
    market: Market, target: str, send: Send, window: Window, *, parts: bool
) -> list[Figure]:
    """All figures of a send: total and, as ``parts``, by variant, by segment, and by both. A part
    in which nothing happened is left out, as platforms leave it out of their reports.

    Where an arm leaves people out, each segment and variant also carries ``assigned``, the people
    dealt to it, and their ``orders``. With a hold-out, each ``arm`` (a variant's name, or
    ``hold_out``) also carries ``reach``, the people in it, and the ``orders`` and ``revenue`` those
    people brought the shop in the window, wherever they came from.
    """
    rows, sales = _rows(market, target)
    segments, variants = market.ground.contacts.segment_names, [v.name for v in send.variants]
    table = _Table(market, len(segments), len(variants), window)
    table.count_mail(rows)
    table.count_sales(sales)
    figures = table.figures((), {})
    if not parts:
        return figures
    for arm, variant in enumerate(variants):
        figures += table.part((slice(None), arm), {"variant": variant})
    for number in np.unique(market.ground.contacts.segment[rows["contact"]]).tolist():
        here = {"segment": segments[number]}
        figures += table.part((number,), here)
        for arm, variant in enumerate(variants):
            figures += table.part((number, arm), {**here, "variant": variant})
    if send.differs_in_people:
        figures += _dealt(market, rows, send, window)
    return figures + _arms(market, rows, send, window)


class _Table:
    """Counts by segment and variant."""

    def __init__(self, market: Market, segments: int, variants: int, window: Window) -> None:
        self._segment = market.ground.contacts.segment
        self._shape = (segments, variants)
        self._window = window
        self._counts: dict[str, Floats] = {}

    def count_mail(self, rows: Rows) -> None:
        window, mailed = self._window, rows[rows["arm"] != HELD_OUT]
        sent = window.holds(mailed["sent"])
        self._put("sent", mailed, sent)
        self._put("delivered", mailed, sent & ~(mailed["bounced"] < window.as_of))
        for metric, column in (
            ("opens", "opened"),
            ("clicks", "clicked"),
            ("bounces", "bounced"),
            ("unsubscribes", "unsubscribed"),
            ("complaints", "complained"),
        ):
            self._put(metric, mailed, window.holds(mailed[column]))

    def count_sales(self, sales: Rows) -> None:
        known = self._window.holds(sales["clicked"]) & countable(sales, self._window.as_of)
        self._put("conversions", sales, known)
        self._put("revenue", sales, known, sales["value"])

    def figures(self, place: tuple[int | slice, ...], dimensions: dict[str, str]) -> list[Figure]:
        values = {metric: float(counted[place].sum()) for metric, counted in self._counts.items()}
        return counts(dimensions, **values)

    def part(self, place: tuple[int | slice, ...], dimensions: dict[str, str]) -> list[Figure]:
        found = self.figures(place, dimensions)
        return found if any(figure.value for figure in found) else []

    def _put(self, metric: str, rows: Rows, chosen: Flags, weight: Ints | None = None) -> None:
        mine = rows[chosen]
        cell = self._segment[mine["contact"]] * self._shape[1] + mine["arm"]
        weights = None if weight is None else weight[chosen]
        size = self._shape[0] * self._shape[1]
        counted = np.bincount(cell, weights, minlength=size).astype(np.float64)
        self._counts[metric] = counted.reshape(self._shape)


def _rows(market: Market, target: str) -> tuple[Rows, Rows]:
    number = market.sends.find(target)
    hour = market.sent_at.get(target, -1)
    rows = market.mail.between(hour, hour + 1)
    sales = market.sales.between(hour, hour + 1)
    wanted = -2 if number is None else number
    mine = (sales["source"] == int(Source.EMAIL)) & (sales["row"] == wanted)
    return rows[rows["row"] == wanted], sales[mine]


def _dealt(market: Market, rows: Rows, send: Send, window: Window) -> list[Figure]:
    """Of each segment and variant the people dealt to it, mailed or left out, and what they
    ordered of the shop within a week of the send, wherever they came from."""
    if not len(rows):
        return []
    segment, variants = market.ground.contacts.segment, [one.name for one in send.variants]
    dealt = rows[rows["arm"] != HELD_OUT]
    sent = float(dealt["hour"][0]) if len(dealt) else NEVER
    is_day = window.since <= sent < window.end
    arm_of = np.full(len(segment), HELD_OUT)
    arm_of[dealt["contact"]] = dealt["arm"]
    orders = _orders(market, Window(window.since, min(window.until, sent + WEEK), window.as_of))
    buyers = orders["contact"]
    figures = []
    for number in np.unique(segment[dealt["contact"]]).tolist():
        for arm, variant in enumerate(variants):
            here = {"segment": market.ground.contacts.segment_names[number], "variant": variant}
            bought = int(((arm_of[buyers] == arm) & (segment[buyers] == number)).sum())
            if is_day:
                people = int(((arm_of == arm) & (segment == number)).sum())
                figures += counts(here, assigned=people)
            figures += measured_by("shop", counts(here, orders=bought))
    return figures


def _orders(market: Market, window: Window) -> Rows:
    """The shop's orders of known people within a window."""
    orders = shop.orders(market, int(window.since), int(np.ceil(max(window.end, window.since))))
    found: Rows = orders[window.holds(orders["at"]) & (orders["contact"] >= 0)]
    return found


def _arms(market: Market, rows: Rows, send: Send, window: Window) -> list[Figure]:
    if not send.hold_out or not len(rows):
        return []
    orders = _orders(market, window)
    arm_of = np.full(len(market.ground.contacts), len(send.variants) + 1)
    arm_of[rows["contact"]] = np.where(rows["arm"] == HELD_OUT, len(send.variants), rows["arm"])
    arms = arm_of[orders["contact"]]
    figures = []
    for arm, name in enumerate([*(variant.name for variant in send.variants), HOLD_OUT]):
        theirs = orders["value"][arms == arm]
        people, revenue = int((arm_of == arm).sum()), int(theirs.sum())
        figures += counts({"arm": name}, reach=people, orders=len(theirs), revenue=revenue)
    return measured_by("shop", figures)
