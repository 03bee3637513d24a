"""A cause is named only where its signature shows over two sources; otherwise it says unknown."""

import pytest

from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.change import Change, Trend
from drumbeat.core.operations.diagnosis import diagnose, recognize_soonest
from drumbeat.core.operations.signatures import SIGNATURES

SOURCES = {
    "clicks": "ads-account",
    "impressions": "ads-account",
    "conversions": "ads-account",
    "cost_per_mille": "ads-account",
    "click_through_rate": "ads-account",
    "frequency": "ads-reach",
    "orders": "shop",
    "stock": "shop",
    "lead_to_opportunity_rate": "crm",
    "qualified_leads": "ads-account",
    "page_load_seconds": "site",
    "site_bounce_rate": "analytics",
    "connection": "probe",
    "brand_searches": "search-console",
    "season": "data/context.yaml",
    "unsubscribe_rate": "house-mail",
    "spam_complaint_rate": "mailbox-providers",
    "open_rate": "pixel",
    "click_rate": "links",
    "click_to_open_rate": "links",
    "creative_frequency": "creatives",
    "creative_click_rate": "ads-account",
}


def change(relative: float | None, source: str = "shop", *, is_clear: bool = True) -> Change:
    return Change(relative=relative, is_clear=is_clear, source=source)


def signals(**trends: float | None) -> dict[str, Change]:
    return {name: change(value, SOURCES[name]) for name, value in trends.items()}


@pytest.mark.parametrize(
    ("main", "seen", "cause"),
    [
        pytest.param(
            "conversions",
            {"conversions": -0.6, "orders": 0.0, "clicks": 0.02},
            Cause.TRACKING_BREAK,
            id="conversions vanish, orders do not",
        ),
        pytest.param(
            "conversions",
            {"conversions": -0.6, "stock": -1.0, "clicks": 0.0, "orders": -0.5},
            Cause.STOCK_OUT,
            id="nothing left to sell",
        ),
        pytest.param(
            "conversions",
            {
                "conversions": -0.4,
                "page_load_seconds": 1.5,
                "site_bounce_rate": 0.5,
                "clicks": 0.0,
                "orders": -0.4,
            },
            Cause.SLOW_PAGE,
            id="the page is slow",
        ),
        pytest.param(
            "lead_to_opportunity_rate",
            {"lead_to_opportunity_rate": -0.5, "qualified_leads": 0.0},
            Cause.SALES_FOLLOW_UP,
            id="leads are not called",
        ),
        pytest.param(
            "impressions",
            {"impressions": -0.95, "connection": -1.0, "clicks": -0.9},
            Cause.PLATFORM_OUTAGE,
            id="the platform is away",
        ),
        pytest.param(
            "cost_per_mille",
            {"cost_per_mille": 0.6, "click_through_rate": 0.0, "frequency": 0.0},
            Cause.AUCTION_SHIFT,
            id="the auction got dearer",
        ),
        pytest.param(
            "click_through_rate",
            {"click_through_rate": -0.3, "frequency": 0.5, "cost_per_mille": 0.0},
            Cause.CREATIVE_FATIGUE,
            id="seen too often",
        ),
        pytest.param(
            "click_through_rate",
            {
                "click_through_rate": -0.3,
                "frequency": 0.0,
                "cost_per_mille": 0.0,
                "brand_searches": 0.0,
            },
            Cause.CREATIVE_WEAKNESS,
            id="nobody likes it",
        ),
        pytest.param(
            "click_rate",
            {
                "click_rate": -0.5,
                "click_to_open_rate": -0.5,
                "open_rate": 0.0,
                "unsubscribe_rate": 0.0,
            },
            Cause.CREATIVE_WEAKNESS,
            id="a letter nobody clicks",
        ),
        pytest.param(
            "open_rate",
            {"open_rate": -0.3, "unsubscribe_rate": 0.8},
            Cause.AUDIENCE_FATIGUE,
            id="readers are tired",
        ),
        pytest.param(
            "unsubscribe_rate",
            {"unsubscribe_rate": 7.8, "spam_complaint_rate": 42.0},
            Cause.AUDIENCE_FATIGUE,
            id="readers leave and call it spam before opens are clearly fewer",
        ),
        pytest.param(
            "unsubscribe_rate",
            {"unsubscribe_rate": 7.8, "spam_complaint_rate": 42.0, "open_rate": 0.4},
            Cause.UNKNOWN,
            id="a letter that many open and some resent is no tired audience",
        ),
        pytest.param(
            "conversions",
            {"conversions": -0.3, "orders": -0.3, "brand_searches": -0.2, "season": -0.2},
            Cause.SEASONALITY,
            id="the season is over",
        ),
    ],
)
def test_each_cause_has_its_signature(main: str, seen: dict[str, float], cause: Cause) -> None:
    found = diagnose(main, signals(**seen))
    assert found.cause is cause
    assert found.evidence
    assert found.second_signal or cause is Cause.UNKNOWN
    assert found.would_change


def test_a_drop_that_may_be_chance_is_noise() -> None:
    seen = {"conversions": change(-0.4, is_clear=False), "orders": change(-0.3)}
    assert diagnose("conversions", seen).cause is Cause.NOISE


