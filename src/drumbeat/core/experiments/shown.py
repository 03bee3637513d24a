"""Shown: a decision in the numbers people read: means, relative effect, split, what was lost."""

import math
from datetime import datetime

from drumbeat.core.campaign.lesson import Effect
from drumbeat.core.experiments.decision import Decision
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.readout import Observed
from drumbeat.core.experiments.registered import Shown
from drumbeat.stats.sequential import Readout


def shown_of(
    experiment: Experiment, observed: Observed, decision: Decision, now: datetime
) -> Shown:
    """The readout as it is kept: relative to the control's mean, which is taken as known."""
    evidence, control = decision.evidence, observed.goal.control
    units = control.n + observed.goal.treatment.n
    return Shown(
        at=now,
        answer=decision.answer,
        reason=decision.reason,
        look=evidence.goal.look,
        units=units,
        control=control.mean,
        treatment=observed.goal.treatment.mean,
        effect=_relative(evidence.goal, control.mean, units),
        guardrails={
            name: effect
            for name, found in evidence.guardrails.items()
            if (effect := _relative(found, observed.guardrails[name].control.mean, units))
        },
        split=evidence.split.p_value if evidence.split else None,
        is_split_broken=bool(evidence.split and evidence.split.mismatch),
        lost=evidence.lost,
        unknown=evidence.unknown,
    )


def _relative(goal: Readout, base: float, units: int) -> Effect | None:
    """None while the interval is without bounds, or the control has nothing to compare with."""
    if base <= 0 or not all(map(math.isfinite, (goal.effect, goal.low, goal.high))):
        return None
    # Nothing that is measured falls below zero, so no change is below -100%.
    low, mean, high = (max(part / base, -1.0) for part in (goal.low, goal.effect, goal.high))
    return Effect(low=low, mean=mean, high=high, sample_size=units)
