"""Metrics: the names of what is measured, their unit, and the rates made from counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a base metric is counted in. Money is in minor units; a share lies in [0, 1]."""

    COUNT = "count"
    MONEY = "minor units"
    SECONDS = "seconds"
    SHARE = "share"


# What connectors report, by name. Counts and sums only: rates are made here.
BASE: Mapping[str, Unit] = {
    "sent": Unit.COUNT,
    # People dealt to an arm, mailed or not.
    "assigned": Unit.COUNT,
    "delivered": Unit.COUNT,
    "opens": Unit.COUNT,
    "clicks": Unit.COUNT,
    "bounces": Unit.COUNT,
    "complaints": Unit.COUNT,
    "unsubscribes": Unit.COUNT,
    "impressions": Unit.COUNT,
    "reach": Unit.COUNT,
    "spend": Unit.MONEY,
    "conversions": Unit.COUNT,
    "revenue": Unit.MONEY,
    "qualified_leads": Unit.COUNT,
    "engagements": Unit.COUNT,
    "comments": Unit.COUNT,
    "negative_comments": Unit.COUNT,
    "followers": Unit.COUNT,
    "visits": Unit.COUNT,
    "bounced_visits": Unit.COUNT,
    "add_to_carts": Unit.COUNT,
    "orders": Unit.COUNT,
    "opportunities": Unit.COUNT,
    "stock": Unit.COUNT,
    "page_load_seconds": Unit.SECONDS,
    "brand_searches": Unit.COUNT,
}


@dataclass(frozen=True)
class Ratio:
    """``over`` divided by ``under``."""

    over: str
    under: str


RATES: Mapping[str, Ratio] = {
    "open_rate": Ratio("opens", "delivered"),
    "click_rate": Ratio("clicks", "delivered"),
    "click_to_open_rate": Ratio("clicks", "opens"),
    "bounce_rate": Ratio("bounces", "sent"),
    "spam_complaint_rate": Ratio("complaints", "delivered"),
    "unsubscribe_rate": Ratio("unsubscribes", "delivered"),
    "click_through_rate": Ratio("clicks", "impressions"),
    "conversion_rate": Ratio("conversions", "clicks"),
    "cost_per_acquisition": Ratio("spend", "conversions"),
    "cost_per_mille": Ratio("spend", "impressions"),
    "return_on_ad_spend": Ratio("revenue", "spend"),
    "frequency": Ratio("impressions", "reach"),
    "engagement_rate": Ratio("engagements", "impressions"),
    "negative_comment_share": Ratio("negative_comments", "comments"),
    "site_bounce_rate": Ratio("bounced_visits", "visits"),
    "lead_to_opportunity_rate": Ratio("opportunities", "qualified_leads"),
}

NAMES = frozenset(BASE) | frozenset(RATES)


def value_of(metric: str, counts: Mapping[str, float]) -> float | None:
    """The metric from base counts; None when it cannot be told (missing, or nothing under it)."""
    ratio = RATES.get(metric)
    if ratio is None:
        return counts.get(metric)
    over, under = counts.get(ratio.over), counts.get(ratio.under)
    if over is None or not under:
        return None
    return over / under
