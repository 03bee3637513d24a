"""Post figures: attention, engagement and comments of a post; followers of an account."""

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Ints
from drumbeat.connectors.simulated.market.comment import negative
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import Source, countable

_COUNTED = ("impressions", "reactions", "shares", "clicks", "comments", "spend")
_REPORTED = (
    "impressions",
    "reach",
    "engagements",
    "clicks",
    "comments",
    "negative_comments",
    "spend",
    "conversions",
    "revenue",
)
_SEEN_AGAIN = 1.25  # impressions a person of a network's feed


class PostFigures:
    """What networks report about posts over one window, counted for all of them at once."""

    def __init__(self, market: Market, window: Window) -> None:
        self._market = market
        rows = market.social.between(window.since, window.end - 1.0 + 1e-9)
        sales = market.sales.between(window.since - 1.0, window.end)
        sales = sales[sales["source"] == int(Source.SOCIAL)]
        sold = sales[window.holds(sales["clicked"]) & countable(sales, window.as_of)]
        self._counts = {name: self._by_post(rows["row"], rows[name]) for name in _COUNTED}
        self._negative = self._by_post(negative(market, rows))
        self._orders = self._by_post(sold["row"])
        self._revenue = self._by_post(sold["row"], sold["value"])

    def of(self, target: str) -> list[Figure]:
        """The figures of one post; of one that is not out yet, nothing but zeros."""
        number = self._market.posts.find(target)
        if number is None:
            return counts({}, **dict.fromkeys(_REPORTED, 0))
        shown, reactions, shares, clicks, comments, spend = (
            int(self._counts[name][number]) for name in _COUNTED
        )
        return counts(
            {},
            impressions=shown,
            reach=round(shown / _SEEN_AGAIN),
            engagements=reactions + shares + comments,
            clicks=clicks,
            comments=comments,
            negative_comments=self._negative[number],
            spend=spend,
            conversions=self._orders[number],
            revenue=self._revenue[number],
        )

    def _by_post(self, posts: Ints, amounts: Ints | None = None) -> Floats:
        return np.bincount(posts, amounts, minlength=len(self._market.posts)).astype(np.float64)


def of_account(market: Market, network: str, window: Window) -> list[Figure]:
    """The followers of an account at the end of the window; None known before the start."""
    rows = market.hours.between(window.since, window.end)
    if not len(rows):
        return []
    column = list(market.ground.scenario.networks).index(network)
    return counts({}, followers=float(np.rint(rows[f"followers_{column}"][-1])))