def test_one_source_alone_names_nothing() -> None:
    seen = {
        name: change(value, "ads-account")
        for name, value in {"cost_per_mille": 0.6, "click_through_rate": 0.0}.items()
    }
    assert diagnose("cost_per_mille", seen).cause is Cause.UNKNOWN


def test_a_signal_that_was_not_read_never_counts() -> None:
    seen = signals(conversions=-0.6, clicks=0.0, orders=None)
    found = diagnose("conversions", seen)
    assert found.cause is Cause.UNKNOWN
    assert found.would_change == "readings of orders"


@pytest.mark.parametrize(
    ("main", "cause"),
    [
        pytest.param("conversions", Cause.STOCK_OUT, id="orders are lost"),
        pytest.param("bounce_rate", Cause.UNKNOWN, id="mails do not bounce for want of stock"),
        pytest.param("spam_complaint_rate", Cause.UNKNOWN, id="nor are they called spam for it"),
        pytest.param("negative_comment_share", Cause.UNKNOWN, id="nor are posts disliked"),
    ],
)
def test_what_ails_the_shop_does_not_explain_what_comes_before_it(main: str, cause: Cause) -> None:
    seen = signals(stock=-0.3, orders=-0.4, page_load_seconds=0.0)
    assert diagnose(main, seen).cause is cause


def test_unknown_tells_what_moved_and_asks_for_what_would_decide() -> None:
    seen = signals(conversions=-0.6, clicks=0.0, orders=None)
    seen |= {"sent": change(None, "platform"), "opens": change(46.0, "platform")}
    found = diagnose("conversions", seen)
    assert [line.split(" ")[0] for line in found.evidence] == ["conversions"]
    assert found.would_change == "readings of orders"
    unread = {one: change(None) for one in ("bounce_rate", "creative_click_rate")}
    assert diagnose("bounce_rate", unread).would_change == "one more independent signal"


def test_nothing_known_is_unknown() -> None:
    assert diagnose("conversions", {}).cause is Cause.UNKNOWN


def test_two_causes_that_fit_equally_are_both_named_and_neither_chosen() -> None:
    seen = signals(
        impressions=-0.5, connection=-1.0, stock=-1.0, conversions=-0.5, clicks=-0.5, orders=-0.5
    ) | {"spend": change(0.0)}
    found = diagnose("conversions", seen)
    assert found.cause is Cause.UNKNOWN
    assert set(found.also_possible) == {Cause.PLATFORM_OUTAGE, Cause.STOCK_OUT}


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda one: one.cause.value)
def test_every_signature_needs_two_signals_and_says_what_would_change_its_mind(
    signature: object,
) -> None:
    needs = getattr(signature, "needs", {})
    assert len(needs) >= 2 or getattr(signature, "is_proof", False)
    assert getattr(signature, "would_change", "")


@pytest.mark.parametrize(
    ("cause", "business"),
    [
        pytest.param("conversions", True, id="tracking"),
        pytest.param("click_through_rate", False, id="creative"),
    ],
)
def test_a_business_problem_is_not_the_campaigns(cause: str, business: bool) -> None:
    seen = {
        "conversions": signals(conversions=-0.6, orders=0.0, clicks=0.0),
        "click_through_rate": signals(click_through_rate=-0.3, frequency=0.5),
    }[cause]
    assert diagnose(cause, seen).is_business_problem is business


@pytest.mark.parametrize(
    ("given", "trend"),
    [
        pytest.param(change(0.3), Trend.UP, id="more"),
        pytest.param(change(-0.3), Trend.DOWN, id="less"),
        pytest.param(change(0.05), Trend.FLAT, id="small"),
        pytest.param(change(0.9, is_clear=False), Trend.FLAT, id="chance"),
        pytest.param(change(None), Trend.UNKNOWN, id="not read"),
    ],
)
def test_a_trend_is_a_change_that_is_large_and_clear(given: Change, trend: Trend) -> None:
    assert given.trend is trend


WORN = {"creative_frequency": 0.4, "creative_click_rate": -0.2}
FRESH = {"creative_frequency": 0.0, "creative_click_rate": 0.0}
UNSURE = {"creative_frequency": 0.4, "creative_click_rate": 0.0}
SOLD_OUT = {"stock": -0.5, "orders": -0.3, "page_load_seconds": 0.0}


@pytest.mark.parametrize(
    ("day", "three", "week", "cause"),
    [
        pytest.param(FRESH, FRESH, FRESH, None, id="all is well"),
        pytest.param(WORN, FRESH, FRESH, Cause.CREATIVE_FATIGUE, id="clear in a day"),
        pytest.param(UNSURE, UNSURE, WORN, Cause.CREATIVE_FATIGUE, id="it creeps"),
        pytest.param(UNSURE, FRESH, WORN, None, id="it crept, and is over"),
        pytest.param({}, {}, SOLD_OUT, None, id="what is sudden is not read from a week"),
        pytest.param(SOLD_OUT, {}, WORN, Cause.STOCK_OUT, id="the soonest is named"),
    ],
)
def test_a_week_names_what_creeps_alone(
    day: dict[str, float], three: dict[str, float], week: dict[str, float], cause: Cause | None
) -> None:
    found = recognize_soonest([signals(**seen) for seen in (day, three, week)])
    assert (found.cause if found else None) is cause
