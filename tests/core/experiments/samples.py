"""Sample nouns of the experiment tests: one whole registration, to be changed field by field."""

from datetime import UTC, datetime, timedelta
from typing import Any

from drumbeat.core.campaign.hypothesis_file import Variable
from drumbeat.core.experiments.arm import Arm, Arms, Role
from drumbeat.core.experiments.experiment import Experiment, Guardrail, register
from drumbeat.core.experiments.holdout import Holdout
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.readout import Observed, Pair
from drumbeat.core.experiments.sizing import ErrorCost, Mode, Sizing
from drumbeat.core.governance.action import Channel
from drumbeat.stats.sequential import Summary

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_hypothesis(**changes: Any) -> Hypothesis:
    fields: dict[str, Any] = {
        "id": "H-07",
        "change": "a benefit-led subject",
        "reason": "warm leads already know us",
        "variables": (Variable.SUBJECT,),
        "surface": "weekly-newsletter",
        "channels": (Channel.EMAIL,),
        "audience": ("warm_leads",),
        "metric": "click_through_rate",
        "expected": 0.2,
        "source": "ana@example.com",
    }
    return Hypothesis.model_validate({**fields, **changes})


def two_arms(**treatment: Any) -> Arms:
    fields: dict[str, Any] = {
        "id": "benefit",
        "role": Role.TREATMENT,
        "description": "Save an hour",
    }
    return Arms(
        control=Arm(
            id="curiosity", role=Role.CONTROL, description="Guess what", targets=("send-1",)
        ),
        treatment=Arm.model_validate({**fields, "targets": ("send-2",), **treatment}),
    )


def a_sizing(**changes: Any) -> Sizing:
    fields: dict[str, Any] = {
        "mode": Mode.CONFIRMATORY,
        "alpha": 0.05,
        "max_n": 20_000,
        "weeks": 4,
        "cost": ErrorCost(false_call=0.05, missed=0.2),
    }
    return Sizing.model_validate({**fields, **changes})


def an_experiment(**changes: Any) -> Experiment:
    fields: dict[str, Any] = {
        "campaign": "spring-news",
        "surface": "weekly-newsletter",
        "arms": two_arms(),
        "sizing": a_sizing(),
        "holdout": Holdout(salt="spring-news"),
        "now": MONDAY,
        "by": "ana@example.com",
        "guardrails": (Guardrail(metric="unsubscribe_rate", margin=0.1),),
    }
    claim = changes.pop("hypothesis", a_hypothesis())
    return register(claim, **{**fields, **changes})


def a_pair(n: int, control: float, treatment: float) -> Pair:
    """Both arms with ``n`` units and these rates."""
    return Pair(
        Summary.proportion(round(n * control), n), Summary.proportion(round(n * treatment), n)
    )


def observed(goal: Pair, weeks: float = 3, **changes: Any) -> Observed:
    """A test that runs since ``weeks``, with an honest split and no harm unless changed."""
    n = goal.control.n
    fields: dict[str, Any] = {
        "started_at": MONDAY,
        "at": MONDAY + timedelta(weeks=weeks),
        "goal": goal,
        "units": {"curiosity": n, "benefit": n},
        "guardrails": {"unsubscribe_rate": a_pair(n, 0.01, 0.01)},
    }
    return Observed(**{**fields, **changes})
