"""Signatures: by which independent signals each cause is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.change import Trend


@dataclass(frozen=True)
class Signature:
    """``needs`` must all hold; each of ``supports`` that holds makes it likelier.

    ``least`` is how large a needed change must be, where a tenth is not telling; ``against`` are
    trends that speak for something else. ``is_proof``: one source is enough.
    """

    cause: Cause
    needs: Mapping[str, Trend]
    supports: Mapping[str, Trend]
    owner: FailureClass
    would_change: str
    least: Mapping[str, float] = field(default_factory=dict)
    against: Mapping[str, Trend] = field(default_factory=dict)
    is_proof: bool = False


_UP, _DOWN, _FLAT = Trend.UP, Trend.DOWN, Trend.FLAT
# What tells demand from a campaign's own doing: nobody changed the budget, the page and the stock.
_DEMAND = {"page_load_seconds": _FLAT, "stock": _FLAT, "tracked_share": _FLAT}
SIGNATURES: tuple[Signature, ...] = (
    Signature(
        Cause.PLATFORM_OUTAGE,
        {"connection": _DOWN},
        {"impressions": _DOWN, "clicks": _DOWN, "spend": _DOWN},
        FailureClass.PLATFORM,
        "the connection answers again and impressions stay low",
        is_proof=True,
    ),
    Signature(
        Cause.PLATFORM_OUTAGE,
        {"impressions": _DOWN, "spend": _DOWN, "budget": _FLAT},
        {"clicks": _DOWN, "reach": _DOWN, "cost_per_mille": _FLAT, "orders": _FLAT},
        FailureClass.PLATFORM,
        "the platform delivers again elsewhere and this campaign stays dark",
        least={"impressions": 0.35, "spend": 0.35},
    ),
    Signature(
        Cause.OUTSIDE_CHANGE,
        {"spend": _UP, "impressions": _UP, "budget": _FLAT},
        {"clicks": _UP, "reach": _UP, "orders": _FLAT},
        FailureClass.BUDGET,
        "the platform's budget is the one in our own records",
        least={"spend": 0.8},
    ),
    Signature(
        Cause.SPILLOVER,
        {"brand_searches": _DOWN, "search_share": _DOWN, "budget": _DOWN},
        {"impressions": _DOWN, "visits": _DOWN, "orders": _DOWN},
        FailureClass.BUDGET,
        "the budget is back and people still do not search for the brand",
        least={"budget": 0.25},
    ),
    Signature(
        Cause.STOCK_OUT,
        {"stock": _DOWN, "conversions": _DOWN},
        {"add_to_carts": _DOWN, "orders": _DOWN, "clicks": _FLAT},
        FailureClass.DATA,
        "stock is back and conversions stay low",
    ),
    Signature(
        Cause.STOCK_OUT,
        {"stock": _DOWN, "orders": _DOWN},
        {"visits": _FLAT, "add_to_carts": _FLAT, "page_load_seconds": _FLAT},
        FailureClass.DATA,
        "stock is back and orders stay low",
    ),
    Signature(
        Cause.TRACKING_BREAK,
        {"conversions": _DOWN, "orders": _FLAT, "clicks": _FLAT},
        {"visits": _FLAT, "release": _UP, "add_to_carts": _FLAT},
        FailureClass.DATA,
        "the shop's own orders fall as well",
        against={"tracked_share": _FLAT},
    ),
    Signature(
        Cause.TRACKING_BREAK,
        {"tracked_share": _DOWN, "connection": _FLAT},
        {"orders": _FLAT, "conversions": _DOWN, "visits": _FLAT, "add_to_carts": _FLAT},
        FailureClass.DATA,
        "the pixel counts what the shop sells again and conversions stay low",
    ),
    Signature(
        Cause.SLOW_PAGE,
        {"page_load_seconds": _UP, "site_bounce_rate": _UP},
        {"conversions": _DOWN, "orders": _DOWN, "clicks": _FLAT, "release": _UP},
        FailureClass.PLATFORM,
        "the page is fast again and visitors still leave",
    ),
    Signature(
        Cause.SALES_FOLLOW_UP,
        {"qualified_leads": _FLAT, "lead_to_opportunity_rate": _DOWN},
        {"conversions": _FLAT, "clicks": _FLAT, "visits": _FLAT, "orders": _FLAT},
        FailureClass.DATA,
        "leads are called within a day and still do not become opportunities",
        least={"lead_to_opportunity_rate": 0.5},
    ),
    Signature(
        Cause.AUCTION_SHIFT,
        {"cost_per_mille": _UP, "click_through_rate": _FLAT},
        {"impressions": _DOWN, "frequency": _FLAT, "cost_per_acquisition": _UP, "orders": _FLAT},
        FailureClass.BUDGET,
        "prices per impression return and the cost per conversion stays high",
        least={"cost_per_mille": 0.25},
        against={"spend": _UP, "budget": _UP, "creative_price": _FLAT, "visits": _UP},
    ),
    Signature(
        Cause.AUCTION_SHIFT,
        {"cost_per_mille": _DOWN, "click_through_rate": _FLAT},
        {"impressions": _UP, "frequency": _FLAT, "spend": _FLAT, "orders": _FLAT},
        FailureClass.BUDGET,
        "prices per impression return and the cost per conversion stays low",
        least={"cost_per_mille": 0.25},
        against={"budget": _DOWN, "creative_price": _FLAT, "visits": _DOWN},
    ),
    Signature(
        Cause.CREATIVE_FATIGUE,
        {"frequency": _UP, "click_through_rate": _DOWN},
        {"cost_per_mille": _FLAT, "page_load_seconds": _FLAT, "brand_searches": _FLAT},
        FailureClass.COPY,
        "a fresh creative does no better with the same people",
        against={"spend": _UP},
    ),
    Signature(
        Cause.CREATIVE_FATIGUE,
        {"creative_frequency": _UP, "creative_click_rate": _DOWN},
        {"cost_per_mille": _FLAT, "page_load_seconds": _FLAT, "brand_searches": _FLAT},
        FailureClass.COPY,
        "a fresh creative does no better with the same people",
        against={"spend": _UP},
    ),
    Signature(
        Cause.AUDIENCE_FATIGUE,
        {"unsubscribe_rate": _UP, "open_rate": _DOWN},
        {"complaints": _UP, "fatigue_flag": _UP},
        FailureClass.COPY,
        "a rested part of the audience behaves the same",
    ),
    # Opens swing from mail to mail, so that half of them may go before it is clear; people who
    # press "unsubscribe" and people who press "spam" at once are clear long before.
    Signature(
        Cause.AUDIENCE_FATIGUE,
        {"unsubscribe_rate": _UP, "spam_complaint_rate": _UP},
        {"open_rate": _DOWN, "click_rate": _DOWN, "fatigue_flag": _UP},
        FailureClass.COPY,
        "a rested part of the audience behaves the same",
        least={"unsubscribe_rate": 1.0, "spam_complaint_rate": 1.0},
        against={"open_rate": _UP, "click_rate": _UP},
    ),
    *(
        Signature(
            Cause.SEASONALITY,
            {"brand_searches": way, "orders": way, "season": way},
            {"conversions": way, "click_through_rate": _FLAT, **_DEMAND},
            FailureClass.BUDGET,
            "the same weeks of other years do not show it",
        )
        for way in (_UP, _DOWN)
    ),
    *(
        Signature(
            Cause.SEASONALITY,
            {"brand_searches": way, "orders": way, "visits": way, "search_share": _FLAT},
            {"season": way, "conversions": way, "click_through_rate": _FLAT, **_DEMAND},
            FailureClass.BUDGET,
            "the same weeks of other years do not show it",
            least={"brand_searches": 0.18, "orders": 0.15, "visits": 0.15},
            against={"budget": way, "spend": _UP},
        )
        for way in (_UP, _DOWN)
    ),
    Signature(
        Cause.CREATIVE_WEAKNESS,
        {"click_through_rate": _DOWN, "frequency": _FLAT, "cost_per_mille": _FLAT},
        {"page_load_seconds": _FLAT, "brand_searches": _FLAT, "orders": _FLAT},
        FailureClass.COPY,
        "another creative does no better with the same people",
        least={"click_through_rate": 0.25},
        against={
            "creative_click_rate": _DOWN,
            "creative_answer": _FLAT,
            "budget": _DOWN,
            "spend": _UP,
        },
    ),
    # Of those who open it: a letter that fewer open is clicked less, and says nothing of itself.
    # From theme to theme letters differ by a quarter anyway.
    Signature(
        Cause.CREATIVE_WEAKNESS,
        {"click_to_open_rate": _DOWN, "open_rate": _FLAT, "unsubscribe_rate": _FLAT},
        {"click_rate": _DOWN, "orders": _FLAT, "page_load_seconds": _FLAT},
        FailureClass.COPY,
        "another letter does no better with the same people",
        least={"click_to_open_rate": 0.45},
    ),
    Signature(
        Cause.COMMENT_CRISIS,
        {"negative_comment_share": _UP, "comments": _UP},
        {"engagement_rate": _UP, "orders": _FLAT},
        FailureClass.BRAND_CRISIS,
        "the angry comments turn out to be one person's, or bought",
        least={"comments": 0.5, "negative_comment_share": 0.5},
        is_proof=True,
    ),
)
