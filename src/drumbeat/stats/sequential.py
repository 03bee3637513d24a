"""Sequential tests: two arms read as often as one likes, with the error fixed beforehand.

Group-sequential boundaries with error spending up to the planned size, a confidence sequence
past it. The boundaries hold at every moment, not at the planned looks alone (see
``_boundaries``), so peeking between looks costs no error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from drumbeat.stats._boundaries import chance_of_crossing
from drumbeat.stats._design import SequentialDesign
from drumbeat.stats._numbers import require_chance, require_kind, require_numbers
from drumbeat.stats._root import root
from drumbeat.stats._spending import Spending
from drumbeat.stats._summary import Summary, squared_errors, welch_freedom

__all__ = [
    "Decision",
    "Readout",
    "SequentialDesign",
    "Spending",
    "Summary",
    "chance_to_find",
    "read",
    "sample_size",
]


_MOST_UNITS = 1e15
_PAIR = 2  # units that leave nothing to tell a variance by


class Decision(StrEnum):
    """Which arm has the higher mean, as far as the data can tell."""

    TREATMENT = "treatment"
    CONTROL = "control"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Readout:
    """What the data say at this moment.

    ``effect`` is treatment mean minus control mean, in the units of the means (NaN while an arm
    is empty); ``low`` to ``high`` is its repeated confidence interval, which leaves out 0 exactly
    when there is a decision, and is infinite while nothing can be said. ``look`` is the last
    look passed; ``overrun`` says that the units exceed the plan.
    """

    decision: Decision
    effect: float
    low: float
    high: float
    look: int
    overrun: bool


def read(design: SequentialDesign, control: Summary, treatment: Summary) -> Readout:
    """Judge the units so far, at the last boundary passed.

    Undecided before the first look, with fewer than two units in an arm, and where the arms
    never varied. Raises ValueError for a design or an arm that is none.
    """
    require_kind(SequentialDesign, design=design)
    require_kind(Summary, control=control, treatment=treatment)
    n = int(control.n + treatment.n)
    effect = float(treatment.mean - control.mean) if min(control.n, treatment.n) else math.nan
    low, high = _interval(effect, design.bound_at(n), control, treatment)
    return Readout(_decide(low, high), effect, low, high, design.look_at(n), n > design.max_n)


def sample_size(
    baseline: float,
    lift: float,
    alpha: float = 0.05,
    power: float = 0.8,
    *,
    variance: float | None = None,
    looks: int | Sequence[float] = 20,
    spending: Spending | str = Spending.POWER,
    overshoot: float = 0.0,
) -> int:
    """The ``max_n`` (both arms together) that finds a relative ``lift`` with chance ``power``.

    ``baseline`` is the control's mean and ``lift`` is relative to it: 0.3 is +30 %. Without a
    ``variance`` per unit the means are proportions. The rest is the design's. Raises ValueError
    where no size would do.
    """
    require_chance(alpha=alpha, power=power)
    if power <= alpha:
        raise ValueError(f"power is a chance between alpha and 1, got {power!r}")
    spread = _spread(baseline, lift, variance)
    drift = _drift_for(SequentialDesign(alpha, 1_000_000, looks, spending, overshoot), power)
    units = spread / baseline / lift * drift / baseline / lift * drift
    if units > _MOST_UNITS:
        raise ValueError(f"a lift of {lift!r} on {baseline!r} is too small to find with any units")
    return 2 * max(2, math.ceil(units))


def chance_to_find(
    design: SequentialDesign, baseline: float, lift: float, variance: float | None = None
) -> float:
    """The power of a design: the chance to call a true relative ``lift`` by its right sign.

    Read at the planned looks, with equal arms; see ``sample_size`` for the other arguments. With a
    ``variance`` per unit, few units find less: it has to be told from the units as well.
    """
    require_kind(SequentialDesign, design=design)
    spread = _spread(baseline, lift, variance)
    drift = abs(baseline * lift) * math.sqrt(design.max_n / 2 / spread)
    bounds = design.bounds if variance is None else _guessed(design)
    return chance_of_crossing(design.fractions, bounds, drift)[0]


def _guessed(design: SequentialDesign) -> list[float]:
    """The bounds as ``read`` applies them to a variance known from the units alone."""
    units = [2 * math.floor(fraction * design.max_n / 2 + 1e-9) for fraction in design.fractions]
    return [
        _student(bound, n - 2) if n > _PAIR else math.inf
        for n, bound in zip(units, design.bounds, strict=True)
    ]


def _interval(
    effect: float, bound: float, control: Summary, treatment: Summary
) -> tuple[float, float]:
    squared, outward = squared_errors(control, treatment)
    if math.isnan(squared) or math.isinf(bound):
        return -math.inf, math.inf
    if not (control.is_proportion and treatment.is_proportion):
        bound = _student(bound, welch_freedom(control, treatment))
    inner, outer = bound * math.sqrt(squared), bound * math.sqrt(outward)
    below, above = (inner, outer) if effect >= 0 else (outer, inner)
    return float(effect - below), float(effect + above)


def _student(bound: float, freedom: float) -> float:
    """The same tail chance under Student's t: a variance known from few units is a guess.

    A proportion's variance follows from its mean, so proportions need none of this.
    """
    from scipy.special import ndtr, stdtrit

    return max(bound, -float(stdtrit(freedom, float(ndtr(-bound)))))


def _decide(low: float, high: float) -> Decision:
    if low > 0:
        return Decision.TREATMENT
    return Decision.CONTROL if high < 0 else Decision.UNDECIDED


def _drift_for(design: SequentialDesign, power: float) -> float:
    return _drift(design.fractions, design.bounds, power)


@lru_cache(maxsize=64)
def _drift(fractions: tuple[float, ...], bounds: tuple[float, ...], power: float) -> float:
    """The mean of z at the end that crosses above with this chance, whatever the test's size:
    one search serves every test that is looked at as often."""

    def surplus(drift: float) -> float:
        return chance_of_crossing(fractions, bounds, drift)[0] - power

    return root(surplus, 0.0, 12.0, within=1e-6)


def _spread(baseline: float, lift: float, variance: float | None) -> float:
    """The variance of a difference between one unit of each arm."""
    require_numbers(baseline=baseline, lift=lift)
    if baseline * lift == 0:
        raise ValueError(f"a lift of {lift!r} on a baseline of {baseline!r} is no difference")
    if variance is not None:
        require_numbers(variance=variance)
        if variance <= 0:
            raise ValueError(f"variance must be positive, got {variance!r}")
        return 2 * variance
    lifted = baseline * (1 + lift)
    if not (0 < baseline < 1 and 0 < lifted < 1):
        raise ValueError(
            f"proportions lie between 0 and 1, got {baseline:g} and {lifted:g}; "
            "other means need their variance"
        )
    return baseline * (1 - baseline) + lifted * (1 - lifted)
