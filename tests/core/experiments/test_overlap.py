"""Overlap: audience × variable × surface, across channels and campaigns."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.campaign.hypothesis_file import Variable
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.overlap import Clear, Collides, find_overlap, under_test
from drumbeat.core.governance.action import Channel
from tests.core.experiments.samples import a_hypothesis, an_experiment

RUNNING = an_experiment(
    campaign="spring-news",
    hypothesis=a_hypothesis(
        variables=(Variable.SUBJECT, Variable.SEND_TIME), audience=("warm_leads", "buyers")
    ),
)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="the-same-again"),
        pytest.param({"variables": (Variable.SEND_TIME,)}, id="one-shared-variable"),
        pytest.param({"audience": ("buyers", "lapsed")}, id="one-shared-segment"),
        pytest.param({"audience": ()}, id="everybody"),
        pytest.param({"audience": ("lapsed",)}, id="segments-nobody-counted"),
        pytest.param({"channels": (Channel.ADS,)}, id="another-channel"),
        pytest.param({"metric": "conversion_rate"}, id="another-metric"),
    ],
)
def test_what_would_meet_is_refused(changes: dict[str, Any]) -> None:
    found = find_overlap(a_hypothesis(id="H-99", **changes), [RUNNING])
    assert isinstance(found, Collides)
    assert (found.experiment, found.campaign) == (RUNNING.id, "spring-news")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"surface": "shop-ads"}, id="another-surface"),
        pytest.param({"variables": (Variable.CREATIVE,)}, id="another-variable"),
        pytest.param({"audience": ("strangers",)}, id="people-known-to-be-others"),
    ],
)
def test_what_cannot_meet_is_clear(changes: dict[str, Any]) -> None:
    apart = [{"strangers", "warm_leads"}, {"strangers", "buyers"}]
    assert find_overlap(a_hypothesis(**changes), [RUNNING], disjoint=apart) == Clear()


def test_nothing_running_is_clear() -> None:
    assert find_overlap(a_hypothesis(), []) == Clear()


def test_the_refusal_names_the_test_the_surface_and_the_people() -> None:
    found = find_overlap(a_hypothesis(), [RUNNING])
    assert isinstance(found, Collides)
    assert found.reason == (
        f"{RUNNING.id} of spring-news already tests subject on weekly-newsletter for warm_leads"
    )


def test_everybody_meets_everybody() -> None:
    claim = a_hypothesis(audience=())
    found = find_overlap(claim, [an_experiment(hypothesis=claim)])
    assert isinstance(found, Collides)
    assert found.audience == ("everybody",)


CLAIMS = st.builds(
    a_hypothesis,
    variables=st.lists(
        st.sampled_from(list(Variable)[:3]), min_size=1, max_size=2, unique=True
    ).map(tuple),
    audience=st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple),
    surface=st.sampled_from(["mail", "ads"]),
)


@given(CLAIMS, CLAIMS)
def test_overlap_goes_both_ways(one: Hypothesis, other: Hypothesis) -> None:
    apart = [{"a", "b"}]
    there = find_overlap(one, [an_experiment(hypothesis=other)], apart)
    back = find_overlap(other, [an_experiment(hypothesis=one)], apart)
    assert isinstance(there, Clear) == isinstance(back, Clear)


@pytest.mark.parametrize(("target", "is_under_test"), [("send-2", True), ("send-3", False)])
def test_the_objects_of_a_running_test_are_known(target: str, is_under_test: bool) -> None:
    assert (under_test(target, [RUNNING]) == RUNNING) is is_under_test
