"""Means: reference values from scipy.stats.ttest_ind_from_stats(equal_var=False), 1.17."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.stats.means import Summary, compare, winsorize

GAMES = Path(__file__).parents[3] / "shared/data/rct/cookie_cats.csv"


@pytest.mark.parametrize(
    ("control", "treatment", "low", "high", "p_value"),
    [
        pytest.param(
            Summary(25, 1.4, 2.2**2),
            Summary(30, 2.1, 1.3**2),
            -0.312613871602865,
            1.7126138716028654,
            0.16970340507054973,
            id="small-arms",
        ),
        pytest.param(
            Summary(50, 9.5, 25.0),
            Summary(200, 10.0, 4.0),
            -0.9463783280460967,
            1.9463783280460967,
            0.49110299741947117,
            id="unequal-spread",
        ),
    ],
)
def test_a_comparison_is_welchs(
    control: Summary, treatment: Summary, low: float, high: float, p_value: float
) -> None:
    found = compare(control, treatment)
    assert (found.low, found.high, found.p_value) == pytest.approx((low, high, p_value), rel=1e-9)
    assert found.verdict == "cannot tell"


@pytest.mark.parametrize(("mean", "verdict"), [(12.0, "higher"), (8.0, "lower")])
def test_a_clear_difference_has_a_direction(mean: float, verdict: str) -> None:
    assert compare(Summary(200, 10.0, 4.0), Summary(200, mean, 4.0)).verdict == verdict


@pytest.mark.parametrize(
    ("control", "treatment"),
    [
        (Summary(1, 5.0, 0.0), Summary(100, 9.0, 1.0)),
        (Summary(100, 5.0, 0.0), Summary(100, 9.0, 0.0)),
        (Summary(0, 0.0, 0.0), Summary(0, 0.0, 0.0)),
    ],
)
def test_what_never_varied_cannot_tell(control: Summary, treatment: Summary) -> None:
    found = compare(control, treatment)
    assert (found.verdict, math.isnan(found.effect)) == ("cannot tell", True)


def test_a_sample_is_summed_up_with_the_unbiased_variance() -> None:
    assert Summary.sample([1.0, 2.0, 6.0]) == Summary(3, 3.0, 7.0)
    assert Summary.sample([4.0]) == Summary(1, 4.0, 0.0)


def test_one_huge_value_is_counted_as_the_cap() -> None:
    values = [float(value) for value in range(1000)]
    found = winsorize([*values, 1e9], values, keep=0.999)
    assert (found.cap, found.capped) == (999.0, 1)
    assert found.control.mean < 500


def test_both_arms_share_the_cap_and_keeping_all_caps_nothing() -> None:
    found = winsorize([1.0, 2.0], [3.0, 400.0], keep=1)
    assert (found.cap, found.capped, found.treatment.mean) == (400.0, 0, 201.5)


@pytest.mark.parametrize(
    ("control", "keep", "word"),
    [([math.nan], 0.99, "control"), ([1.0], 0.1, "keep"), ([], 0.99, "no values")],
)
def test_values_that_cannot_be_capped_are_refused(
    control: list[float], keep: float, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        winsorize(control, [], keep)


ARMS = st.builds(
    Summary, st.integers(2, 500), st.floats(-1e3, 1e3), st.floats(1e-3, 1e6, allow_nan=False)
)


@settings(deadline=None)
@given(ARMS, ARMS)
def test_exchanged_arms_mirror_the_comparison(one: Summary, other: Summary) -> None:
    forth, back = compare(one, other), compare(other, one)
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low))
    assert (forth.p_value < 0.05) == (not forth.low <= 0 <= forth.high)


def test_equal_skewed_arms_are_called_different_in_about_one_of_twenty() -> None:
    spend = np.random.default_rng(3).exponential(10, (1500, 2, 100))
    pairs = [compare(Summary.sample(a), Summary.sample(b)) for a, b in spend]
    # Three standard errors of 1,500 runs at .05 are .017.
    assert 0.033 < np.mean([pair.verdict != "cannot tell" for pair in pairs]) < 0.067


@pytest.mark.skipif(not GAMES.exists(), reason="the Cookie Cats experiment is not in shared/data")
def test_a_real_outlier_stops_carrying_the_mean() -> None:
    arms: dict[str, list[float]] = {"gate_30": [], "gate_40": []}
    with GAMES.open() as file:
        for row in csv.DictReader(file):
            arms[row["version"]].append(float(row["sum_gamerounds"]))
    raw = Summary.sample(arms["gate_30"])
    capped = winsorize(arms["gate_30"], arms["gate_40"])
    assert max(arms["gate_30"]) == 49_854
    assert capped.control.variance < raw.variance / 5
