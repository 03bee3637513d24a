"""Multiplicity: reference values are statsmodels.stats.multitest.multipletests' (0.15)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.stats.multiplicity import benjamini_hochberg, holm

P_VALUES = st.lists(st.floats(0, 1), max_size=30)


@pytest.mark.parametrize(
    ("p_values", "by_holm", "by_bh"),
    [
        pytest.param(
            [0.01, 0.04, 0.03, 0.005, 0.2],
            [0.04, 0.09, 0.09, 0.025, 0.2],
            [0.025, 0.05, 0.05, 0.025, 0.2],
            id="unordered",
        ),
        pytest.param(
            [0.001, 0.008, 0.039, 0.041, 0.9],
            [0.005, 0.032, 0.117, 0.117, 0.9],
            [0.005, 0.02, 0.05125, 0.05125, 0.9],
            id="ordered",
        ),
        pytest.param([0.03], [0.03], [0.03], id="a-single-question"),
        pytest.param([0.7, 0.6], [1.0, 1.0], [0.7, 0.7], id="never-above-one"),
        pytest.param([], [], [], id="no-question"),
    ],
)
def test_adjusted_p_values_are_the_reference_ones(
    p_values: list[float], by_holm: list[float], by_bh: list[float]
) -> None:
    assert holm(p_values).tolist() == pytest.approx(by_holm)
    assert benjamini_hochberg(p_values).tolist() == pytest.approx(by_bh)


@pytest.mark.parametrize("p_values", [[0.1, float("nan")], [-0.1], [1.1], [[0.1, 0.2]]])
def test_what_is_no_p_value_is_refused(p_values: list[float]) -> None:
    with pytest.raises(ValueError, match="p-values"):
        holm(p_values)


@given(P_VALUES)
def test_holm_is_never_kinder_than_benjamini_hochberg(p_values: list[float]) -> None:
    strict, kind = holm(p_values), benjamini_hochberg(p_values)
    assert (strict >= kind - 1e-12).all()
    assert (kind >= np.asarray(p_values) - 1e-12).all()


@given(P_VALUES)
def test_adjusting_keeps_the_order_of_the_evidence(p_values: list[float]) -> None:
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(holm(p_values)[order]) >= 0).all()
    assert (np.diff(benjamini_hochberg(p_values)[order]) >= 0).all()


def test_holm_keeps_the_chance_of_any_false_finding() -> None:
    questions = np.random.default_rng(1).random((2000, 10))
    wrong = np.mean([holm(row).min() < 0.05 for row in questions])
    # Three standard errors of 2,000 runs at .05 are .015.
    assert 0.03 < wrong < 0.065
