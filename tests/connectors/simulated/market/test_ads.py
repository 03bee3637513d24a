from typing import Any

import pytest

from drumbeat.connectors.simulated.market.order import Order
from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    creative,
    known,
    line_item,
    total,
    world,
)

ITEM = "line_item:ads/core"


def _ran(weeks: int = 2, **changes: Any) -> World:
    market = world({ITEM: line_item(**changes)})
    market.advance(START + weeks * WEEK)
    return market


def _ratio(figures: dict[str, float], over: str, under: str) -> float:
    return figures[over] / figures[under]


def test_spend_follows_the_daily_budget() -> None:
    spend = total(_ran(), ITEM, START, START + 2 * WEEK)["spend"]
    assert spend == pytest.approx(14 * 10_000, rel=0.15)


@pytest.mark.parametrize("budget", [500, 10_000, 400_000])
def test_a_day_never_costs_more_than_twice_its_budget(budget: int) -> None:
    market = _ran(daily_budget_minor=budget)
    # The platform's day starts at midnight in the market's zone, an hour before UTC's.
    days = [START - HOUR + n * DAY for n in range(14)]
    spends = [total(market, ITEM, day, day + DAY)["spend"] for day in days]
    assert max(spends) <= 2 * budget
    assert max(spends) > min(spends)


def test_some_days_are_over_delivered() -> None:
    market = _ran(weeks=6)
    days = [START - HOUR + n * DAY for n in range(1, 42)]
    spends = [total(market, ITEM, day, day + DAY)["spend"] for day in days]
    assert max(spends) > 1.25 * 10_000


def test_a_platform_that_overspends_does_so_on_busy_days_and_evens_out_over_the_week() -> None:
    days = [START - HOUR + n * DAY for n in range(7, 28)]

    def spends(overspend: float) -> list[float]:
        market = world({ITEM: line_item()}, overspend=overspend)
        market.advance(START + 4 * WEEK)
        return [total(market, ITEM, day, day + DAY)["spend"] for day in days]

    eager, even = spends(2.0), spends(1.0)
    assert 1.75 * 10_000 < max(eager) <= 2 * 10_000
    assert max(even) < 1.6 * 10_000
    assert sum(eager) == pytest.approx(sum(even), rel=0.1)


def test_response_saturates_with_spend() -> None:
    window = (START + WEEK, START + 2 * WEEK)
    by_budget = {
        budget: total(_ran(daily_budget_minor=budget), ITEM, *window)
        for budget in (5_000, 20_000, 80_000)
    }
    clicks = {budget: figures["clicks"] for budget, figures in by_budget.items()}
    assert clicks[5_000] < clicks[20_000] < clicks[80_000]
    assert clicks[80_000] / clicks[20_000] < 0.75 * 4
    assert clicks[80_000] / clicks[20_000] < clicks[20_000] / clicks[5_000]


def test_frequency_and_price_rise_with_spend() -> None:
    window = (START + WEEK, START + 2 * WEEK)
    low, high = (total(_ran(daily_budget_minor=b), ITEM, *window) for b in (5_000, 80_000))
    assert _ratio(high, "impressions", "reach") > 1.5 * _ratio(low, "impressions", "reach")
    assert _ratio(high, "spend", "impressions") > 1.1 * _ratio(low, "spend", "impressions")


@pytest.mark.parametrize(
    ("change", "restarts"),
    [
        pytest.param({"daily_budget_minor": 13_000}, True, id="budget-by-30-percent"),
        pytest.param({"daily_budget_minor": 11_500}, False, id="budget-by-15-percent"),
        pytest.param({"breadth": "broad"}, True, id="targeting"),
        pytest.param({"bid_strategy": "cost_cap"}, True, id="bid"),
        pytest.param({"name": "another name"}, False, id="name"),
    ],
)
def test_a_big_change_starts_the_learning_period_again(
    change: dict[str, Any], restarts: bool
) -> None:
    steady, changed = _ran(weeks=4), _ran(weeks=4)
    changed.apply(Order(ITEM, change), "change", START + 4 * WEEK)
    for market in (steady, changed):
        market.advance(START + 4 * WEEK + 2 * DAY)
    learned = [m.market.learning_of(ITEM) for m in (steady, changed)]
    assert (learned[1] < learned[0]) is restarts


