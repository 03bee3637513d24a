"""Each incident shows in some readings and not in others: what a diagnosis can hold on to.

Every market with an incident has a calm twin that shares all its luck, so a reading that the
incident does not touch is exactly the same in both.
"""

from functools import cache
from typing import Any

import pytest

from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    creative,
    line_item,
    post,
    send,
    total,
    world,
)

BEGIN, END = START + 2 * WEEK, START + 3 * WEEK
CORE, FRESH = "line_item:ads/core", "line_item:ads/fresh"
SEND, POST, SITE = "send:news/2", "post:calendar/2", "site:shop"
PAUSED = {"status": "paused"}
RATES = {
    "ctr": ("clicks", "impressions"),
    "cpm": ("spend", "impressions"),
    "cvr": ("conversions", "clicks"),
    "frequency": ("impressions", "reach"),
    "bounce_rate": ("bounced_visits", "visits"),
    "basket_rate": ("add_to_carts", "visits"),
    "order_rate": ("orders", "visits"),
    "tracked_share": ("conversions", "orders"),
    "opportunity_rate": ("opportunities", "qualified_leads"),
    "open_rate": ("opens", "delivered"),
    "unsubscribe_rate": ("unsubscribes", "delivered"),
    "negative_share": ("negative_comments", "comments"),
}


def _orders() -> dict[str, dict[str, Any]]:
    weekly = {
        f"send:news/{week}": send(START + week * WEEK + DAY + 8 * HOUR, theme=f"theme-{week}")
        for week in range(3)
    }
    # Creatives the same in everything, so that a difference between them is the incident's.
    twins = [creative("a"), creative("b")]
    return {
        CORE: line_item(creatives=twins, daily_budget_minor=30_000),
        FRESH: line_item(name="fresh", segments=["anybody"], daily_budget_minor=30_000),
        POST: post(BEGIN + 9 * HOUR),
        **weekly,
    }


@cache
def _lived(kind: str, target: str = "*", magnitude: float | None = None) -> World:
    incident = {"kind": kind, "after": "2w", "lasts": "1w", "target": target}
    sized = incident if magnitude is None else {**incident, "magnitude": magnitude}
    market = world(_orders(), incidents=[sized] if kind else [])
    market.advance(END)
    return market


def _reading(market: World, target: str, metric: str, **where: str) -> float:
    figures = total(market, target, BEGIN, END, **where)
    over, under = RATES.get(metric, (metric, ""))
    return figures[over] / figures[under] if under else figures[over]


def _change(
    incident: tuple[Any, ...], target: str, metric: str, where: dict[str, str] | None = None
) -> float:
    calm, troubled = _lived(""), _lived(*incident)
    here = where or {}
    return _reading(troubled, target, metric, **here) / _reading(calm, target, metric, **here) - 1


PIXEL = ("tracking_break",)
STOCK = ("stock_out", "starter-kit")
SLOW = ("slow_landing_page",)
SHOCK = ("auction_shock",)
WORN = ("creative_fatigue", f"{CORE}#a")
WEAK = ("weak_creative", f"{CORE}#a")
SALES_TEAM = ("sales_follow_up_failure",)
CRISIS = ("comment_crisis", "instagram")
OUTAGE = ("platform_outage", "ads")
SEASON = ("seasonality",)
TIRED = ("audience_fatigue", "email")
TYPO = ("budget_typo", CORE)


