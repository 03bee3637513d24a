"""Ranking: impact × confidence from past readouts, shrunk; ease has no say."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.campaign.hypothesis_file import Variable
from drumbeat.core.experiments.rank import Candidate, PastReadout, rank
from tests.core.experiments.samples import a_hypothesis


def a_candidate(
    number: int, variable: Variable = Variable.SUBJECT, expected: float = 0.1, stake: float = 1000.0
) -> Candidate:
    claim = a_hypothesis(id=f"H-{number:02}", variables=(variable,), expected=expected)
    return Candidate(claim, stake)


def ids(candidates: list[Candidate], past: list[PastReadout]) -> list[str]:
    return [each.candidate.hypothesis.id for each in rank(candidates, past)]


def won(variable: Variable, count: int, measured: float = 0.1) -> list[PastReadout]:
    return [PastReadout((variable,), 0.1, measured, True)] * count


def lost(variable: Variable, count: int) -> list[PastReadout]:
    return [PastReadout((variable,), 0.1, 0.0, False)] * count


def test_a_larger_effect_and_a_larger_stake_come_first() -> None:
    small, wide, large = a_candidate(1), a_candidate(2, stake=3000), a_candidate(3, expected=0.2)
    assert ids([small, wide, large], []) == ["H-02", "H-03", "H-01"]


def test_fewer_who_leave_count_as_the_readers_they_are() -> None:
    stay = Candidate(a_hypothesis(id="H-01", metric="unsubscribe_rate", expected=-0.5), 1000.0)
    found = rank([stay, a_candidate(2, expected=0.05)], [])
    assert [one.candidate.hypothesis.id for one in found] == ["H-02", "H-01"]
    assert found[1].impact > 0


def test_what_won_before_is_believed_more() -> None:
    past = won(Variable.SEND_TIME, 5) + lost(Variable.SUBJECT, 5)
    assert ids([a_candidate(1), a_candidate(2, Variable.SEND_TIME)], past) == ["H-02", "H-01"]


def test_one_lucky_test_does_not_beat_twenty_solid_ones() -> None:
    past = won(Variable.SEND_TIME, 1, measured=2.0)
    past += won(Variable.SUBJECT, 12) + lost(Variable.SUBJECT, 8) + lost(Variable.BIDDING, 20)
    assert ids([a_candidate(1, Variable.SEND_TIME), a_candidate(2)], past) == ["H-02", "H-01"]


def test_without_any_past_one_idea_in_seven_wins_and_half_a_claim_is_left() -> None:
    [only] = rank([a_candidate(1, expected=0.1, stake=1000)], [])
    assert only.confidence == pytest.approx(1 / 7)
    assert only.impact == pytest.approx(50)
    assert only.because == "0 of 0 tests of subject won; 50% of a claim is left"


def test_confidence_moves_from_the_usual_rate_to_the_own_one_as_readouts_come_in() -> None:
    rates = [
        rank([a_candidate(1)], won(Variable.SUBJECT, count))[0].confidence
        for count in (0, 1, 5, 20, 200)
    ]
    assert rates == sorted(rates)
    assert rates[-1] > 0.95


def test_a_claim_to_make_things_worse_comes_last() -> None:
    assert ids([a_candidate(1, expected=-0.5), a_candidate(2, expected=0.01)], []) == [
        "H-02",
        "H-01",
    ]


def test_equal_scores_keep_the_order_of_their_ids() -> None:
    assert ids([a_candidate(3), a_candidate(1), a_candidate(2)], []) == ["H-01", "H-02", "H-03"]


def test_ease_is_nothing_a_candidate_has() -> None:
    assert {field.name for field in fields(Candidate)} == {"hypothesis", "stake"}


@pytest.mark.parametrize("stake", [-1.0, float("nan"), float("inf")])
def test_a_stake_that_is_none_is_refused(stake: float) -> None:
    with pytest.raises(ValueError, match="H-01"):
        rank([a_candidate(1, stake=stake)], [])


PAST = st.lists(
    st.builds(
        PastReadout,
        variables=st.sampled_from([(Variable.SUBJECT,), (Variable.CREATIVE, Variable.SUBJECT)]),
        claimed=st.floats(-1, 1),
        measured=st.floats(-3, 3),
        won=st.booleans(),
    ),
    max_size=30,
)


@given(PAST)
def test_confidence_is_a_chance_and_impact_at_most_the_claim(past: list[PastReadout]) -> None:
    [only] = rank([a_candidate(1, expected=0.1, stake=1000)], past)
    assert 0 < only.confidence < 1
    assert 0 <= only.impact <= 100 + 1e-9
