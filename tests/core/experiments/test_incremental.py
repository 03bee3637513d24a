"""What mail added, told from those who got none: measured with an interval, or unknown."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from drumbeat.core.experiments.holdout import Treatment
from drumbeat.core.experiments.incremental import Lifted, incremental
from drumbeat.core.operations.reading import Reading

SINCE = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, WEEKS, BASKET = 7, 12, 6_000


def reading(metric: str, value: float, week: int, day: int, **dimensions: str) -> Reading:
    since = SINCE + timedelta(weeks=week, days=day)
    return Reading(metric=metric, target=f"send:c/{week}", since=since, as_of=since,
                   until=since + timedelta(days=1), value=value, source="shop",
                   dimensions=dict(dimensions))  # fmt: skip


def quarter(rates: dict[str, float], people: dict[str, int], seed: int = 1) -> list[Reading]:
    """Twelve mails with the shop's orders a day of each arm's people, drawn at these rates."""
    chance = np.random.default_rng(seed)
    found: list[Reading] = []
    for week in range(WEEKS):
        for arm, rate in rates.items():
            for day in range(DAYS):
                orders = float(chance.poisson(people[arm] * rate / DAYS))
                money = float(chance.normal(BASKET, 2_000, int(orders)).sum())
                counts = {"reach": people[arm], "orders": orders, "revenue": money}
                found += [reading(k, v, week, day, arm=arm) for k, v in counts.items()]
    return found


def told(found: tuple[Lifted, ...], outcome: str, against: Treatment) -> Lifted:
    return next(one for one in found if (one.outcome, one.against) == (outcome, against))


PEOPLE = {"a": 2_000, "b": 2_000, "usual": 500, "hold_out": 500}


def test_orders_that_mail_brought_are_told_from_those_that_come_anyway() -> None:
    rates = {"a": 0.03, "b": 0.03, "usual": 0.027, "hold_out": 0.01}
    one = told(incremental(quarter(rates, PEOPLE)), "conversions", Treatment.NOTHING)
    assert one.lift is not None
    assert one.total is not None
    assert one.lift.verdict == "lift"
    low, mean, high = one.total
    assert low < 0.02 * 4_000 * WEEKS < high
    assert low < mean < high


def test_money_has_an_interval_that_covers_the_truth_about_as_often_as_it_says() -> None:
    rates, covered, rounds = {"a": 0.03, "hold_out": 0.01}, 0, 40
    truth = 0.02 * BASKET
    for seed in range(rounds):
        found = incremental(quarter(rates, {"a": 2_000, "hold_out": 500}, seed))
        lift = told(found, "revenue", Treatment.NOTHING).lift
        assert lift is not None
        assert lift.absolute_low is not None
        assert lift.absolute_high is not None
        covered += lift.absolute_low <= truth <= lift.absolute_high
    assert covered >= 0.85 * rounds


def test_no_difference_is_no_lift() -> None:
    rates = dict.fromkeys(PEOPLE, 0.02)
    one = told(incremental(quarter(rates, PEOPLE)), "conversions", Treatment.NOTHING)
    assert one.lift is not None
    assert one.lift.verdict == "unknown"


@pytest.mark.parametrize(
    ("outcome", "against", "why"),
    [
        pytest.param("qualified leads", Treatment.NOTHING, "no system says by arm", id="leads"),
        pytest.param("retention", Treatment.NOTHING, "cannot leave", id="nobody can leave"),
        pytest.param("conversions", Treatment.BUSINESS_AS_USUAL, "by arm", id="no such arm"),
    ],
)
def test_what_cannot_be_told_is_unknown_and_says_why(
    outcome: str, against: Treatment, why: str
) -> None:
    found = incremental(quarter({"a": 0.03, "hold_out": 0.01}, PEOPLE))
    one = told(found, outcome, against)
    assert one.lift is None
    assert why in one.reason


def test_who_stays_is_told_from_business_as_usual() -> None:
    counts = (("a", "delivered", 40_000.0), ("a", "unsubscribes", 40.0),
              ("usual", "delivered", 5_000.0), ("usual", "unsubscribes", 25.0))  # fmt: skip
    read = [reading(metric, value, 0, 0, variant=variant) for variant, metric, value in counts]
    one = told(incremental(read), "retention", Treatment.BUSINESS_AS_USUAL)
    assert one.lift is not None
    assert one.lift.verdict == "lift"
    assert incremental([])[0].reason == "no orders are reported by arm"


def test_leads_are_told_by_arm_where_a_system_knows_whose_they_were() -> None:
    rates = {"a": 0.03, "b": 0.03, "usual": 0.027, "hold_out": 0.01}
    leads = [
        reading("qualified_leads", value, week, day, arm=arm)
        for week in range(WEEKS)
        for day in range(DAYS)
        for arm, value in (("a", 6.0), ("b", 6.0), ("usual", 1.0), ("hold_out", 0.0))
    ]
    found = incremental([*quarter(rates, PEOPLE), *leads])
    against_none = told(found, "qualified leads", Treatment.NOTHING)
    assert against_none.is_known
    assert against_none.total is not None
    assert against_none.total[0] < 12 * DAYS * WEEKS < against_none.total[2]
    usual = told(found, "qualified leads", Treatment.BUSINESS_AS_USUAL)
    assert usual.lift is not None
