"""A market is a function of seed, scenario, start, orders and time: of nothing else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from drumbeat.connectors.simulated.market.order import Order
from drumbeat.connectors.simulated.market.scenario import load
from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    line_item,
    post,
    send,
    variant,
    world,
)

END = START + 2 * WEEK
SCENARIO: dict[str, Any] = {
    "subscribers": 1_500,
    "incidents": [
        {"kind": "budget_typo", "after": "5d3h", "target": "line_item:ads/core"},
        {"kind": "comment_crisis", "after": "6d", "lasts": "2d"},
        {"kind": "stock_out", "after": "8d", "lasts": "1d", "target": "refill"},
    ],
}
Step = tuple[datetime, str, dict[str, Any] | None]
STEPS: Sequence[Step] = (
    (START, "line_item:ads/core", line_item()),
    (
        START + 2 * HOUR,
        "send:news/1",
        send(START + DAY, variants=[variant("a", 0.5), variant("b", 0.5)], hold_out=0.1),
    ),
    (START + DAY + timedelta(minutes=20), "post:calendar/1/1", post(START + DAY + 3 * HOUR)),
    (START + 4 * DAY, "line_item:ads/core", {"daily_budget_minor": 15_000}),
    (START + 7 * DAY, "send:news/2", send(START + 8 * DAY)),
    (START + 7 * DAY, "send:news/3", send(START + 9 * DAY)),
    (START + 8 * DAY, "send:news/3", None),
    (START + 9 * DAY, "line_item:ads/core", {"status": "paused"}),
)
TARGETS = (
    "line_item:ads/core",
    "send:news/1",
    "send:news/2",
    "post:calendar/1/1",
    "site:shop",
    "account:instagram",
)


def _opened() -> World:
    return World.open(None, load(SCENARIO), START, 7)


def _place(of: World, steps: Sequence[Step]) -> None:
    for n, (at, target, after) in enumerate(steps):
        of.apply(Order(target, after), f"key-{n}", at)


def _picture(of: World) -> list[Any]:
    figures = [of.figures(target, START, END, END) for target in TARGETS]
    return [figures, of.events(START, END), of.suppressed()]


@pytest.fixture(scope="module")
def replayed() -> list[Any]:
    market = _opened()
    _place(market, STEPS)
    market.advance(END)
    return _picture(market)


def test_a_replay_equals_the_life_it_replays(replayed: list[Any]) -> None:
    market = _opened()
    for n, (at, target, after) in enumerate(STEPS):
        market.advance(at)
        market.apply(Order(target, after), f"key-{n}", at)
    market.advance(END)
    assert _picture(market) == replayed


@pytest.mark.parametrize("minutes", [17, 60, 1_440, 7_000])
def test_the_size_of_the_steps_does_not_matter(replayed: list[Any], minutes: int) -> None:
    market = _opened()
    _place(market, STEPS)
    for n in range(int((END - START) / timedelta(minutes=minutes))):
        market.advance(START + n * timedelta(minutes=minutes))
    market.advance(END)
    assert _picture(market) == replayed


def test_looking_changes_nothing(replayed: list[Any]) -> None:
    market = _opened()
    _place(market, STEPS)
    for day in range(14):
        market.advance(START + day * DAY)
        _picture(market)
    market.advance(END)
    assert _picture(market) == replayed


def test_an_order_that_arrives_late_is_worked_in_where_it_belongs(replayed: list[Any]) -> None:
    market = _opened()
    _place(market, STEPS[:-1])
    market.advance(END)
    at, target, after = STEPS[-1]
    market.apply(Order(target, after), "late", at)
    market.advance(END)
    assert _picture(market) == replayed


def test_another_seed_is_another_market(replayed: list[Any]) -> None:
    market = World.open(None, load(SCENARIO), START, 8)
    _place(market, STEPS)
    market.advance(END)
    assert _picture(market) != replayed


def test_an_order_leaves_the_luck_of_everything_else_alone() -> None:
    orders = {"line_item:ads/core": line_item()}
    plain = world(orders)
    more = world({**orders, "line_item:new/first": line_item(segments=["anybody"])})
    for market in (plain, more):
        market.advance(START + 3 * DAY)
    window = (START, START + 3 * DAY, START + 3 * DAY)
    assert plain.figures("line_item:ads/core", *window) == more.figures(
        "line_item:ads/core", *window
    )


def test_nothing_of_the_future_is_known() -> None:
    market = world({"line_item:ads/core": line_item()})
    market.advance(START + DAY)
    seen = market.figures("line_item:ads/core", START, END, END)
    market.advance(END)
    assert market.figures("line_item:ads/core", START, END, START + DAY) == seen


def test_time_does_not_go_back() -> None:
    market = world()
    market.advance(END)
    market.advance(START)
    assert (market.now, market.as_of) == (END, END)
