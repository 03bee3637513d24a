"""Readings become what a rule is asked about: people by segment, an ad's days, whole posts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.decision import decide
from drumbeat.core.experiments.experiment import Experiment, Guardrail
from drumbeat.core.experiments.observe import (
    MATURES,
    Seen,
    by_segment,
    metrics_of,
    observe,
    units_of,
)
from drumbeat.core.experiments.placement import Part, Placement
from drumbeat.core.experiments.rule import Answer, Sign
from drumbeat.core.governance.action import Channel
from drumbeat.core.operations.reading import Reading
from tests.core.experiments.samples import MONDAY, a_hypothesis, an_experiment

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def reading(target: str, metric: str, value: float, day: int = 0, **dimensions: str) -> Reading:
    since = MIDNIGHT + day * DAY
    return Reading(metric=metric, target=target, since=since, until=since + DAY,
                   as_of=since + 2 * DAY, value=value, source="test",
                   dimensions=dict(dimensions))  # fmt: skip


def mailed(clicks: tuple[float, float], segment: str = "warm_leads") -> list[Reading]:
    """A mail's arms a and b: a thousand each, clicks on the day and a tenth on the next."""
    return [
        one
        for variant, hits in zip("ab", clicks, strict=True)
        for one in (
            reading("send:c/1", "sent", 1_000, variant=variant, segment=segment),
            reading("send:c/1", "delivered", 990, variant=variant, segment=segment),
            reading("send:c/1", "clicks", hits * 0.9, variant=variant, segment=segment),
            reading("send:c/1", "clicks", hits * 0.1, 1, variant=variant, segment=segment),
        )
    ]


def placed(target: str, dimension: str, *values: str) -> Placement:
    parts = {arm: Part(dimension=dimension, value=value)
             for arm, value in zip(("curiosity", "benefit"), values, strict=False)}  # fmt: skip
    return Placement(experiment="exp-1", target=target, cycle="c1", at=MONDAY, parts=parts)


def a_test(metric: str = "click_rate", **changes: Any) -> Experiment:
    claim = a_hypothesis(metric=metric, **changes)
    return an_experiment(hypothesis=claim, guardrails=(Guardrail(metric="unsubscribe_rate"),))


def test_people_are_counted_in_the_audience_only() -> None:
    found = observe(
        a_test(),
        [placed("send:c/1", "variant", "a", "b")],
        [*mailed((50, 70)), *mailed((500, 5), "regulars")],
        MONDAY + MATURES,
    )
    assert found.observed is not None
    goal = found.observed.goal
    assert (goal.control.n, goal.treatment.n) == (990, 990)
    assert (goal.control.mean, goal.treatment.mean) == (50 / 990, 70 / 990)
    assert found.observed.units == {"curiosity": 1_000, "benefit": 1_000}
    assert found.observed.by == {
        "day": {"2026-03-02": {"curiosity": 1_000, "benefit": 1_000}},
        "segment": {"warm_leads": {"curiosity": 1_000, "benefit": 1_000}},
    }
    assert found.observed.guardrails == {}


def test_a_young_mail_is_exposed_and_not_yet_read() -> None:
    found = observe(a_test(), [placed("send:c/1", "variant", "a", "b")], mailed((50, 70)), MONDAY)
    assert found.observed is None
    assert units_of(found.exposed) == {"curiosity": 1_000, "benefit": 1_000}


def test_a_test_of_everybody_reads_all_segments() -> None:
    everybody = [*mailed((50, 70)), *mailed((10, 10), "regulars")]
    where = [placed("send:c/1", "variant", "a", "b")]
    found = observe(a_test(audience=()), where, everybody, MONDAY + MATURES)
    assert found.observed is not None
    assert found.observed.goal.control.n == 2 * 990


def dealt(people: int, mailed: int, left: float, orders: float, variant: str) -> list[Reading]:
    counts = {"assigned": people, "sent": mailed, "delivered": mailed, "unsubscribes": left,
              "orders": orders, "conversions": 1, "clicks": 30}  # fmt: skip
    return [reading("send:c/1", metric, value, variant=variant, segment="warm_leads")
            for metric, value in counts.items()]  # fmt: skip


