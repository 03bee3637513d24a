"""Experiments: sealed before launch, every part of the promise under the seal."""

from datetime import timedelta
from typing import Any

import pytest

from drumbeat.core.experiments.arm import Arm, Role
from drumbeat.core.experiments.experiment import Experiment, Guardrail
from drumbeat.core.experiments.holdout import Holdout
from drumbeat.core.experiments.rule import DIRECTIONAL_RULE, USUAL_RULE, DecisionRule
from drumbeat.core.experiments.sizing import Mode
from tests.core.experiments.samples import MONDAY, a_hypothesis, a_sizing, an_experiment, two_arms


def test_the_same_registration_has_the_same_seal() -> None:
    one, again = an_experiment(), an_experiment()
    assert (one.seal, one.id) == (again.seal, f"exp-{one.seal[:12]}")
    assert Experiment.model_validate_json(one.model_dump_json()).seal == one.seal


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"hypothesis": a_hypothesis(expected=0.1)}, id="hypothesis"),
        pytest.param({"arms": two_arms(description="Save two hours")}, id="variant"),
        pytest.param({"sizing": a_sizing(max_n=30_000)}, id="sample-size"),
        pytest.param({"guardrails": ()}, id="guardrails"),
        pytest.param(
            {"guardrails": (Guardrail(metric="unsubscribe_rate", margin=0.5),)}, id="margin"
        ),
        pytest.param({"holdout": Holdout(salt="spring-news", nothing=0.2)}, id="hold-out"),
        pytest.param({"min_weeks": 3}, id="run-time"),
        pytest.param({"now": MONDAY + timedelta(seconds=1)}, id="moment"),
        pytest.param({"campaign": "autumn-news"}, id="campaign"),
    ],
)
def test_any_change_breaks_the_seal(changes: dict[str, Any]) -> None:
    assert an_experiment(**changes).seal != an_experiment().seal


def test_another_rule_breaks_the_seal() -> None:
    rule = DecisionRule(clauses=USUAL_RULE.clauses[::-1])
    changed = Experiment.model_validate({**an_experiment().model_dump(), "rule": rule})
    assert changed.seal != an_experiment().seal


def test_each_mode_has_its_rule() -> None:
    directional = an_experiment(sizing=a_sizing(mode=Mode.DIRECTIONAL, alpha=0.2))
    assert an_experiment().rule == USUAL_RULE
    assert directional.rule == DIRECTIONAL_RULE


def test_a_directional_test_with_a_rule_that_ships_is_refused() -> None:
    fields = an_experiment(sizing=a_sizing(mode=Mode.DIRECTIONAL)).model_dump()
    with pytest.raises(ValueError, match="cannot ship"):
        Experiment.model_validate({**fields, "rule": USUAL_RULE})


def test_a_plan_shorter_than_the_minimum_run_time_is_refused() -> None:
    with pytest.raises(ValueError, match="weeks"):
        an_experiment(sizing=a_sizing(weeks=1))


@pytest.mark.parametrize(
    ("treatment", "word"),
    [
        ({"role": Role.CONTROL}, "treatment"),
        ({"id": "curiosity"}, "both arms"),
        ({"share": 0.4}, "add up to 1"),
    ],
)
def test_arms_that_are_no_comparison_are_refused(treatment: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        two_arms(**treatment)


def test_people_of_the_holdout_are_in_no_arm() -> None:
    experiment = an_experiment()
    units = [f"contact-{number}" for number in range(2000)]
    kept_out = [unit for unit in units if experiment.assign(unit, "c1") is None]
    assert 300 < len(kept_out) < 500
    assert all(experiment.holdout.treatment_of(unit) != "agent" for unit in kept_out)


def test_assigned_units_share_the_arms_evenly() -> None:
    experiment = an_experiment()
    assigned = [experiment.assign(f"contact-{number}", "c1") for number in range(4000)]
    arms = [each.arm for each in assigned if each]
    assert 0.46 < arms.count("benefit") / len(arms) < 0.54


def test_an_arm_knows_its_targets() -> None:
    arm = Arm(id="a", role=Role.CONTROL, description="x", targets=("ad-1", "ad-2"))
    assert arm.targets == ("ad-1", "ad-2")
    assert two_arms().targets == {"send-1", "send-2"}
