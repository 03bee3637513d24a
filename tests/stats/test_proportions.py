"""Proportions: reference values from statsmodels 0.15 (Newcombe and Wilson intervals, pooled z)
and scipy 1.17 (Fisher's exact test)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.stats.proportions import compare, wilson


@pytest.mark.parametrize(
    ("control", "treatment", "low", "high", "p_value", "verdict"),
    [
        pytest.param(
            (40, 3000),
            (65, 3000),
            0.001684615,
            0.015167420,
            0.013840279,
            "higher",
            id="clicks",
        ),
        pytest.param(
            (3, 10), (9, 10), 0.170522724, 0.809017974, 0.019766611, "higher", id="few-units"
        ),
        pytest.param(
            (5, 50),
            (0, 50),
            -0.213602314,
            -0.008975448,
            0.056284494,
            "cannot tell",
            id="interval-and-exact-test-disagree",
        ),
    ],
)
def test_a_comparison_has_the_reference_interval_and_p_value(
    control: tuple[int, int],
    treatment: tuple[int, int],
    low: float,
    high: float,
    p_value: float,
    verdict: str,
) -> None:
    found = compare(control, treatment)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-8)
    assert found.p_value == pytest.approx(p_value, abs=1e-8)
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("successes", "trials", "interval"),
    [
        (0, 10, (0.0, 0.2775327998628892)),
        (10, 10, (0.7224672001371107, 1.0)),
        (7, 50, (0.06950833427016288, 0.26186193710585537)),
        (0, 0, (0.0, 1.0)),
    ],
)
def test_wilsons_interval_is_the_reference_one(
    successes: int, trials: int, interval: tuple[float, float]
) -> None:
    assert wilson(successes, trials) == pytest.approx(interval, abs=1e-12)


def test_an_empty_arm_cannot_tell() -> None:
    found = compare((0, 0), (5, 10))
    assert (found.verdict, math.isnan(found.p_value), found.high) == ("cannot tell", True, math.inf)


@pytest.mark.parametrize("arm", [(5, 3), (-1, 3), (1.5, 3), (float("nan"), 3)])
def test_impossible_counts_are_refused(arm: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"successes (<= trials|must be)"):
        compare((1, 10), arm)


def test_an_alpha_that_is_no_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="alpha"):
        compare((1, 10), (2, 10), alpha=0)


COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_exchanged_arms_mirror_the_comparison(one: tuple[int, int], other: tuple[int, int]) -> None:
    forth, back = compare(one, other), compare(other, one)
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low))
    assert forth.p_value == pytest.approx(back.p_value)
    assert -1 <= forth.low <= forth.effect <= forth.high <= 1


@pytest.mark.parametrize(("rate", "n"), [(0.02, 1000), (0.3, 40), (0.01, 200)])
def test_equal_arms_are_called_different_in_at_most_one_of_twenty(rate: float, n: int) -> None:
    hits = np.random.default_rng(2).binomial(n, rate, (1000, 2))
    wrong = np.mean([compare((int(a), n), (int(b), n)).verdict != "cannot tell" for a, b in hits])
    assert wrong < 0.05 + 0.015
