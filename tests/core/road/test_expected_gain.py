"""A move of money is held against what was expected of it, less what everybody's days did."""

from datetime import date, timedelta

import pytest

from drumbeat.core.campaign.expected_gain import SPAN, ExpectedGain, check, is_ripe, relative
from tests.core.road.shop import TUESDAY

DAYS = [TUESDAY.date() + timedelta(n) for n in range(-20, 25)]


def expected(low: float, high: float) -> ExpectedGain:
    return ExpectedGain(metric="conversions", targets=("line_item:c/a",), mean=(low + high) / 2,
                        low=low, high=high, basis="curves")  # fmt: skip


def daily(before: float, after: float) -> dict[date, float]:
    return {day: before if day < TUESDAY.date() else after for day in DAYS}


@pytest.mark.parametrize(
    ("before", "after", "trend", "verdict"),
    [
        pytest.param(100, 110, 1.0, "as expected", id="it came"),
        pytest.param(100, 90, 1.0, "less than expected", id="it did not come"),
        pytest.param(100, 150, 1.0, "more than expected", id="and more"),
        pytest.param(100, 110, 1.3, "less than expected", id="everybody rose"),
        pytest.param(100, 90, 0.82, "as expected", id="everybody fell"),
    ],
)
def test_a_move_is_judged_beside_its_expectation(
    before: float, after: float, trend: float, verdict: str
) -> None:
    found = check(expected(40, 100), daily(before, after), daily(50, 50 * trend), TUESDAY)
    assert found is not None
    assert found.verdict == verdict
    assert found.low <= found.mean <= found.high
    assert found.mean == pytest.approx((after - before * trend) * 7)


@pytest.mark.parametrize("after", [3.9, 4.2])
def test_what_fits_both_the_expectation_and_nothing_is_too_uncertain(after: float) -> None:
    found = check(expected(0.1, 8), daily(4, after), {}, TUESDAY)
    assert found is not None
    assert found.verdict == "too uncertain to tell"


def test_a_lesson_is_relative_to_what_there_was() -> None:
    found = check(expected(40, 100), daily(100, 110), {}, TUESDAY)
    assert found is not None
    effect = relative(found, 700, 1_000)
    assert effect is not None
    assert effect.mean == pytest.approx(0.1)
    assert relative(found, 0, 0) is None


@pytest.mark.parametrize(
    ("days", "ripe"), [pytest.param(23, False, id="early"), pytest.param(24, True, id="in")]
)
def test_a_move_is_checked_once_its_conversions_are_in(days: int, ripe: bool) -> None:
    assert is_ripe(TUESDAY, TUESDAY + timedelta(days=days)) is ripe
    assert timedelta(days=14) == SPAN


def test_without_days_to_compare_nobody_can_say() -> None:
    assert check(expected(1, 2), {}, {}, TUESDAY) is None