def test_learning_costs_response_at_first() -> None:
    # The same week for both; one has been running for five weeks, the other is new.
    new_at = START + 5 * WEEK
    old, new = world({ITEM: line_item()}), world()
    new.apply(Order(ITEM, line_item()), ITEM, new_at)
    for market in (old, new):
        market.advance(new_at + 2 * DAY)
    assert new.market.learning_of(ITEM) < 0.85 < old.market.learning_of(ITEM)


def test_a_creative_wears_out() -> None:
    market = _ran(weeks=12, breadth="narrow", daily_budget_minor=20_000)
    early = total(market, ITEM, START + WEEK, START + 3 * WEEK)
    late = total(market, ITEM, START + 10 * WEEK, START + 12 * WEEK)
    early_rate, late_rate = (_ratio(f, "clicks", "impressions") for f in (early, late))
    assert late_rate < 0.9 * early_rate


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param({"status": "paused"}, id="paused"),
        pytest.param({"until": (START + WEEK).isoformat()}, id="at-its-end"),
        pytest.param({"daily_budget_minor": 0}, id="without-budget"),
        pytest.param(None, id="removed"),
    ],
)
def test_what_is_stopped_spends_nothing(stop: dict[str, Any] | None) -> None:
    market = world({ITEM: line_item()})
    market.apply(Order(ITEM, stop), "stop", START + WEEK)
    market.advance(START + 2 * WEEK)
    assert total(market, ITEM, START, START + WEEK)["spend"] > 0
    after = total(market, ITEM, START + WEEK, START + 2 * WEEK)
    assert (after["spend"], after["impressions"]) == (0, 0)


def test_a_broad_audience_is_larger_and_answers_less() -> None:
    narrow, broad = (
        total(_ran(breadth=breadth, daily_budget_minor=2_000), ITEM, START, START + 2 * WEEK)
        for breadth in ("narrow", "broad")
    )
    assert _ratio(narrow, "clicks", "impressions") > _ratio(broad, "clicks", "impressions")
    assert _ratio(narrow, "impressions", "reach") > _ratio(broad, "impressions", "reach")


def test_a_cost_target_far_below_the_market_starves_delivery() -> None:
    free, starved = (
        total(_ran(target_cpa_minor=target), ITEM, START, START + WEEK) for target in (0, 400)
    )
    assert starved["impressions"] < 0.5 * free["impressions"]


def test_line_items_after_the_same_people_bid_each_other_up() -> None:
    alone = _ran()
    rivals = world({ITEM: line_item(), "line_item:ads/rival": line_item(name="rival")})
    rivals.advance(START + 2 * WEEK)
    window = (START, START + 2 * WEEK)
    alone_cpm, rivals_cpm = (
        _ratio(total(m, ITEM, *window), "spend", "impressions") for m in (alone, rivals)
    )
    assert rivals_cpm > 1.04 * alone_cpm


def test_conversions_of_a_day_come_in_over_days() -> None:
    market = _ran(weeks=4, daily_budget_minor=50_000)
    window = (START + WEEK, START + 2 * WEEK)
    seen = [known(market, ITEM, *window, window[1] + n * DAY)["conversions"] for n in (0, 3, 14)]
    assert seen[0] < seen[1] <= seen[2]
    assert (
        known(market, ITEM, *window, window[1])["clicks"]
        == known(market, ITEM, *window, START + 4 * WEEK)["clicks"]
    )


def test_creatives_add_up_to_their_line_item() -> None:
    market = _ran(creatives=[creative("a"), creative("b"), creative("c", angle="proof")])
    whole = total(market, ITEM, START, START + 2 * WEEK)
    parts = [total(market, ITEM, START, START + 2 * WEEK, creative=name) for name in "abc"]
    for metric in ("impressions", "clicks", "spend", "conversions", "revenue"):
        assert sum(part[metric] for part in parts) == whole[metric]


def test_a_region_left_out_gets_no_sales_from_ads() -> None:
    everywhere = _ran(segments=["anybody"], daily_budget_minor=60_000)
    without = _ran(
        segments=["anybody"], exclude=["region-01", "region-02"], daily_budget_minor=60_000
    )
    organic = world()
    organic.advance(START + 2 * WEEK)
    orders = [
        total(market, "site:shop", START, START + 2 * WEEK, region="region-01")["orders"]
        for market in (everywhere, without, organic)
    ]
    assert orders[0] > orders[1] == orders[2]
