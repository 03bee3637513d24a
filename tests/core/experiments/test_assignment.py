"""Assignment: the same arm every time, shares as designed, tests independent of each other."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.experiments.assignment import arm_of, arm_of_week, point_of
from drumbeat.stats import srm

HALVES = {"a": 0.5, "b": 0.5}
UNITS = [f"contact-{number}" for number in range(20_000)]


@pytest.mark.parametrize(
    ("unit", "salt", "point"),
    [
        ("contact-1", "exp-1", 0.8494316749576016),
        ("contact-2", "exp-1", 0.05938038371141488),
        ("contact-1", "exp-2", 0.6874342817973778),
    ],
)
def test_a_unit_keeps_its_place_across_versions_and_machines(
    unit: str, salt: str, point: float
) -> None:
    # Checked with sha256sum: printf '5:exp-1:contact-1' | sha256sum begins with d9745ab0.
    assert point_of(unit, salt) == pytest.approx(point, abs=1e-15)


@pytest.mark.parametrize(
    "shares", [HALVES, {"a": 0.9, "b": 0.1}, {"agent": 0.8, "usual": 0.1, "nothing": 0.1}]
)
def test_units_split_as_the_shares_say(shares: dict[str, float]) -> None:
    counts = Counter(arm_of(unit, "exp-1", shares) for unit in UNITS)
    assert not srm.check(counts, shares).mismatch


def test_two_experiments_split_the_same_people_independently() -> None:
    cells = Counter((arm_of(u, "exp-1", HALVES), arm_of(u, "exp-2", HALVES)) for u in UNITS)
    assert srm.check(list(cells.values()), [1, 1, 1, 1]).p_value > 0.001


def test_of_every_two_weeks_each_arm_has_one_in_an_order_nobody_knows() -> None:
    weeks = [arm_of_week(week, "exp-1", ("a", "b")) for week in range(2_000)]
    pairs = Counter(zip(weeks[::2], weeks[1::2], strict=True))
    assert pairs.keys() == {("a", "b"), ("b", "a")}
    assert not srm.check(pairs, {("a", "b"): 0.5, ("b", "a"): 0.5}).mismatch
    assert weeks != [arm_of_week(week, "exp-2", ("a", "b")) for week in range(2_000)]


def test_an_arm_without_a_share_gets_nobody() -> None:
    arms = {arm_of(unit, "exp-1", {"a": 0.0, "b": 1.0, "c": 0.0}) for unit in UNITS[:500]}
    assert arms == {"b"}


@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 9))
def test_more_share_never_moves_a_unit_out_of_the_first_arm(
    unit: str, salt: str, tenths: int
) -> None:
    small = arm_of(unit, salt, {"a": tenths / 10, "b": 1 - tenths / 10})
    large = arm_of(unit, salt, {"a": (tenths + 1) / 10, "b": 1 - (tenths + 1) / 10})
    assert (small, large) in {("a", "a"), ("b", "a"), ("b", "b")}


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_unit_always_falls_within_the_unit_interval(unit: str, salt: str) -> None:
    assert 0 <= point_of(unit, salt) < 1
    assert arm_of(unit, salt, HALVES) == arm_of(unit, salt, HALVES)


@pytest.mark.parametrize(
    ("unit", "salt", "shares", "word"),
    [
        ("", "exp-1", HALVES, "unit"),
        ("contact-1", "", HALVES, "salt"),
        ("contact-1", "exp-1", {}, "negative"),
        ("contact-1", "exp-1", {"a": 0.5, "b": 0.4}, "add up to 1"),
        ("contact-1", "exp-1", {"a": 1.5, "b": -0.5}, "negative"),
        ("contact-1", "exp-1", {"a": float("nan"), "b": 0.5}, "negative"),
    ],
)
def test_what_cannot_be_split_is_refused(
    unit: str, salt: str, shares: dict[str, Any], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        arm_of(unit, salt, shares)
