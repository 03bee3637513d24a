"""Cause: what may lie behind a change of what is measured."""

from enum import StrEnum


class Cause(StrEnum):
    """What may lie behind a change. The first five are no campaign problems."""

    TRACKING_BREAK = "tracking_break"
    STOCK_OUT = "stock_out"
    SLOW_PAGE = "slow_page"
    SALES_FOLLOW_UP = "sales_follow_up"
    PLATFORM_OUTAGE = "platform_outage"
    AUCTION_SHIFT = "auction_shift"
    CREATIVE_FATIGUE = "creative_fatigue"
    AUDIENCE_FATIGUE = "audience_fatigue"
    CREATIVE_WEAKNESS = "creative_weakness"
    SEASONALITY = "seasonality"
    OUTSIDE_CHANGE = "outside_change"
    COMMENT_CRISIS = "comment_crisis"
    SPILLOVER = "spillover"
    NOISE = "noise"
    UNKNOWN = "unknown"


# What the shop or the site suffers from, and with it whoever sends people there.
SITE_WIDE = frozenset(
    {Cause.TRACKING_BREAK, Cause.STOCK_OUT, Cause.SLOW_PAGE, Cause.SALES_FOLLOW_UP}
)
