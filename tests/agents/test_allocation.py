"""Money moves by response curves where they are identified, else as a lift test, else not."""

from datetime import date, timedelta
from math import sqrt
from typing import Any

import numpy as np
import pytest

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.allocation import Source
from drumbeat.agents.improving.case import LiveLine, SpendDay
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.agents.optimizer import Optimizer
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.objects import LineItem
from tests.agents.desk import improvement_case, live_line

FIRST = date(2026, 1, 1)
DAYS = 120


def past(strength: float, seed: int, swing: float = 0.35) -> tuple[SpendDay, ...]:
    """Days on which spend was changed at random, with conversions by the square root of it."""
    chance = np.random.default_rng(seed)
    levels = np.repeat(chance.uniform(1 - swing, 1 + swing, DAYS // 3), 3) * 4_000
    return tuple(
        SpendDay(FIRST + timedelta(n), round(spend), float(chance.poisson(strength * sqrt(spend))))
        for n, spend in enumerate(levels)
    )


def line(name: str, conversions: float, **changes: Any) -> LiveLine:
    return live_line(name, conversions, **changes)


def suggested(lines: tuple[LiveLine, ...]) -> Suggestion:
    found = Optimizer().improve(improvement_case(lines=lines))
    assert not isinstance(found, Hold | Refusal)
    (moved,) = found
    return moved


def budget(state: Any) -> int:
    return LineItem.model_validate(state).daily_budget_minor


def test_identified_curves_move_money_to_where_the_next_of_it_brings_most() -> None:
    lines = (line("visitors", 100, history=past(1.5, 1)), line("leads", 90, history=past(0.4, 2)))
    moved = suggested(lines)
    assert moved.expected is not None
    assert moved.expected.basis == "curves"
    assert 0 < moved.expected.low <= moved.expected.mean <= moved.expected.high
    assert moved.gained == "visitors"
    by = {action.target: budget(action.after) - budget(action.before) for action in moved.actions}
    assert by["line_item:evergreen/visitors"] > 0 > by["line_item:evergreen/leads"]
    assert list(by) == ["line_item:evergreen/leads", "line_item:evergreen/visitors"]
    budgets = {one.target: one.item.daily_budget_minor for one in lines}
    assert all(abs(step) <= 0.2 * budgets[target] + 1 for target, step in by.items())
    assert moved.expected.sentence in moved.why


def test_alike_curves_move_nothing() -> None:
    lines = (line("visitors", 100, history=past(1.0, 1)), line("leads", 100, history=past(1.0, 2)))
    assert isinstance(Optimizer().improve(improvement_case(lines=lines)), Hold)


def test_what_is_not_identified_is_held_with_that_reason() -> None:
    calm = tuple(SpendDay(FIRST + timedelta(n), 4_000, 30.0 + n % 5) for n in range(DAYS))
    lines = (line("visitors", 100, history=calm), line("leads", 95, history=calm))
    held = Optimizer().improve(improvement_case(lines=lines))
    assert isinstance(held, Hold)
    assert held.reason == "not identified"
    assert "spend varies by 0%" in held.text


def test_a_clear_difference_without_curves_is_one_step_and_called_a_lift_test() -> None:
    lines = (line("visitors", 100), line("leads", 30))
    moved = suggested(lines)
    assert moved.expected is not None
    assert moved.expected.basis == "lift test"
    assert moved.expected.low == 0
    assert "not identified" in moved.why
    assert "lift test" in moved.why


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"under_test": frozenset({"line_item:evergreen/leads"})}, id="under test"),
        pytest.param({"lines": (line("visitors", 100, history=past(1.5, 1)),)}, id="only one"),
    ],
)
def test_what_may_not_be_moved_is_not(changes: dict[str, Any]) -> None:
    lines = (line("visitors", 100, history=past(1.5, 1)), line("leads", 90, history=past(0.4, 2)))
    fields: dict[str, Any] = {"lines": lines}
    assert isinstance(Optimizer().improve(improvement_case(**fields | changes)), Hold)


def test_money_moves_between_campaigns_by_the_same_rule() -> None:
    strong, weak = past(1.5, 1), past(0.4, 2)
    sources = [
        Source("shop-ads", "Shop ads", 4_000, 3_200.0, 4_300.0, strong),
        Source("lead-ads", "Lead ads", 4_000, 3_200.0, 4_800.0, weak),
    ]
    shift = Optimizer().between(sources).shift
    assert shift is not None
    assert 0 < shift.by["shop-ads"] <= 300
    assert shift.by["lead-ads"] < 0
    assert 0 < shift.expected.low <= shift.expected.mean <= shift.expected.high
    assert Optimizer().between(sources[:1]).shift is None
