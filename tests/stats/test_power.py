"""Power: reference values from statsmodels 0.15.

``samplesize_proportions_2indep_onetail``, ``TTestIndPower`` and ``NormalIndPower``.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.stats.power import (
    means_minimum_effect,
    means_sample_size,
    proportions_minimum_lift,
    proportions_sample_size,
)


@pytest.mark.parametrize(
    ("baseline", "lift", "alpha", "power", "per_arm"),
    [(0.01, 0.3, 0.05, 0.8, 19827), (0.0154, 0.3, 0.05, 0.8, 12793), (0.2, -0.25, 0.01, 0.9, 1717)],
)
def test_the_size_for_shares_is_the_reference_one(
    baseline: float, lift: float, alpha: float, power: float, per_arm: int
) -> None:
    assert proportions_sample_size(baseline, lift, alpha=alpha, power=power) == per_arm


@pytest.mark.parametrize(
    ("effect", "power", "per_arm"), [(0.5, 0.8, 64), (0.2, 0.8, 394), (0.05, 0.9, 8407)]
)
def test_the_size_for_means_is_the_reference_one(effect: float, power: float, per_arm: int) -> None:
    assert means_sample_size(effect, 1.0, power=power) == per_arm


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 0.5), st.floats(0.05, 0.9))
def test_the_smallest_lift_of_a_size_needs_that_size(baseline: float, lift: float) -> None:
    per_arm = proportions_sample_size(baseline, lift)
    found = proportions_minimum_lift(baseline, per_arm)
    assert found == pytest.approx(lift, rel=0.2)
    assert proportions_sample_size(baseline, found or lift) <= per_arm + 1


@given(st.floats(0.01, 3.0), st.floats(0.5, 100.0))
def test_the_smallest_effect_of_a_size_is_at_most_the_one_planned(
    effect: float, variance: float
) -> None:
    found = means_minimum_effect(variance, means_sample_size(effect, variance))
    assert 0 < (found or 0) <= effect * (1 + 1e-9)


def test_too_few_units_find_nothing() -> None:
    assert proportions_minimum_lift(0.5, 3) is None
    assert means_minimum_effect(1.0, 0) is None


@pytest.mark.parametrize(
    ("call", "arguments", "word"),
    [
        (proportions_sample_size, (0.0, 0.1), "shares"),
        (proportions_sample_size, (0.9, 0.5), "shares"),
        (proportions_sample_size, (0.1, 0.0), "shares"),
        (proportions_sample_size, (float("nan"), 0.1), "baseline must be a finite number"),
        (means_sample_size, (0.0, 1.0), "no effect"),
        (means_sample_size, (0.1, -1.0), "no effect"),
        (means_sample_size, (float("nan"), 1.0), "effect must be a finite number"),
        (proportions_minimum_lift, (1.5, 100), "no share"),
        (proportions_minimum_lift, (0.1, 0), "no units"),
        (means_minimum_effect, (0.0, 100), "no variance"),
    ],
)
def test_questions_without_an_answer_are_refused(
    call: Any, arguments: tuple[float, ...], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        call(*arguments)


def test_a_power_below_alpha_is_refused() -> None:
    with pytest.raises(ValueError, match="power"):
        proportions_sample_size(0.1, 0.1, power=0.01)
