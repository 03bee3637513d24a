"""Decisions: the registered rule and what a test shows, as one table."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.experiments.decision import decide
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.readout import Observed, Pair
from drumbeat.core.experiments.rule import Answer, Clause, DecisionRule, Sign
from drumbeat.core.experiments.sizing import Mode
from drumbeat.stats.sequential import Summary
from tests.core.experiments.samples import (
    a_hypothesis,
    a_pair,
    a_sizing,
    an_experiment,
    observed,
)

BETTER, WORSE, EVEN = a_pair(8000, 0.05, 0.07), a_pair(8000, 0.07, 0.05), a_pair(8000, 0.05, 0.05)
HARM = {"unsubscribe_rate": a_pair(8000, 0.01, 0.03)}
BROKEN = {"curiosity": 8000, "benefit": 7000}


@pytest.mark.parametrize(
    ("seen", "answer", "reason"),
    [
        pytest.param(observed(BETTER), "ship", "better, and no guardrail is lost", id="better"),
        pytest.param(observed(WORSE), "roll_back", "the treatment is worse", id="worse"),
        pytest.param(observed(EVEN), "keep_going", "not decided yet", id="even"),
        pytest.param(
            observed(BETTER, weeks=1.9),
            "keep_going",
            "the minimum run time is not over",
            id="better-too-early",
        ),
        pytest.param(
            observed(WORSE, weeks=1),
            "keep_going",
            "the minimum run time is not over",
            id="worse-too-early",
        ),
        pytest.param(
            observed(EVEN, weeks=4),
            "roll_back",
            "the plan is used up and no effect was proven",
            id="even-and-out-of-weeks",
        ),
        pytest.param(
            observed(a_pair(10_000, 0.05, 0.05), weeks=3),
            "roll_back",
            "the plan is used up and no effect was proven",
            id="even-and-out-of-units",
        ),
        pytest.param(
            observed(BETTER, units=BROKEN),
            "review",
            "units are not split as designed",
            id="better-on-a-broken-split",
        ),
        pytest.param(
            observed(
                BETTER,
                by={"Mon": {"curiosity": 5000, "benefit": 3000}, "Tue": {"benefit": 2000}},
            ),
            "review",
            "units are not split as designed: worst in Tue",
            id="broken-by-day-only",
        ),
        pytest.param(
            observed(BETTER, guardrails=HARM),
            "roll_back",
            "a guardrail is lost: unsubscribe_rate",
            id="better-with-harm",
        ),
        pytest.param(
            observed(BETTER, weeks=1, guardrails=HARM),
            "roll_back",
            "a guardrail is lost: unsubscribe_rate",
            id="harm-does-not-wait",
        ),
        pytest.param(
            observed(BETTER, guardrails={}),
            "review",
            "better, but a guardrail is not known: unsubscribe_rate",
            id="better-with-an-unknown-guardrail",
        ),
        pytest.param(
            observed(BETTER, guardrails={"unsubscribe_rate": a_pair(8000, 0.01, 0.0105)}),
            "ship",
            "better, and no guardrail is lost",
            id="harm-within-the-margin",
        ),
        pytest.param(
            observed(a_pair(0, 0, 0), units={}, weeks=3),
            "keep_going",
            "not decided yet",
            id="nobody-came",
        ),
    ],
)
def test_the_answer_follows_from_what_is_seen(seen: Observed, answer: str, reason: str) -> None:
    found = decide(an_experiment(), seen)
    assert (found.answer, found.reason) == (answer, reason)


def test_a_metric_that_should_fall_is_better_when_it_falls() -> None:
    claim = a_hypothesis(metric="unsubscribe_rate", expected=-0.2)
    experiment = an_experiment(hypothesis=claim, guardrails=())
    assert decide(experiment, observed(WORSE)).answer == "ship"
    assert decide(experiment, observed(BETTER)).answer == "roll_back"


def test_a_directional_test_leans_and_leaves_the_win_to_a_person() -> None:
    experiment = an_experiment(sizing=a_sizing(mode=Mode.DIRECTIONAL, alpha=0.2))
    found = decide(experiment, observed(BETTER))
    assert (found.answer, found.reason) == ("review", "leaning: better, and no guardrail is lost")


def test_a_decision_is_bound_to_the_seal() -> None:
    experiment = an_experiment()
    assert decide(experiment, observed(EVEN)).seal == experiment.seal


def with_rule(*clauses: Clause) -> Experiment:
    fields = an_experiment().model_dump()
    return Experiment.model_validate({**fields, "rule": DecisionRule(clauses=clauses)})


def test_a_rule_that_says_nothing_of_the_case_asks_for_a_review() -> None:
    silent = with_rule(Clause(when=(Sign.WORSE,), then=Answer.ROLL_BACK, because="worse"))
    found = decide(silent, observed(BETTER))
    assert (found.answer, found.reason) == ("review", "the rule says nothing of this")


def test_the_first_clause_that_applies_decides() -> None:
    rule = with_rule(
        Clause(when=(Sign.BETTER, Sign.PLAN_USED_UP), then=Answer.SHIP, because="at the end"),
        Clause(when=(Sign.BETTER,), then=Answer.REVIEW, because="before the end"),
    )
    assert decide(rule, observed(BETTER)).reason == "before the end"
    assert decide(rule, observed(BETTER, weeks=4)).reason == "at the end"


def test_a_goal_without_any_variance_is_not_decided() -> None:
    flat = Pair(Summary(500, 1.0, 0.0), Summary(500, 2.0, 0.0))
    found = decide(an_experiment(guardrails=()), observed(flat))
    assert (found.answer, found.evidence.goal.high) == ("keep_going", math.inf)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(0, 12_000),
    rates=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    harm=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    weeks=st.floats(0, 6),
    lost_units=st.floats(0, 1),
)
def test_nothing_ships_early_broken_or_harmful(
    n: int,
    rates: tuple[float, float],
    harm: tuple[float, float],
    weeks: float,
    lost_units: float,
) -> None:
    changes: dict[str, Any] = {
        "units": {"curiosity": n, "benefit": round(n * lost_units)},
        "guardrails": {"unsubscribe_rate": a_pair(n, *harm)},
    }
    found = decide(an_experiment(), observed(a_pair(n, *rates), weeks=weeks, **changes))
    bad = {Sign.SPLIT_BROKEN, Sign.TOO_EARLY, Sign.GUARDRAIL_LOST, Sign.GUARDRAIL_UNKNOWN}
    assert found.answer is not Answer.SHIP or not bad & found.evidence.signs
    assert found.answer is not Answer.SHIP or Sign.BETTER in found.evidence.signs
