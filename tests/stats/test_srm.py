"""Sample-ratio mismatch: reference values are scipy.stats.chisquare's and binomtest's (1.17)."""

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.stats.srm import SrmResult, check

ADS = Path(__file__).parents[3] / "shared/data/rct/AdSmartABdata.csv"


@pytest.mark.parametrize(
    ("counts", "expected", "p_value"),
    [
        pytest.param([5100, 4900], [0.5, 0.5], 0.04550026389635857, id="even-split"),
        pytest.param([821588, 815482], [1, 1], 1.8217928726191858e-06, id="kohavi-ch-3"),
        pytest.param([50, 30, 25], [1, 1, 1], 0.006737946999085468, id="three-arms"),
        pytest.param([2, 28], [0.1, 0.9], 0.763912067767658, id="few-units-exact"),
        pytest.param([3, 15], [0.5, 0.5], 0.007537841796875, id="eighteen-units-exact"),
        pytest.param([0, 100, 100], [0, 1, 1], 1.0, id="an-arm-without-a-share"),
        pytest.param([1, 100, 100], [0, 1, 1], 0.0, id="a-unit-where-none-belongs"),
    ],
)
def test_the_p_value_is_the_reference_one(
    counts: list[int], expected: list[float], p_value: float
) -> None:
    assert check(counts, expected).p_value == pytest.approx(p_value, rel=1e-9)


def test_arms_can_be_named() -> None:
    result = check({"b": 4900, "a": 5100}, {"a": 1, "b": 1})
    assert result.p_value == pytest.approx(0.0455, abs=1e-4)


@pytest.mark.parametrize(("p_value", "mismatch"), [(0.00099, True), (0.001, False), (0.2, False)])
def test_a_mismatch_is_a_p_value_below_one_in_a_thousand(p_value: float, mismatch: bool) -> None:
    assert SrmResult(p_value).mismatch is mismatch


DAYS = {"Monday": [700, 300], "Tuesday": [310, 690], "Wednesday": [500, 500]}


@pytest.mark.parametrize(
    ("counts", "by"),
    [
        pytest.param([1510, 1490], DAYS, id="mapping"),
        pytest.param(list(DAYS.values()), list(DAYS), id="table-with-labels"),
        pytest.param(
            {"b": 1510, "a": 1490},
            {day: {"b": b, "a": a} for day, (b, a) in DAYS.items()},
            id="named-by-the-counts",
        ),
        pytest.param(np.array(list(DAYS.values())), list(DAYS), id="numpy-table"),
        pytest.param(
            [[300, 100], [310, 690], [500, 500], [400, 200]],
            ["Monday", "Tuesday", "Wednesday", "Monday"],
            id="rows-of-the-same-day",
        ),
        pytest.param(DAYS, "day", id="counts-by-day"),
    ],
)
def test_a_split_even_in_total_and_broken_by_day_is_found(counts: Any, by: Any) -> None:
    result = check(counts, [1, 1], by)
    assert (result.mismatch, result.worst) == (True, "Monday")


@pytest.mark.parametrize("rows", [list(DAYS.values()), np.array(list(DAYS.values()))])
def test_strata_without_labels_are_known_by_their_place(rows: Any) -> None:
    assert check([1510, 1490], [1, 1], by=rows) == SrmResult(
        check([1510, 1490], [1, 1], DAYS).p_value, 0
    )


def test_several_dimensions_are_checked_together_and_named() -> None:
    days = {"Mon": {"a": 500, "b": 500}}
    phones = {"iOS": {"a": 400, "b": 200}, "Android": {"a": 100, "b": 300}}
    result = check({"a": 500, "b": 500}, {"a": 1, "b": 1}, by={"day": days, "phone": phones})
    assert (result.mismatch, result.worst) == (True, "phone: Android")


def test_strata_pay_for_each_other() -> None:
    days = {day: [500, 500] for day in range(9)} | {9: [560, 440]}
    one, ten = check([560, 440], [1, 1]), check([5060, 4940], [1, 1], by=days)
    assert ten.p_value == pytest.approx(one.p_value * 20)
    assert (one.mismatch, ten.mismatch) == (True, False)


def test_strata_without_units_are_passed_over() -> None:
    result = check([60, 40], [1, 1], by={"night": [0, 0], "day": [60, 40]})
    assert result.worst == "day"


@pytest.mark.parametrize(
    ("counts", "expected", "by", "word"),
    [
        pytest.param([0, 0], [1, 1], None, "no units", id="nobody"),
        pytest.param([-1, 5], [1, 1], None, "counts", id="negative"),
        pytest.param([float("nan"), 5], [1, 1], None, "counts", id="nan"),
        pytest.param([1.5, 5], [1, 1], None, "whole numbers", id="fractions"),
        pytest.param([1, 5], [0, 0], None, "share", id="no-shares"),
        pytest.param([1, 5], [1], None, "two arms", id="one-arm"),
        pytest.param([1, 5, 6], [1, 1], None, "3 arms", id="arms-do-not-fit"),
        pytest.param({"c": 5}, {"a": 1, "b": 1}, None, "arms", id="unknown-arm"),
        pytest.param([[5, 5]], [1, 1], ["Mon", "Tue"], "by", id="labels-do-not-fit"),
        pytest.param([5, 5], [1, 1], "day", "mapping", id="a-dimension-without-labels"),
        pytest.param([5, 5], [1, 1], {"Mon": [5, -5]}, "Mon", id="negative-stratum"),
    ],
)
def test_broken_counts_are_refused(counts: Any, expected: Any, by: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        check(counts, expected, by)


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=5).filter(any), st.randoms())
def test_the_order_of_the_arms_does_not_matter(counts: list[int], chance: Any) -> None:
    shuffled = counts[:]
    chance.shuffle(shuffled)
    even = [1] * len(counts)
    assert check(shuffled, even).p_value == pytest.approx(check(counts, even).p_value, rel=1e-9)


def test_an_honest_split_over_thirty_days_is_rarely_accused() -> None:
    generator = np.random.default_rng(4)
    tables = generator.binomial(60, 0.5, (600, 30))
    accused = [check(np.stack([t, 60 - t], axis=1), [1, 1], list(range(30))) for t in tables]
    # Expected at most .6 of 600; four or more would happen once in three hundred.
    assert sum(result.mismatch for result in accused) <= 3


@pytest.mark.skipif(not ADS.exists(), reason="the AdSmart experiment is not in shared/data")
def test_a_real_experiment_that_is_even_in_total_is_found_by_day() -> None:
    days: dict[str, Counter[str]] = defaultdict(Counter)
    with ADS.open() as file:
        for row in csv.DictReader(file):
            days[row["date"]][row["experiment"]] += 1
    days.pop("", None)
    total = sum(days.values(), Counter())
    shares = {"control": 1, "exposed": 1}
    assert not check(total, shares).mismatch
    by_day = check(total, shares, by=days)
    assert (by_day.mismatch, by_day.worst) == (True, "7/3/2020")
