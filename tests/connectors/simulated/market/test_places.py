"""Placements: figures by placement add up, and a mix set by an order is what runs and pays."""

from typing import Any

import pytest
from pydantic import JsonValue

from drumbeat.connectors.simulated.market.order import Order, Refusal
from tests.connectors.simulated.market.pieces import DAY, START, WEEK, line_item, total, world

ITEM = "line_item:ads/core"
PLACES = ("feed", "stories", "display")
LIKED = {"placement:feed": {"*": 0.6}, "placement:display": {"*": -0.4}}
COUNTED = ("impressions", "clicks", "spend", "conversions", "revenue")


def _by_place(market: Any, days: range) -> dict[str, dict[str, float]]:
    span = (START + days.start * DAY, START + days.stop * DAY)
    return {place: total(market, ITEM, *span, placement=place) for place in PLACES}


def test_placements_add_up_to_the_line_item_and_tell_themselves_apart() -> None:
    market = world({ITEM: line_item()}, appeals=LIKED)
    market.advance(START + 2 * WEEK)
    found, whole = _by_place(market, range(14)), total(market, ITEM, START, START + 14 * DAY)
    for metric in COUNTED:
        assert sum(one[metric] for one in found.values()) == whole[metric], metric
    spent = {place: one["spend"] / whole["spend"] for place, one in found.items()}
    assert spent == pytest.approx({"feed": 0.45, "stories": 0.25, "display": 0.30}, abs=1e-3)
    rate = {place: one["clicks"] / one["impressions"] for place, one in found.items()}
    assert rate["feed"] > 1.5 * rate["display"]


def test_a_click_is_in_one_place_however_it_is_asked_for() -> None:
    market = world({ITEM: line_item()})
    market.advance(START + WEEK)
    days = [_by_place(market, range(n, n + 1)) for n in range(7)]
    week = _by_place(market, range(7))
    for place in PLACES:
        assert sum(day[place]["clicks"] for day in days) == week[place]["clicks"]


def test_a_mix_runs_from_its_order_on_and_a_better_one_is_clicked_more() -> None:
    mixed: dict[str, JsonValue] = {"feed": 0.7, "stories": 0.25, "display": 0.05}
    market, other = (world({ITEM: line_item()}, appeals=LIKED) for _ in range(2))
    order = Order(ITEM, {"placements": mixed})
    market.apply(order, "mix", START + WEEK)
    for one in (market, other):
        one.advance(START + 3 * WEEK)
    early, late = _by_place(market, range(7)), _by_place(market, range(8, 21))
    assert early == _by_place(other, range(7))
    spent = sum(one["spend"] for one in late.values())
    assert {n: one["spend"] / spent for n, one in late.items()} == pytest.approx(mixed, abs=1e-3)
    usual = sum(one["clicks"] for one in _by_place(other, range(8, 21)).values())
    assert sum(one["clicks"] for one in late.values()) > 1.08 * usual
    found = market.read(ITEM, START + 3 * WEEK)
    assert found is not None
    assert found.object.model_dump()["placements"] == mixed


@pytest.mark.parametrize(
    ("mix", "why"),
    [
        pytest.param({"feed": 0.5, "billboard": 0.5}, "not met in billboard", id="unknown"),
        pytest.param({"feed": 0.5, "search": 0.5}, "not met in search", id="not its people"),
        pytest.param({"feed": 0.5, "stories": 0.2}, "add up to 1", id="too little"),
        pytest.param({"feed": 1.5, "stories": -0.5}, "not negative", id="negative"),
    ],
)
def test_a_mix_that_cannot_run_is_refused(mix: dict[str, JsonValue], why: str) -> None:
    market = world({ITEM: line_item()})
    with pytest.raises(Refusal, match=why):
        market.apply(Order(ITEM, {"placements": mix}), "mix", START)


def test_brand_searches_have_one_placement_and_no_figures_by_it() -> None:
    market = world({ITEM: line_item(segments=["brand-search"])})
    market.advance(START + DAY)
    figures = market.figures(ITEM, START, START + DAY, START + DAY) or []
    assert not any("placement" in one.dimensions for one in figures)