@pytest.mark.parametrize(
    ("incident", "target", "metric", "low", "high"),
    [
        # The pixel is blind; people, clicks and the shop's own orders are not.
        pytest.param(PIXEL, CORE, "conversions", -0.9, -0.4, id="pixel-ads"),
        pytest.param(PIXEL, SEND, "conversions", -1.0, -0.3, id="pixel-mail"),
        pytest.param(PIXEL, SITE, "tracked_share", -0.75, -0.65, id="pixel-share-of-orders"),
        pytest.param(PIXEL, CORE, "clicks", 0, 0, id="pixel-leaves-clicks"),
        pytest.param(PIXEL, SITE, "visits", 0, 0, id="pixel-leaves-visits"),
        pytest.param(PIXEL, SITE, "orders", 0, 0, id="pixel-leaves-orders"),
        # One product is gone, on every channel; visits and baskets go on.
        pytest.param(STOCK, SITE, "orders", -0.6, -0.3, id="stock-orders"),
        pytest.param(STOCK, SITE, "stock", -0.4, -0.3, id="stock-level"),
        pytest.param(STOCK, CORE, "conversions", -0.8, -0.15, id="stock-ads"),
        pytest.param(STOCK, SITE, "add_to_carts", 0, 0, id="stock-leaves-baskets"),
        pytest.param(STOCK, SITE, "visits", 0, 0, id="stock-leaves-visits"),
        pytest.param(STOCK, CORE, "clicks", 0, 0, id="stock-leaves-clicks"),
        pytest.param(STOCK, SITE, "page_load_seconds", 0, 0, id="stock-leaves-speed"),
        # The page is slow: people bounce, whatever brought them.
        pytest.param(SLOW, SITE, "page_load_seconds", 2.0, 3.5, id="slow-load"),
        pytest.param(SLOW, SITE, "bounce_rate", 0.4, 0.8, id="slow-bounce"),
        pytest.param(SLOW, SITE, "orders", -0.5, -0.3, id="slow-orders"),
        pytest.param(SLOW, CORE, "cvr", -0.7, -0.15, id="slow-ads"),
        pytest.param(SLOW, SITE, "visits", 0, 0, id="slow-leaves-visits"),
        pytest.param(SLOW, CORE, "ctr", 0, 0, id="slow-leaves-ctr"),
        pytest.param(SLOW, SITE, "stock", 0, 0, id="slow-leaves-stock"),
        # Impressions cost more; those who see the ad answer as ever.
        pytest.param(SHOCK, CORE, "cpm", 0.6, 0.85, id="shock-price"),
        pytest.param(SHOCK, CORE, "impressions", -0.5, -0.35, id="shock-impressions"),
        pytest.param(SHOCK, CORE, "ctr", -0.08, 0.15, id="shock-leaves-ctr"),
        pytest.param(SHOCK, SITE, "brand_searches", -0.05, 0.0, id="shock-leaves-brand"),
        pytest.param(SHOCK, SEND, "clicks", 0, 0, id="shock-leaves-mail"),
        # Leads come in as ever, and nobody calls them.
        pytest.param(SALES_TEAM, SITE, "opportunity_rate", -0.8, -0.6, id="sales-opportunities"),
        pytest.param(SALES_TEAM, SITE, "qualified_leads", 0, 0, id="sales-leaves-leads"),
        pytest.param(SALES_TEAM, SITE, "orders", 0, 0, id="sales-leaves-orders"),
        # Comments turn, and followers leave.
        pytest.param(CRISIS, POST, "comments", 10, 500, id="crisis-comments"),
        pytest.param(CRISIS, POST, "negative_share", 0.5, 50, id="crisis-negative"),
        pytest.param(CRISIS, "account:instagram", "followers", -0.2, -0.005, id="crisis-followers"),
        pytest.param(CRISIS, CORE, "clicks", 0, 0, id="crisis-leaves-ads"),
        # The platform delivers nothing; other channels do.
        pytest.param(OUTAGE, CORE, "impressions", -1, -1, id="outage-ads"),
        pytest.param(OUTAGE, FRESH, "impressions", -1, -1, id="outage-every-line-item"),
        pytest.param(OUTAGE, SEND, "opens", 0, 0, id="outage-leaves-mail"),
        # Fewer people want anything, wherever one looks, paid for or not.
        pytest.param(SEASON, SITE, "visits", -0.4, -0.25, id="season-visits"),
        pytest.param(SEASON, SITE, "orders", -0.45, -0.2, id="season-orders"),
        pytest.param(SEASON, SITE, "brand_searches", -0.4, -0.3, id="season-brand"),
        pytest.param(SEASON, SITE, "tracked_share", -0.03, 0.03, id="season-leaves-tracking"),
        pytest.param(SEASON, SITE, "bounce_rate", -0.03, 0.03, id="season-leaves-bounce"),
        # The list is tired: opens fall and people leave; the site is as ever.
        pytest.param(TIRED, SEND, "open_rate", -0.6, -0.2, id="tired-opens"),
        pytest.param(TIRED, SEND, "unsubscribe_rate", 1.0, 30, id="tired-departures"),
        pytest.param(TIRED, SEND, "delivered", 0, 0, id="tired-leaves-delivery"),
        pytest.param(TIRED, CORE, "clicks", 0, 0, id="tired-leaves-ads"),
        # Ten times the money, over ever the same people.
        pytest.param(TYPO, CORE, "spend", 1.0, 9.0, id="typo-spend"),
        pytest.param(TYPO, CORE, "frequency", 0.5, 9.0, id="typo-frequency"),
        pytest.param(TYPO, FRESH, "spend", -0.05, 0.05, id="typo-leaves-others"),
    ],
)
def test_an_incident_shows_where_it_should_and_nowhere_else(
    incident: tuple[Any, ...], target: str, metric: str, low: float, high: float
) -> None:
    change = _change(incident, target, metric)
    assert low - 1e-12 <= change <= high + 1e-12


@pytest.mark.parametrize(
    ("incident", "of", "metric", "low", "high"),
    [
        pytest.param(WORN, "a", "ctr", -0.6, -0.1, id="worn-ctr"),
        pytest.param(WORN, "a", "frequency", 1.0, 60, id="worn-frequency"),
        pytest.param(WORN, "b", "ctr", 0, 0, id="worn-leaves-the-other-creative"),
        pytest.param(WORN, "b", "frequency", 0, 0, id="worn-leaves-the-others-frequency"),
        pytest.param(WEAK, "a", "ctr", -0.6, -0.4, id="weak-ctr"),
        pytest.param(WEAK, "a", "frequency", 0, 0, id="weak-leaves-frequency"),
        pytest.param(WEAK, "b", "ctr", 0, 0, id="weak-leaves-the-other-creative"),
        pytest.param(PIXEL, "b", "ctr", 0, 0, id="pixel-leaves-every-creative"),
    ],
)
def test_trouble_with_one_creative_leaves_the_other_alone(
    incident: tuple[Any, ...], of: str, metric: str, low: float, high: float
) -> None:
    change = _change(incident, CORE, metric, {"creative": of})
    assert low - 1e-12 <= change <= high + 1e-12


