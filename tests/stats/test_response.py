"""Response curves: their values, slopes and turning points agree with each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.stats.response import Curve, Hill, Logarithmic, Power, adstock, values

CURVES = [
    pytest.param(Logarithmic(120, 60), id="logarithmic"),
    pytest.param(Power(12, 0.5), id="power"),
    pytest.param(Hill(300, 100), id="michaelis-menten"),
    pytest.param(Hill(300, 100, 2.5), id="s-shaped"),
]


# By hand: 120*ln(2), 12*sqrt(60), 300*60/160, 300*0.6^2.5/(1+0.6^2.5).
@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (Logarithmic(120, 60), 83.1776617),
        (Power(12, 0.5), 92.9516003),
        (Hill(300, 100), 112.5),
        (Hill(300, 100, 2.5), 65.4151200),
    ],
)
def test_known_values(curve: Curve, expected: float) -> None:
    assert curve.value(60.0) == pytest.approx(expected)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("spend", [1.0, 20.0, 60.0, 400.0])
def test_the_marginal_is_the_slope_of_the_value(curve: Curve, spend: float) -> None:
    slope = (curve.value(spend + 1e-4) - curve.value(spend - 1e-4)) / 2e-4
    assert curve.marginal(spend) == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("curve", CURVES)
def test_curves_start_at_zero_and_bend_down_from_their_turn(curve: Curve) -> None:
    beyond = curve.turn + np.linspace(0.1, 500, 200)
    assert curve.value(0.0) == 0
    assert (np.diff([curve.marginal(float(one)) for one in beyond]) < 0).all()


def test_an_s_shape_bends_up_before_its_turn() -> None:
    curve = Hill(300, 100, 3)
    before = np.linspace(1, curve.turn, 50)
    assert (np.diff([curve.marginal(float(one)) for one in before]) > 0).all()


@pytest.mark.parametrize("curve", CURVES)
def test_columns_are_valued_like_single_spends(curve: Curve) -> None:
    spends = np.array([0.0, 3.0, 250.0])
    assert values(curve, spends) == pytest.approx([curve.value(float(one)) for one in spends])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda: Logarithmic(1, 0), "unit must be above zero", id="unit"),
        pytest.param(lambda: Power(1, 1.0), "below 1", id="exponent"),
        pytest.param(lambda: Power(-1, 0.5), "cannot be negative", id="scale"),
        pytest.param(lambda: Hill(1, 10, 0.5), "slope must be 1 or more", id="slope"),
        pytest.param(lambda: Hill(float("nan"), 10), "cannot be negative", id="nan"),
        pytest.param(lambda: adstock(np.ones(3), 1.0), "below 1", id="keep"),
    ],
)
def test_impossible_shapes_are_refused(make: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()  # type: ignore[operator]


def test_adstock_is_the_running_sum_of_lingering_pressure() -> None:
    spend = np.array([100.0] * 30 + [0.0, 0.0, 40.0])
    felt = adstock(spend, 0.5)
    assert felt[:30] == pytest.approx([100.0] * 30)
    assert felt[30:] == pytest.approx([50.0, 25.0, 32.5], abs=1e-3)


@given(st.floats(0, 0.95), st.floats(0, 1e6))
def test_steady_spend_is_felt_as_it_is(keep: float, spend: float) -> None:
    assert adstock(np.full(40, spend), keep) == pytest.approx([spend] * 40)