def without(people: tuple[int, int], metric: str = "unsubscribe_rate") -> tuple[Experiment, Seen]:
    """A test of leaving people out, the treatment mailing 700 of its own."""
    claim = a_hypothesis(metric=metric, variables=(Variable.AUDIENCE_EXCLUSION,), expected=-0.3)
    made = an_experiment(hypothesis=claim, guardrails=(Guardrail(metric="conversion_rate"),))
    read = [*dealt(people[0], people[0], 50, 40, "a"), *dealt(people[1], 700, 20, 41, "b")]
    at = MONDAY + MATURES + 7 * DAY
    return made, observe(made, [placed("send:c/1", "variant", "a", "b")], read, at)


def test_arms_that_leave_people_out_are_compared_over_all_who_were_dealt_to_them() -> None:
    made, found = without((1_000, 1_010))
    assert made.is_by_assignment
    assert {"assigned", "orders"} <= metrics_of(made)
    assert found.observed is not None
    goal, orders = found.observed.goal, found.observed.guardrails["conversion_rate"]
    assert (goal.control.n, goal.treatment.n) == (1_000, 1_010)
    assert goal.treatment.mean == 20 / 1_010
    assert (orders.control.mean, orders.treatment.mean) == (40 / 1_000, 41 / 1_010)
    # Exposure stands beside assignment: who was mailed, and who counts.
    shown = {one.arm: (one.units, one.assigned) for one in found.exposed}
    assert shown == {"curiosity": (1_000, 1_000), "benefit": (700, 1_010)}


@pytest.mark.parametrize(
    ("people", "is_broken"),
    [
        pytest.param((1_000, 1_010), False, id="fewer are mailed by design"),
        pytest.param((1_000, 700), True, id="fewer were dealt"),
    ],
)
def test_the_split_is_judged_by_the_deal_and_not_by_who_was_mailed(
    people: tuple[int, int], is_broken: bool
) -> None:
    made, found = without(people)
    assert found.observed is not None
    decision = decide(made, found.observed)
    assert (Sign.SPLIT_BROKEN in decision.evidence.signs) is is_broken
    assert (decision.answer is Answer.REVIEW) is is_broken


def test_a_platform_that_does_not_count_the_deal_cannot_tell() -> None:
    made, _ = without((1_000, 1_010))
    where = [placed("send:c/1", "variant", "a", "b")]
    assert observe(made, where, mailed((50, 70)), MONDAY + MATURES).observed is None


def advertised(name: str, days: int) -> list[Reading]:
    return [
        one
        for day in range(days)
        for creative, clicks in (("bag", 10.0 + day % 3), ("hands", 20.0 + day % 3))
        for one in (
            reading(name, "impressions", 1_000, day, creative=creative),
            reading(name, "clicks", clicks, day, creative=creative),
        )
    ]


def test_an_ads_arm_is_read_by_its_whole_days_over_all_line_items() -> None:
    made = a_test("click_through_rate", variables=(Variable.CREATIVE,), channels=(Channel.ADS,))
    items = ("line_item:c/one", "line_item:c/two")
    found = observe(
        made,
        [placed(item, "creative", "bag", "hands") for item in items],
        [one for item in items for one in advertised(item, 12)],
        MONDAY + 8 * DAY,
    )
    assert found.observed is not None
    goal = found.observed.goal
    # The day the arms went live is none of theirs as a whole, and neither is today.
    assert (goal.control.n, goal.treatment.n) == (7, 7)
    assert goal.treatment.mean - goal.control.mean == pytest.approx(0.01)
    assert goal.control.variance > 0
    assert found.observed.units == {"curiosity": 7, "benefit": 7}
    assert found.observed.by is None


