"""Follow-up: fewer opportunities are only sales' doing where no leads of late explain them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from drumbeat.core.operations.change import Trend
from drumbeat.core.operations.follow_up import follow_up

FIRST = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAYS = 42
LATEST = FIRST + timedelta(days=DAYS - 1)
Daily = Callable[[int], float]


def days(count: Daily) -> dict[datetime, float]:
    return {FIRST + timedelta(days=day): float(count(day)) for day in range(DAYS)}


def steady(day: int) -> float:
    return 80


def an_outage(day: int) -> float:
    """Two days without any leads; their opportunities are missing two days later."""
    return 8 if day in (37, 38) else 80


def a_slump(day: int) -> float:
    return 80 if day < 35 else 30


def on_workdays(day: int) -> float:
    return 0 if day % 7 in (5, 6) else 30


@pytest.mark.parametrize(
    ("leads", "made", "trend"),
    [
        pytest.param(steady, lambda d: 22, Trend.FLAT, id="as ever"),
        pytest.param(steady, lambda d: 22 if d < 41 else 3, Trend.DOWN, id="nobody called"),
        pytest.param(steady, lambda d: 22 if d < 41 else 13, Trend.FLAT, id="a poor day"),
        pytest.param(an_outage, lambda d: 2 if d in (39, 40, 41) else 22, Trend.FLAT, id="outage"),
        pytest.param(a_slump, lambda d: 22 if d < 37 else 8, Trend.FLAT, id="slump"),
        pytest.param(steady, on_workdays, Trend.FLAT, id="sales does not work on Sundays"),
        pytest.param(
            steady, lambda d: on_workdays(d) if d < 36 else 0, Trend.DOWN, id="a week uncalled"
        ),
        pytest.param(steady, lambda d: 22 if d < 41 else 60, Trend.UP, id="an old list called"),
        pytest.param(lambda d: 2, lambda d: d % 4 == 0, Trend.UNKNOWN, id="too few to tell"),
        pytest.param(lambda d: 0, lambda d: 22, Trend.UNKNOWN, id="no leads"),
        pytest.param(steady, lambda d: 0, Trend.UNKNOWN, id="never any opportunity"),
    ],
)
def test_a_fall_counts_where_no_leads_explain_it(leads: Daily, made: Daily, trend: Trend) -> None:
    assert follow_up(days(leads), days(made), LATEST).trend is trend


def test_a_day_that_was_not_read_is_unknown() -> None:
    made = days(lambda d: 22)
    del made[LATEST]
    assert follow_up(days(steady), made, LATEST).trend is Trend.UNKNOWN


def test_chance_alone_is_hardly_ever_called_a_fall_by_half() -> None:
    """Poisson leads and opportunities as low as four a day: 3.9 standard errors are passed below
    by chance in 1 of 20,000 looks over a stretch."""
    chance = np.random.default_rng(7)
    leads, made = chance.poisson(14, (1_000, DAYS)), chance.poisson(4, (1_000, DAYS))
    found = (
        follow_up(days(leads[n].__getitem__), days(made[n].__getitem__), LATEST, 3)
        for n in range(1_000)
    )
    assert sum(o.trend is Trend.DOWN and (o.relative or 0) <= -0.5 for o in found) <= 1
