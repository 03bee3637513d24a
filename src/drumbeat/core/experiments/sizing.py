"""Sizing: how long a test must run to know, and what it costs not to wait that long."""

import math
from enum import StrEnum

from pydantic import Field

from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.noun import Noun
from drumbeat.stats.sequential import SequentialDesign, chance_to_find, sample_size

LOOKS = 20
# Data arrive by the day; the last day may run a little over the plan.
OVERSHOOT = 0.01
# A directional test calls one in five equal arms different, and says so.
LENIENT = 0.2
# The chance to find what is expected, and what of it may go to not knowing the variance.
_POWER, _SLACK = 0.8, 0.02
# Of measured units (weeks, days, posts): fewer can lean, and prove nothing.
_FEWEST = 20


class Mode(StrEnum):
    """``confirmatory`` proves; ``directional`` leans, where there are too few units to prove."""

    CONFIRMATORY = "confirmatory"
    DIRECTIONAL = "directional"


class Traffic(Noun):
    """What the surface yields: ``units_per_week`` over both arms, and the control's mean.

    ``variance`` is that of one unit; None for a share (the mean is a rate between 0 and 1).
    """

    units_per_week: int = Field(gt=0)
    baseline: float = Field(gt=0)
    variance: float | None = Field(default=None, gt=0)


class ErrorCost(Noun):
    """What a design gets wrong: the chance to call equal arms different, and the chance to miss
    the effect that is expected."""

    false_call: float
    missed: float

    @property
    def sentence(self) -> str:
        """The cost in words, for the person who accepts it."""
        return (
            f"Of equal arms, {self.false_call:.0%} are called different; "
            f"of effects as large as expected, {self.missed:.0%} are missed."
        )


class Sizing(Noun):
    """A design that fits the traffic: ``max_n`` units of both arms within whole ``weeks``."""

    mode: Mode
    alpha: float = Field(gt=0, lt=1)
    max_n: int = Field(ge=4)
    weeks: int = Field(ge=1)
    cost: ErrorCost

    @property
    def design(self) -> SequentialDesign:
        """The statistics' view of the plan."""
        return SequentialDesign(self.alpha, self.max_n, LOOKS, overshoot=OVERSHOOT)


class Infeasible(Noun):
    """No honest design fits: the reason, and the weeks a confirmatory test would take."""

    reason: str
    weeks_needed: int


def size(
    hypothesis: Hypothesis, traffic: Traffic, *, min_weeks: int, max_weeks: int = 12
) -> Sizing | Infeasible:
    """The confirmatory design (alpha .05, power .8), if its units come within ``max_weeks``."""
    if traffic.variance is not None and traffic.units_per_week * max_weeks < _FEWEST:
        return Infeasible(
            reason=f"{traffic.units_per_week * max_weeks} units are too few to prove anything by: "
            "one odd week among them could, and how weeks are spread nobody can check",
            weeks_needed=math.ceil(_FEWEST / traffic.units_per_week),
        )
    needed = _needed(hypothesis, traffic, 0.05, _POWER)
    weeks = max(min_weeks, math.ceil(needed / traffic.units_per_week))
    # The formula knows the variance; a few units have to tell it as well, and it takes some more.
    for enough in range(weeks, max_weeks + 1):
        found = _sizing(Mode.CONFIRMATORY, hypothesis, traffic, 0.05, needed, enough)
        if 1 - found.cost.missed >= _POWER - _SLACK:
            return found
    weeks = max(weeks, max_weeks + 1)
    return Infeasible(
        reason=f"{needed} units take {weeks} weeks, more than {max_weeks}; "
        "test a larger effect, a wider audience, or go directional at its cost",
        weeks_needed=weeks,
    )


def size_directional(
    hypothesis: Hypothesis, traffic: Traffic, *, weeks: int, alpha: float = LENIENT
) -> Sizing | Infeasible:
    """What ``weeks`` of traffic can lean on: a lenient alpha, its cost written down.

    Infeasible where even that would miss the expected effect more often than find it.
    """
    units = traffic.units_per_week * weeks
    if units < 4:
        return Infeasible(reason=f"{units} units in {weeks} weeks are no test", weeks_needed=weeks)
    found = _sizing(Mode.DIRECTIONAL, hypothesis, traffic, alpha, units, weeks)
    if found.cost.missed <= 0.5:
        return found
    needed = math.ceil(_needed(hypothesis, traffic, alpha, 0.5) / traffic.units_per_week)
    return Infeasible(
        reason=f"{units} units would miss the expected effect in {found.cost.missed:.0%} of cases",
        weeks_needed=needed,
    )


def lean(
    hypothesis: Hypothesis, traffic: Traffic, *, min_weeks: int, max_weeks: int = 12
) -> Sizing | Infeasible:
    """The shortest directional design within ``max_weeks``, else why even the longest is none."""
    # From where a known variance would do; a few units have to tell it as well, and take some more.
    needed = _needed(hypothesis, traffic, LENIENT, 0.5)
    first = min(max(min_weeks, math.ceil(needed / traffic.units_per_week)), max_weeks)
    for weeks in range(first, max_weeks + 1):
        found = size_directional(hypothesis, traffic, weeks=weeks)
        if isinstance(found, Sizing):
            break
    return found


def _needed(hypothesis: Hypothesis, traffic: Traffic, alpha: float, power: float) -> int:
    return sample_size(
        traffic.baseline,
        hypothesis.expected,
        variance=traffic.variance,
        alpha=alpha,
        power=power,
        looks=LOOKS,
        overshoot=OVERSHOOT,
    )


def _sizing(
    mode: Mode, hypothesis: Hypothesis, traffic: Traffic, alpha: float, units: int, weeks: int
) -> Sizing:
    # Whole weeks: the units of the last one count too.
    max_n = max(units, traffic.units_per_week * weeks)
    design = SequentialDesign(alpha, max_n, LOOKS, overshoot=OVERSHOOT)
    found = chance_to_find(design, traffic.baseline, hypothesis.expected, traffic.variance)
    cost = ErrorCost(false_call=alpha, missed=round(1 - found, 4))
    return Sizing(mode=mode, alpha=alpha, max_n=max_n, weeks=weeks, cost=cost)