def test_arms_may_be_whole_line_items_that_differ_in_two_variables() -> None:
    made = a_test(
        "click_through_rate",
        variables=(Variable.AUDIENCE, Variable.CREATIVE),
        channels=(Channel.ADS,),
    )
    where = [
        Placement(experiment="exp-1", target=f"line_item:c/{arm}", cycle="", at=MONDAY,
                  parts={arm: Part()})
        for arm in ("curiosity", "benefit")
    ]  # fmt: skip
    read = [
        reading(f"line_item:c/{arm}", metric, value, day)
        for day in range(12)
        for arm, clicks in (("curiosity", 10.0 + day % 3), ("benefit", 14.0 + day % 2))
        for metric, value in (("impressions", 1_000.0), ("clicks", clicks))
    ]
    found = observe(made, where, read, MONDAY + 8 * DAY)
    assert found.observed is not None
    assert (found.observed.goal.control.n, found.observed.goal.treatment.n) == (7, 7)
    assert found.observed.goal.treatment.mean > found.observed.goal.control.mean


def test_a_week_of_posts_is_one_unit_once_its_last_post_is_read() -> None:
    made = a_test("engagements", variables=(Variable.POSTING_CADENCE,), channels=(Channel.SOCIAL,))
    where, read = [], []
    for week in range(5):
        arm = ("curiosity", "benefit")[week % 2]
        for n in range(2 + 2 * (week % 2)):
            name = f"post:c/{week}/{n}"
            at = MONDAY + (7 * week + n) * DAY
            where.append(Placement(experiment="exp-1", target=name, cycle=f"c{week}", at=at,
                                   parts={arm: Part()}))  # fmt: skip
            read += [reading(name, "impressions", 100.0, 7 * week + n),
                     reading(name, "engagements", 5.0 + week, 7 * week + n)]  # fmt: skip
    # Two days after the last post of the fifth week: that one is not ripe.
    found = observe(made, where, read, MONDAY + (4 * 7 + 1 + 2) * DAY)
    assert found.observed is not None
    goal = found.observed.goal
    assert (goal.control.n, goal.treatment.n) == (2, 2)
    assert goal.control.mean == (2 * 5.0 + 2 * 7.0) / 2
    assert goal.treatment.mean == (4 * 6.0 + 4 * 8.0) / 2
    assert found.observed.units == {"curiosity": 3, "benefit": 2}


def test_posts_are_units_as_a_whole() -> None:
    made = a_test("engagement_rate", variables=(Variable.CREATIVE,), channels=(Channel.SOCIAL,))
    names = [f"post:c/1/{n}" for n in range(6)]
    where = [
        Placement(experiment="exp-1", target=name, cycle="c1", at=MONDAY,
                  parts={("curiosity", "benefit")[n % 2]: Part()})
        for n, name in enumerate(names)
    ]  # fmt: skip
    read = [reading(name, "impressions", 100.0) for name in names]
    read += [reading(name, "engagements", 5.0 + n) for n, name in enumerate(names)]
    found = observe(made, where, read, MONDAY + MATURES)
    assert found.observed is not None
    assert (found.observed.goal.control.n, found.observed.goal.treatment.n) == (3, 3)


def test_conversions_wait_until_they_have_come_in() -> None:
    made = a_test("cost_per_acquisition", variables=(Variable.CREATIVE,), channels=(Channel.ADS,))
    item = "line_item:c/one"
    read = [
        reading(item, metric, value, day, creative=creative)
        for day in range(12)
        for creative in ("bag", "hands")
        for metric, value in (("impressions", 1e3), ("spend", 900.0 + day), ("conversions", 3.0))
    ]
    found = observe(made, [placed(item, "creative", "bag", "hands")], read, MONDAY + 10 * DAY)
    assert found.observed is not None
    assert found.observed.goal.control.n == 2


def test_what_is_read_is_what_goal_and_guardrails_are_made_of() -> None:
    assert metrics_of(a_test()) >= {"clicks", "delivered", "unsubscribes", "sent"}


def test_the_goal_is_told_by_segment_once_it_is_ripe() -> None:
    place = placed("send:c/1", "variant", "a", "b")
    read = [*mailed((40, 60)), *mailed((30, 30), segment="loyal_customers")]
    test = a_test(audience=("warm_leads", "loyal_customers"))
    found = by_segment(test, [place], read, MONDAY + MATURES)
    assert {name: (pair.control.n, pair.treatment.n) for name, pair in found.items()} == {
        "loyal_customers": (990, 990),
        "warm_leads": (990, 990),
    }
    assert found["warm_leads"].treatment.mean == pytest.approx(60 / 990)
    assert by_segment(test, [place], read, MONDAY) == {}