def test_a_missing_product_sells_nothing_and_the_others_go_on() -> None:
    kit, refill = (
        _change(STOCK, SITE, "orders", {"product": product})
        for product in ("starter-kit", "refill")
    )
    assert [kit, refill] == pytest.approx([-1.0, 0.0], abs=1e-12)


def test_wear_out_comes_slowly_and_weakness_at_once() -> None:
    def first_day(incident: tuple[Any, ...]) -> float:
        rates = []
        for market in (_lived(""), _lived(*incident)):
            figures = total(market, CORE, BEGIN, BEGIN + DAY, creative="a")
            rates.append(figures["clicks"] / figures["impressions"])
        return rates[1] / rates[0] - 1

    assert first_day(WORN) > -0.15
    assert first_day(WEAK) < -0.35


def test_a_noisy_hour_is_over_when_it_is_over() -> None:
    noisy = [{"kind": "noisy_hour", "after": "2w12h", "lasts": "1h"}]
    calm, troubled = world(_orders()), world(_orders(), incidents=noisy)
    for market in (calm, troubled):
        market.advance(BEGIN + 2 * DAY)
    hour = BEGIN + 12 * HOUR
    within = [total(m, CORE, hour, hour + HOUR)["clicks"] for m in (calm, troubled)]
    after = [total(m, CORE, hour + HOUR, BEGIN + 2 * DAY)["clicks"] for m in (calm, troubled)]
    assert within[1] < 0.5 * within[0]
    assert after[1] == after[0]


def test_pausing_retargeting_kills_brand_search_three_days_later() -> None:
    spill = [{"kind": "brand_spillover", "after": "0s"}]
    running = world(_orders(), incidents=spill)
    paused = world({**_orders(), CORE: {**_orders()[CORE], **PAUSED}}, incidents=spill)
    for market in (running, paused):
        market.advance(END)

    def lost(first: int, last: int) -> float:
        window = (START + first * DAY, START + last * DAY)
        here, there = (total(m, SITE, *window)["brand_searches"] for m in (running, paused))
        return 1 - there / here

    assert lost(0, 3) == pytest.approx(0.0, abs=0.02)
    assert lost(5, 12) > 0.5


def test_a_hidden_champion_looks_poor_at_first_and_is_best_in_the_end() -> None:
    hidden = [{"kind": "hidden_champion", "after": "0s", "target": f"{CORE}#a", "magnitude": 3.0}]
    market = world(_orders(), incidents=hidden)
    market.advance(START + 9 * WEEK)
    window = (START + WEEK, START + 2 * WEEK)

    def rates(weeks: int) -> list[float]:
        known = START + weeks * WEEK
        found = []
        for name in ("a", "b"):
            figures = market.figures(CORE, *window, known) or []
            mine = {f.metric: f.value for f in figures if f.dimensions == {"creative": name}}
            found.append(mine["conversions"] / mine["clicks"])
        return found

    early, late = rates(2), rates(8)
    assert late[0] > 1.8 * late[1]
    assert early[0] / early[1] < 0.8 * late[0] / late[1]


def test_a_new_style_lifts_at_first_and_not_in_the_end() -> None:
    novelty = {"kind": "novelty_effect", "after": "0s", "lasts": "8w", "target": "style:benefit"}
    lifts = []
    for week in (0, 5):
        opens = []
        for incidents in ([], [novelty]):
            orders = {SEND: send(START + week * WEEK + DAY + 8 * HOUR)}
            market = world(orders, incidents=incidents)
            market.advance(START + 6 * WEEK)
            opens.append(total(market, SEND, START, START + 6 * WEEK)["opens"])
        lifts.append(opens[1] / opens[0] - 1)
    assert lifts[0] > 0.2
    assert lifts[1] < 0.05


def test_a_typo_is_seen_in_the_state_and_can_be_mended() -> None:
    market = _lived(*TYPO)
    before, after = market.read(CORE, BEGIN - HOUR), market.read(CORE, BEGIN + HOUR)
    assert before is not None
    assert after is not None
    budgets = [found.object.model_dump()["daily_budget_minor"] for found in (before, after)]
    assert budgets == [30_000, 300_000]
    assert (before.key, after.key) == (CORE, "")


def test_a_connector_outage_stops_calls_and_not_delivery() -> None:
    market = _lived("connector_outage")
    assert market.is_unreachable(BEGIN + HOUR)
    assert not market.is_unreachable(BEGIN - HOUR)
    assert _change(("connector_outage",), CORE, "spend") == 0
