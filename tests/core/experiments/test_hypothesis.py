"""Hypotheses: the sentence people approve, and claims that cannot be tested."""

from typing import Any

import pytest

from drumbeat.core.campaign.hypothesis_file import ArmSpec, HypothesisSpec, Variable
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.governance.action import Channel
from tests.core.experiments.samples import a_hypothesis


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {},
            "We believe that a benefit-led subject for warm leads will raise click through rate "
            "by 20% because warm leads already know us",
            id="a-raise",
        ),
        pytest.param(
            {"change": "A post that asks.", "reason": "The best five asked.", "audience": ()},
            "We believe that a post that asks for everybody will raise click through rate "
            "by 20% because the best five asked",
            id="whole-sentences",
        ),
        pytest.param(
            {"metric": "unsubscribe_rate", "expected": -0.125, "audience": ()},
            "We believe that a benefit-led subject for everybody will lower unsubscribe rate "
            "by 12.5% because warm leads already know us",
            id="a-fall-for-everybody",
        ),
    ],
)
def test_the_statement_says_who_what_how_much_and_why(
    changes: dict[str, Any], sentence: str
) -> None:
    assert a_hypothesis(**changes).statement == sentence


@pytest.mark.parametrize(
    ("metric", "expected", "is_improvement"),
    [
        ("click_through_rate", 0.1, True),
        ("click_through_rate", -0.1, False),
        ("unsubscribe_rate", -0.1, True),
        ("unsubscribe_rate", 0.1, False),
    ],
)
def test_whether_an_effect_is_good_depends_on_the_metric(
    metric: str, expected: float, is_improvement: bool
) -> None:
    assert a_hypothesis(metric=metric, expected=expected).is_improvement is is_improvement


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"variables": ()}, "at least 1"),
        ({"variables": (Variable.SUBJECT, Variable.CREATIVE, Variable.SEND_TIME)}, "at most 2"),
        ({"variables": (Variable.SUBJECT, Variable.SUBJECT)}, "named twice"),
        ({"expected": 0.0}, "proves nothing"),
        ({"expected": -1.0}, "proves nothing"),
        ({"metric": "happiness"}, "no metric"),
        ({"change": " "}, "empty"),
    ],
)
def test_a_claim_that_cannot_be_tested_is_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        a_hypothesis(**changes)


def test_a_library_entry_becomes_a_hypothesis_on_a_surface() -> None:
    spec = HypothesisSpec(
        id="H-12",
        claim="broad targeting with strong creative",
        variables=(Variable.AUDIENCE, Variable.CREATIVE),
        channels=(Channel.ADS,),
        metric="conversion_rate",
        expected=0.15,
        evidence="the auction finds people once the ad stops them",
        control=ArmSpec(id="narrow", description="narrow targeting, weak creative"),
        treatment=ArmSpec(id="broad", description="broad targeting, strong creative"),
        pre_approved=True,
    )
    found = Hypothesis.of(spec, "shop-ads")
    assert (found.change, found.surface) == (spec.claim, "shop-ads")
    assert (found.pre_approved, found.source) == (True, "hypothesis library")
