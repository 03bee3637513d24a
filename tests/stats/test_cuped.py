"""CUPED: the gain it promises is the gain it gives, and "useless here" is said when true."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.stats._summary import Summary
from drumbeat.stats.cuped import Adjustment, Use, adjust
from drumbeat.stats.means import compare


def experiment(
    correlation: float, effect: float = 0.0, n: int = 400, seed: int = 1, shift: float = 0.0
) -> Adjustment:
    generator = np.random.default_rng(seed)
    before = generator.normal(size=(2, n))
    noise = generator.normal(size=(2, n))
    outcome = correlation * before + math.sqrt(1 - correlation**2) * noise
    return adjust(outcome[0], before[0], outcome[1] + effect, before[1] + shift)


@pytest.mark.parametrize("correlation", [-0.8, 0.5, 0.9])
def test_the_variance_falls_by_the_correlation_squared(correlation: float) -> None:
    found = experiment(correlation, n=4000)
    assert found.use == "helps"
    assert found.variance_reduction == pytest.approx(correlation**2, abs=0.05)
    assert found.control.variance == pytest.approx(1 - correlation**2, rel=0.1)


@pytest.mark.parametrize("correlation", [0.0, 0.1, 0.2])
def test_a_past_that_predicts_little_is_useless_and_changes_nothing(correlation: float) -> None:
    found = experiment(correlation)
    assert (found.use, found.theta) == ("useless here", 0.0)
    assert found.control.variance == pytest.approx(1.0, rel=0.3)
    assert "explains" in found.reason


def test_the_slope_is_the_pooled_within_arm_regression() -> None:
    # numpy.polyfit on arm-centered values, computed here independently of the module.
    generator = np.random.default_rng(9)
    before = generator.gamma(2, 5, (2, 300))
    outcome = before * 0.7 + generator.normal(0, 2, (2, 300)) + np.array([[0.0], [3.0]])
    found = adjust(outcome[0], before[0], outcome[1], before[1])
    centered = [row - row.mean() for row in (*before, *outcome)]
    x, y = np.concatenate(centered[:2]), np.concatenate(centered[2:])
    assert found.theta == pytest.approx(np.polyfit(x, y, 1)[0])


def test_adjusting_finds_what_the_noise_hid() -> None:
    found = experiment(0.9, effect=0.1, n=400)
    assert compare(found.control, found.treatment).verdict == "higher"
    unused = experiment(0.0, effect=0.1, n=400)
    assert compare(unused.control, unused.treatment).verdict == "cannot tell"


def test_a_past_that_differs_between_the_arms_is_broken() -> None:
    assert experiment(0.9, shift=1.0).use == "covariate differs between the arms"


@pytest.mark.parametrize("n", [0, 5, 29])
def test_too_few_units_teach_nothing(n: int) -> None:
    found = adjust([1.0] * n, [1.0] * n, [1.0] * 50, [1.0] * 50)
    assert (found.use, math.isnan(found.variance_reduction)) == ("useless here", True)


def test_a_past_that_never_varied_is_useless() -> None:
    found = adjust(list(range(50)), [3.0] * 50, list(range(50)), [3.0] * 50)
    assert (found.use, found.variance_reduction) == ("useless here", 0.0)


@pytest.mark.parametrize(
    ("outcome", "before", "word"),
    [([1.0, 2.0], [1.0], "one value before"), ([math.nan], [1.0], "finite")],
)
def test_pasts_that_do_not_fit_are_refused(
    outcome: list[float], before: list[float], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        adjust(outcome, before, [1.0], [1.0])


@given(st.floats(-5, 5), st.integers(0, 10_000))
def test_a_constant_effect_is_kept_through_the_adjustment(effect: float, seed: int) -> None:
    without, with_effect = experiment(0.8, seed=seed), experiment(0.8, effect=effect, seed=seed)
    difference = with_effect.treatment.mean - without.treatment.mean
    assert difference == pytest.approx(effect, abs=1e-6)


def test_equal_arms_stay_equal_in_nineteen_of_twenty() -> None:
    found = [experiment(0.7, n=100, seed=seed) for seed in range(800)]
    wrong = np.mean([compare(a.control, a.treatment).verdict != "cannot tell" for a in found])
    # Three standard errors of 800 runs at .05 are .023.
    assert 0.027 < wrong < 0.073


def test_a_small_arm_without_past_buyers_is_no_broken_split() -> None:
    chance = np.random.default_rng(4)
    large, small = np.zeros(3600), np.zeros(400)
    large[:32], small[0] = 100.0, 10.0
    found = adjust(chance.normal(size=3600), large, chance.normal(size=400), small)
    assert found.use is Use.USELESS
    assert compare(Summary.sample(large), Summary.sample(small)).p_value < 0.001
