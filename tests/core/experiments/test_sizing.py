"""Sizing: whole weeks, honest costs, and a refusal where no honest test fits."""

import pytest

from drumbeat.core.experiments.sizing import (
    Infeasible,
    Mode,
    Sizing,
    Traffic,
    lean,
    size,
    size_directional,
)
from drumbeat.core.governance.action import Channel
from drumbeat.stats.sequential import chance_to_find
from tests.core.experiments.samples import a_hypothesis

CLAIM = a_hypothesis(expected=0.2)


def test_a_test_runs_whole_weeks_and_uses_all_of_their_units() -> None:
    found = size(CLAIM, Traffic(units_per_week=6000, baseline=0.05), min_weeks=2)
    assert isinstance(found, Sizing)
    assert (found.mode, found.weeks, found.max_n) == (Mode.CONFIRMATORY, 3, 18_000)


def test_the_minimum_run_time_holds_where_units_are_plenty() -> None:
    found = size(CLAIM, Traffic(units_per_week=500_000, baseline=0.05), min_weeks=2)
    assert isinstance(found, Sizing)
    assert (found.weeks, found.max_n) == (2, 1_000_000)


def test_the_cost_written_down_is_the_designs() -> None:
    traffic = Traffic(units_per_week=6000, baseline=0.05)
    found = size(CLAIM, traffic, min_weeks=2)
    assert isinstance(found, Sizing)
    missed = 1 - chance_to_find(found.design, 0.05, 0.2)
    assert found.cost.false_call == 0.05
    assert found.cost.missed == pytest.approx(missed, abs=1e-4)
    assert found.cost.missed <= 0.2


def test_too_few_units_say_how_long_it_would_take() -> None:
    found = size(CLAIM, Traffic(units_per_week=200, baseline=0.05), min_weeks=2)
    assert isinstance(found, Infeasible)
    assert found.weeks_needed > 12
    assert f"take {found.weeks_needed} weeks" in found.reason


def test_a_directional_test_names_what_it_gets_wrong() -> None:
    found = size_directional(CLAIM, Traffic(units_per_week=1200, baseline=0.05), weeks=4)
    assert isinstance(found, Sizing)
    assert (found.mode, found.alpha, found.max_n) == (Mode.DIRECTIONAL, 0.2, 4800)
    assert found.cost.sentence == (
        f"Of equal arms, 20% are called different; of effects as large as expected, "
        f"{found.cost.missed:.0%} are missed."
    )


def test_a_dozen_weeks_lean_and_prove_nothing_however_large_the_effect() -> None:
    weekly = Traffic(units_per_week=1, baseline=900.0, variance=250.0**2)
    large = a_hypothesis(expected=0.5, metric="engagements", channels=(Channel.SOCIAL,))
    proven = size(large, weekly, min_weeks=4)
    assert isinstance(proven, Infeasible)
    assert proven.weeks_needed == 20
    leaning = lean(large, weekly, min_weeks=4)
    assert isinstance(leaning, Sizing)
    assert (leaning.mode, leaning.max_n) == (Mode.DIRECTIONAL, leaning.weeks)
    assert leaning.cost.missed <= 0.5
    # One week fewer would miss it more often than not, though the formula of many units says else.
    assert isinstance(size_directional(large, weekly, weeks=leaning.weeks - 1), Infeasible)


def test_days_of_ads_are_sized_for_the_power_they_promise() -> None:
    daily = Traffic(units_per_week=14, baseline=20.0, variance=16.0)
    found = size(a_hypothesis(expected=0.12), daily, min_weeks=2)
    assert isinstance(found, Sizing)
    assert found.cost.missed <= 0.22


def test_a_directional_test_that_would_mostly_miss_is_refused() -> None:
    found = size_directional(CLAIM, Traffic(units_per_week=100, baseline=0.05), weeks=4)
    assert isinstance(found, Infeasible)
    assert found.weeks_needed > 4


def test_means_are_sized_by_their_variance() -> None:
    calm = size(CLAIM, Traffic(units_per_week=5000, baseline=10, variance=25), min_weeks=1)
    wild = size(CLAIM, Traffic(units_per_week=5000, baseline=10, variance=2500), min_weeks=1)
    assert isinstance(calm, Sizing)
    assert isinstance(wild, Sizing)
    assert wild.weeks > calm.weeks


@pytest.mark.parametrize("units", [150, 260, 400, 900, 1500])
def test_the_shortest_design_that_leans_is_found_without_trying_each(units: int) -> None:
    traffic = Traffic(units_per_week=units, baseline=0.05)
    tried = (size_directional(CLAIM, traffic, weeks=weeks) for weeks in range(2, 13))
    first = next((one for one in tried if isinstance(one, Sizing)), None)
    found = lean(CLAIM, traffic, min_weeks=2)
    assert (found if isinstance(found, Sizing) else None) == first


def test_too_few_to_lean_says_what_even_the_longest_would_miss() -> None:
    found = lean(CLAIM, Traffic(units_per_week=60, baseline=0.05), min_weeks=2)
    assert isinstance(found, Infeasible)
    assert found.weeks_needed > 12
    assert found.reason.startswith("720 units would miss")
