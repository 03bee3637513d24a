"""Root: the same zeros as scipy's finder, and an end where there is none."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from drumbeat.stats._root import root

SMOOTH: dict[str, Callable[[float], float]] = {
    "line": lambda x: 3 * x - 1,
    "cube": lambda x: x**3 - 0.3,
    "steep": lambda x: math.exp(9 * x) - 40,
    "flat": lambda x: math.atan(50 * (x - 0.7)),
    "tail": lambda x: math.erfc(4 * x) - 0.01,
    "far": lambda x: (x - 0.2) ** 9 + 1e-6 * (x - 0.2),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("ends", [(0.0, 1.0), (1.0, 0.0), (-2.0, 1.5)])
def test_it_finds_what_scipy_finds(name: str, ends: tuple[float, float]) -> None:
    function = SMOOTH[name]
    wanted = brentq(function, *ends, xtol=1e-14)
    assert root(function, *ends, within=1e-9) == pytest.approx(wanted, abs=1e-6)


@given(st.floats(-5, 5), st.floats(0.01, 20), st.floats(0.05, 9), st.floats(0.05, 9))
def test_any_rising_curve_between_any_ends(
    zero: float, steep: float, left: float, right: float
) -> None:
    found = root(
        lambda x: math.sinh(steep * (x - zero) / 20), zero - left, zero + right, within=1e-9
    )
    assert found == pytest.approx(zero, abs=1e-6)


def test_an_end_that_is_the_zero_is_found() -> None:
    assert root(lambda x: x, 0.0, 3.0, within=1e-9) == 0.0
    assert root(lambda x: x - 3, 0.0, 3.0, within=1e-9) == 3.0


@pytest.mark.parametrize("function", [lambda x: x + 9, lambda _: math.nan])
def test_no_zero_is_no_number(function: Callable[[float], float]) -> None:
    with pytest.raises(ValueError, match="no zero between"):
        root(function, 0.0, 1.0, within=1e-6)


def test_a_jump_is_closed_in_upon() -> None:
    found = root(lambda x: -1.0 if x < 0.3 else 2.0, 0.0, 1.0, within=1e-6)
    assert found == pytest.approx(0.3, abs=1e-5)
