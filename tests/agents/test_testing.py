"""The planner's choice of a test: by promise, never by ease; once; and honest about few people."""

from typing import Any

import pytest

from drumbeat.agents.planner import Planner
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.registered import Ended, Registered, Shown
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.experiments.sizing import Mode, Traffic
from drumbeat.core.governance.teaching import taught_by
from tests.agents.desk import bench, planning_case, registered
from tests.core.governance import desk as rules
from tests.core.road.shop import TUESDAY, WEEK, brief, hypothesis

TWO = {"H-01": hypothesis(), "H-02": hypothesis(id="H-02", expected=0.3)}


def hypothesized(**changes: Any) -> Experiment | None:
    fields: dict[str, Any] = {"hypotheses": TWO, "bench": bench()}
    of = brief(hypotheses=("H-01", "H-02"))
    return Planner().hypothesize(planning_case(of, **fields | changes))


def over(made: Experiment, answer: Answer | None, weeks_ago: int = 1) -> Registered:
    at = TUESDAY - weeks_ago * WEEK
    shown = Shown(at=at, answer=answer, reason="…") if answer else None
    ended = Ended(at=at, by="agent:optimizer", reason="…", answer=answer, shown=shown, entry=7)
    return Registered(experiment=made, ended=ended)


def test_the_largest_promise_is_registered_first() -> None:
    made = hypothesized()
    assert made is not None
    assert made.hypothesis.id == "H-02"
    assert made.registered_by == "agent:planner"
    assert made.sizing.mode is Mode.CONFIRMATORY
    assert made.min_weeks <= made.sizing.weeks <= 12
    assert made.holdout.shares == {"agent": 0.8, "business-as-usual": 0.1, "nothing": 0.1}


def test_what_tests_have_settled_in_the_library_is_not_tested_again() -> None:
    retired = hypothesis(id="H-02", expected=0.3, status="retired")
    made = hypothesized(hypotheses={**TWO, "H-02": retired})
    assert made is not None
    assert made.hypothesis.id == "H-01"


def test_a_claim_whose_test_a_person_turned_down_gives_way_to_the_next() -> None:
    first = hypothesized()
    assert first is not None
    wish = rules.action(
        kind="experiment.register",
        campaign="weekly",
        target=f"experiment:{first.id}",
        after=first.model_dump(mode="json"),
    )
    said = taught_by(wish, "not before Easter", "timing", "ledger#7", TUESDAY)
    case = planning_case(
        brief(hypotheses=("H-01", "H-02")), hypotheses=TWO, bench=bench(), overrides=(said,)
    )
    made = Planner().hypothesize(case)
    assert made is not None
    assert made.hypothesis.id == "H-01"
    why = Planner().passed_over(case)["H-02"]
    assert why.startswith("a person said before: not before Easter (ledger#7)")


def test_ease_does_not_count_but_what_cannot_be_told_at_all_is_passed_over() -> None:
    few = {"H-01": Traffic(units_per_week=20_000, baseline=0.05),
           "H-02": Traffic(units_per_week=5, baseline=0.05)}  # fmt: skip
    made = hypothesized(bench=bench(traffic=few))
    assert made is not None
    assert made.hypothesis.id == "H-01"


def test_too_few_people_to_prove_it_lean_and_the_cost_is_written_down() -> None:
    few = {"H-02": Traffic(units_per_week=450, baseline=0.05)}
    made = hypothesized(bench=bench(traffic=few))
    assert made is not None
    assert made.sizing.mode is Mode.DIRECTIONAL
    assert made.sizing.cost.false_call == pytest.approx(0.2)
    assert 0 < made.sizing.cost.missed <= 0.5


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"bench": None}, id="nothing to choose from"),
        pytest.param({"bench": bench(traffic={})}, id="traffic unknown"),
        pytest.param({"test": registered()}, id="one runs already"),
        pytest.param({"bench": bench(tests=(Registered(experiment=registered()),))}, id="overlap"),
        pytest.param(
            {
                "hypotheses": {
                    k: v.model_copy(update={"pre_approved": False}) for k, v in TWO.items()
                }
            },
            id="not approved",
        ),
        pytest.param(
            {
                "hypotheses": {
                    k: v.model_copy(update={"segments": ("strangers",)}) for k, v in TWO.items()
                }
            },
            id="other people",
        ),
    ],
)
def test_there_is_nothing_to_register(changes: dict[str, Any]) -> None:
    assert hypothesized(**changes) is None


@pytest.mark.parametrize(
    ("answer", "weeks_ago", "left"),
    [
        pytest.param(Answer.SHIP, 2, "H-02", id="won lately"),
        pytest.param(None, 2, "H-02", id="stopped by a person lately"),
        pytest.param(Answer.ROLL_BACK, 30, "H-02", id="long ago, and still second in promise"),
    ],
)
def test_what_was_asked_lately_is_not_asked_again(
    answer: Answer | None, weeks_ago: int, left: str
) -> None:
    made = hypothesized(bench=bench(tests=(over(registered("H-01"), answer, weeks_ago),)))
    assert made is not None
    assert made.hypothesis.id == left
