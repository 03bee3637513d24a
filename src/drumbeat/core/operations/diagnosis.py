"""Diagnosis: which cause explains a change, by signatures over independent signals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.noun import Noun
from drumbeat.core.operations.change import Change, Trend


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


class Diagnosis(Noun):
    """``cause`` with the evidence; ``second_signal`` is the first one that does not come from the
    main one's source. A business problem goes to ``owner`` instead of becoming a campaign change.
    """

    cause: Cause
    evidence: tuple[str, ...]
    signals: tuple[str, ...] = ()
    second_signal: str = ""
    would_change: str
    owner: FailureClass
    also_possible: tuple[Cause, ...] = ()

    @property
    def is_business_problem(self) -> bool:
        """Whether changing the campaign would treat a symptom."""
        return self.cause in _NOT_OURS


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


# A signature with the signals that fit it.
_Match = tuple[tuple[str, ...], Signature]

_UP, _DOWN, _FLAT = Trend.UP, Trend.DOWN, Trend.FLAT
_NOT_OURS = frozenset(
    {
        Cause.TRACKING_BREAK,
        Cause.STOCK_OUT,
        Cause.SLOW_PAGE,
        Cause.SALES_FOLLOW_UP,
        Cause.PLATFORM_OUTAGE,
    }
)
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
    Signature(
        Cause.CREATIVE_WEAKNESS,
        {"click_rate": _DOWN, "open_rate": _FLAT, "unsubscribe_rate": _FLAT},
        {"orders": _FLAT, "page_load_seconds": _FLAT},
        FailureClass.COPY,
        "another letter does no better with the same people",
        least={"click_rate": 0.3},
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


def recognize(changes: Mapping[str, Change]) -> Diagnosis | None:
    """The cause whose signature shows, whichever metric drew attention, if any did.

    For looking at what has not crossed a line yet. None where nothing shows, or where two causes
    explain it equally well: saying nothing is better than guessing.
    """
    held = _held(changes)
    leading, causes = _leading(held)
    return _named("", leading[0], held, changes) if len(causes) == 1 else None


def diagnose(main: str, changes: Mapping[str, Change]) -> Diagnosis:
    """The one cause whose signature the signals show.

    ``main`` is the metric that drew attention. Where it may be chance the answer is noise; where
    no signature holds with two sources, or two hold equally well, it is unknown and says so. A
    signal that was not read never counts for anything.
    """
    drawn = changes.get(main)
    if drawn is not None and drawn.trend is Trend.FLAT:
        return _noise(main, drawn)
    held = _held(changes)
    leading, causes = _leading(held)
    if len(causes) != 1:
        return _unknown(changes, causes)
    return _named(main, leading[0], held, changes)


def _held(changes: Mapping[str, Change]) -> list[_Match]:
    """The signatures that hold, each with two sources unless one is proof."""
    scored = ((_matched(one, changes), one) for one in SIGNATURES)
    enough = ((names, one) for names, one in scored if one.is_proof or _sources(names, changes) > 1)
    return [(names, one) for names, one in enough if names]


def _leading(held: list[_Match]) -> tuple[list[_Match], tuple[Cause, ...]]:
    """The signatures that explain the most signals, and the causes they stand for."""
    best = max((len(names) for names, _ in held), default=0)
    leading = [(names, one) for names, one in held if len(names) == best]
    return leading, tuple(dict.fromkeys(one.cause for _, one in leading))


def _matched(signature: Signature, changes: Mapping[str, Change]) -> tuple[str, ...]:
    """The signals that fit; none at all unless everything the signature needs does."""
    if any(_trend(name, changes) is not trend for name, trend in signature.needs.items()):
        return ()
    if any(_trend(name, changes) is trend for name, trend in signature.against.items()):
        return ()
    if any(abs(changes[name].relative or 0.0) < size for name, size in signature.least.items()):
        return ()
    fitting = (n for n, trend in signature.supports.items() if _trend(n, changes) is trend)
    return (*signature.needs, *fitting)


def _trend(name: str, changes: Mapping[str, Change]) -> Trend:
    return changes[name].trend if name in changes else Trend.UNKNOWN


def _sources(names: tuple[str, ...], changes: Mapping[str, Change]) -> int:
    return len({changes[name].source for name in names})


def _named(
    main: str, found: _Match, held: list[_Match], changes: Mapping[str, Change]
) -> Diagnosis:
    names, signature = found
    first = changes[main].source if main in changes else changes[names[0]].source
    second = next((name for name in names if changes[name].source != first), "")
    others = dict.fromkeys(one.cause for _, one in held if one.cause is not signature.cause)
    return Diagnosis(
        cause=signature.cause,
        evidence=tuple(_told(name, changes[name]) for name in names),
        signals=names,
        second_signal=second,
        would_change=signature.would_change,
        owner=signature.owner,
        also_possible=tuple(others),
    )


def _noise(main: str, drawn: Change) -> Diagnosis:
    return Diagnosis(
        cause=Cause.NOISE,
        evidence=(_told(main, drawn),),
        signals=(main,),
        would_change="the change lasts, or grows beyond what chance explains",
        owner=FailureClass.DATA,
    )


def _unknown(changes: Mapping[str, Change], possible: tuple[Cause, ...]) -> Diagnosis:
    unread = sorted(name for name, one in changes.items() if one.trend is Trend.UNKNOWN)
    told = tuple(_told(name, one) for name, one in changes.items() if one.trend is not Trend.FLAT)
    ask = f"readings of {', '.join(unread)}" if unread else "one more independent signal"
    return Diagnosis(
        cause=Cause.UNKNOWN,
        evidence=told,
        would_change=ask,
        owner=FailureClass.DATA,
        also_possible=possible,
    )


def _told(name: str, change: Change) -> str:
    words = name.replace("_", " ")
    if change.relative is None:
        return f"{words} could not be read ({change.source})"
    if change.trend is Trend.FLAT:
        return f"{words} as usual ({change.relative:+.0%}, {change.source})"
    return f"{words} {change.relative:+.0%} ({change.source})"
