"""Post figures: attention, engagement and comments of a post; followers of an account."""

import numpy as np

from drumbeat.connectors.simulated.market.comment import count_negative
from drumbeat.connectors.simulated.market.figure import Figure, Window, counts, sold
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.core.campaign.objects import Post

_SEEN_AGAIN = 1.25  # impressions a person of a network's feed


def of_post(market: Market, target: str, post: Post, window: Window) -> list[Figure]:
    """What a network reports about one post."""
    number = market.posts.find(target)
    wanted = -1 if number is None else number
    rows = market.social.between(window.since, window.end - 1.0 + 1e-9)
    rows = rows[rows["row"] == wanted]
    sales = market.sales.between(window.since - 1.0, window.end)
    sales = sales[(sales["source"] == int(Source.SOCIAL)) & (sales["row"] == wanted)]
    shown = int(rows["impressions"].sum())
    negative = count_negative(market, rows)
    comments = int(rows["comments"].sum())
    figures = counts(
        {},
        impressions=shown,
        reach=round(shown / _SEEN_AGAIN),
        engagements=int(rows["reactions"].sum() + rows["shares"].sum()) + comments,
        clicks=int(rows["clicks"].sum()),
        comments=comments,
        negative_comments=negative,
        spend=int(rows["spend"].sum()),
    )
    return figures + sold(sales, window, {})


def of_account(market: Market, network: str, window: Window) -> list[Figure]:
    """The followers of an account at the end of the window; None known before the start."""
    rows = market.hours.between(window.since, window.end)
    if not len(rows):
        return []
    column = list(market.ground.scenario.networks).index(network)
    return counts({}, followers=float(np.rint(rows[f"followers_{column}"][-1])))
