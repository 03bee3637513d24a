"""A readout changes its claim's entry: confirmed, retired, or expected to do less."""

from datetime import timedelta
from typing import Any

import pytest

from drumbeat.core.campaign.hypothesis_file import ClaimStatus, HypothesisSpec
from drumbeat.core.campaign.lesson import Effect
from drumbeat.core.experiments.learned import past_readouts
from drumbeat.core.experiments.registered import Ended, Registered, Shown
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.experiments.sizing import Mode, Sizing
from drumbeat.core.experiments.standing import update_of
from tests.core.experiments.samples import MONDAY, a_hypothesis, a_sizing, an_experiment

LEANING = a_sizing(mode=Mode.DIRECTIONAL)
AT = MONDAY + timedelta(weeks=4)


def read_out(
    answer: Answer | None,
    mean: float | None,
    expected: float = 0.2,
    sizing: Sizing | None = None,
    **more: Any,
) -> Registered:
    claim = a_hypothesis(expected=expected)
    made = an_experiment(hypothesis=claim, sizing=sizing or a_sizing())
    effect = None
    if mean is not None:
        effect = Effect(low=mean - 0.05, mean=mean, high=mean + 0.05, sample_size=9000)
    shown = Shown(at=AT, answer=answer or Answer.KEEP_GOING, reason="…", effect=effect,
                  units=9000, **more)  # fmt: skip
    ended = Ended(at=AT, by="agent:optimizer", reason="…", answer=answer, shown=shown)
    return Registered(experiment=made, ended=ended)


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        pytest.param(
            read_out(Answer.SHIP, 0.12), {"status": "confirmed", "expected": "11%"}, id="won"
        ),
        pytest.param(
            read_out(Answer.SHIP, -0.12, -0.2),
            {"status": "confirmed", "expected": "-11%"},
            id="a cost that fell",
        ),
        pytest.param(read_out(Answer.ROLL_BACK, -0.04), {"status": "retired"}, id="lost"),
        pytest.param(read_out(Answer.REVIEW, 0.08), {"expected": "7%"}, id="less than claimed"),
        pytest.param(read_out(Answer.REVIEW, 0.001), {"expected": "1%"}, id="hardly anything"),
        pytest.param(read_out(Answer.REVIEW, 0.4), {}, id="more, but nobody can tell"),
        pytest.param(read_out(Answer.REVIEW, -0.08), {}, id="the other way, open"),
        pytest.param(read_out(None, 0.12), {}, id="stopped early"),
        pytest.param(read_out(Answer.SHIP, None), {}, id="nothing could be told"),
        pytest.param(read_out(Answer.SHIP, 0.12, is_split_broken=True), {}, id="broken split"),
        pytest.param(Registered(experiment=an_experiment()), {}, id="running"),
    ],
)
def test_what_a_readout_makes_of_its_claim(one: Registered, wanted: dict[str, str]) -> None:
    found = update_of(one)
    told = found.pop("evidence", "")
    assert found == wanted
    assert bool(told) is bool(wanted)
    if told:
        assert told.startswith(f"{one.experiment.id}, 2026-03-30: ")
        assert told.endswith(" over 9,000 units")


def test_the_file_reads_what_is_proposed() -> None:
    claim = a_hypothesis()
    arm = {"id": "a", "description": "an arm"}
    spec = HypothesisSpec.model_validate(
        {
            "id": claim.id,
            "claim": claim.change,
            "variables": ["subject"],
            "channels": ["email"],
            "metric": claim.metric,
            "control": arm,
            "treatment": {**arm, "id": "b"},
            **update_of(read_out(Answer.SHIP, 0.12)),
        }
    )
    assert spec.status is ClaimStatus.CONFIRMED
    assert spec.expected == pytest.approx(0.11)


@pytest.mark.parametrize(
    ("one", "won"),
    [
        pytest.param(read_out(Answer.SHIP, 0.12), True, id="shipped"),
        pytest.param(read_out(Answer.ROLL_BACK, -0.12), False, id="rolled back"),
        pytest.param(read_out(Answer.REVIEW, 0.12), False, id="not proven"),
        pytest.param(read_out(Answer.REVIEW, 0.12, sizing=LEANING), True, id="leans to it"),
        pytest.param(read_out(Answer.REVIEW, 0.02, sizing=LEANING), False, id="leans nowhere"),
        pytest.param(read_out(Answer.REVIEW, -0.12, sizing=LEANING), False, id="leans away"),
        pytest.param(
            read_out(Answer.REVIEW, 0.12, sizing=LEANING, unknown=("open_rate",)),
            False,
            id="at a cost nobody knows",
        ),
    ],
)
def test_what_counts_as_a_win_in_the_librarys_odds(one: Registered, won: bool) -> None:
    (found,) = past_readouts([one])
    assert found.won is won
