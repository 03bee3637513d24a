"""Sequential tests: two arms read as often as one likes, with the error fixed beforehand.

Group-sequential boundaries with error spending up to the planned size, a confidence sequence
past it. The boundaries hold at every moment, not at the planned looks alone (see
``_boundaries``), so peeking between looks costs no error.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from drumbeat.stats._boundaries import boundaries, chance_of_crossing
from drumbeat.stats._overrun import overrun_boundary
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

# Kept for the time after the plan; a larger share would cost power within it.
_OVERRUN_SHARE = 0.03
# Looks closer than this share the boundary of the one before: finer steps change nothing.
_CLOSEST = 0.01


class Decision(StrEnum):
    """Which arm has the higher mean, as far as the data can tell."""

    TREATMENT = "treatment"
    CONTROL = "control"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class SequentialDesign:
    """The plan of a two-sided comparison, fixed before the first unit arrives.

    ``alpha`` is the chance of any wrong decision between equal arms, over all reads, also past
    the plan. ``max_n`` counts the units of both arms together. ``looks`` is a number of equally
    spaced looks or their rising fractions of ``max_n`` (the end, 1, is added where missing).
    ``overshoot`` is the share of ``max_n`` that a last batch may run over while still judged at
    the last boundary; it costs a little power. Raises ValueError for a plan that is none.
    """

    alpha: float
    max_n: int
    looks: int | Sequence[float] = 20
    spending: Spending | str = Spending.POWER
    overshoot: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ValueError(f"alpha is a chance between 0 and 1, got {self.alpha!r}")
        if not math.isfinite(self.max_n) or self.max_n < 4 or self.max_n != int(self.max_n):
            raise ValueError(f"max_n counts units, at least 2 an arm, got {self.max_n!r}")
        if not 0 <= self.overshoot <= 1:
            raise ValueError(f"overshoot is a share of max_n, got {self.overshoot!r}")
        object.__setattr__(self, "looks", _known_looks(self.looks))
        object.__setattr__(self, "spending", Spending.named(self.spending))

    @cached_property
    def fractions(self) -> tuple[float, ...]:
        """The share of ``max_n`` at each look."""
        if isinstance(self.looks, int):
            return tuple((look + 1) / self.looks for look in range(self.looks))
        return tuple(self.looks)

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """|z| at each look; infinite where the look cannot decide."""
        steps = _apart(self.fractions)
        alpha = self.alpha * (1 - _OVERRUN_SHARE)
        spending = Spending(self.spending)
        solved = (math.inf, *boundaries(steps, alpha, spending, overshoot=self.overshoot))
        return tuple(solved[bisect_right(steps, fraction)] for fraction in self.fractions)

    def look_at(self, n: int) -> int:
        """How many looks are due when ``n`` units of both arms are in; 0 before the first."""
        due = [2 * math.floor(fraction * self.max_n / 2 + 1e-9) for fraction in self.fractions]
        return bisect_right(due, n)

    def bound_at(self, n: int) -> float:
        """|z| that decides when ``n`` units of both arms are in; infinite before the first look."""
        if n > self.max_n * (1 + self.overshoot):
            share = self.alpha * _OVERRUN_SHARE
            return overrun_boundary(n / self.max_n, share, self.bounds[-1])
        look = self.look_at(n)
        return self.bounds[look - 1] if look else math.inf


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
    never varied.
    """
    n = control.n + treatment.n
    effect = treatment.mean - control.mean if min(control.n, treatment.n) else math.nan
    low, high = _interval(effect, design.bound_at(n), control, treatment)
    return Readout(_decide(low, high), effect, low, high, design.look_at(n), n > design.max_n)


def sample_size(
    baseline: float,
    lift: float,
    *,
    variance: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    looks: int | Sequence[float] = 20,
    spending: Spending | str = Spending.POWER,
    overshoot: float = 0.0,
) -> int:
    """The ``max_n`` (both arms together) that finds a relative ``lift`` with chance ``power``.

    ``baseline`` is the control's mean and ``lift`` is relative to it: 0.3 is +30 %. Without a
    ``variance`` per unit the means are proportions. The rest is the design's. Raises ValueError
    where no size would do.
    """
    if not alpha < power < 1:
        raise ValueError(f"power is a chance between alpha and 1, got {power!r}")
    spread = _spread(baseline, lift, variance)
    drift = _drift_for(SequentialDesign(alpha, 1_000_000, looks, spending, overshoot), power)
    return 2 * max(2, math.ceil(spread * (drift / (baseline * lift)) ** 2))


def chance_to_find(
    design: SequentialDesign, baseline: float, lift: float, variance: float | None = None
) -> float:
    """The power of a design: the chance to call a true relative ``lift`` by its right sign.

    Read at the planned looks, with equal arms; see ``sample_size`` for the other arguments.
    """
    spread = _spread(baseline, lift, variance)
    drift = abs(baseline * lift) * math.sqrt(design.max_n / 2 / spread)
    return chance_of_crossing(design.fractions, design.bounds, drift)[0]


def _known_looks(looks: int | Sequence[float]) -> int | tuple[float, ...]:
    if isinstance(looks, int | np.integer):
        if looks < 1:
            raise ValueError(f"looks: at least one is needed, got {looks!r}")
        return int(looks)
    fractions = tuple(float(fraction) for fraction in looks)
    rising = all(a < b for a, b in zip((0.0, *fractions), fractions, strict=False))
    if not fractions or not rising or fractions[-1] > 1:
        raise ValueError(f"looks: fractions rise from above 0 to 1, got {fractions}")
    return fractions if fractions[-1] == 1 else (*fractions, 1.0)


def _apart(fractions: tuple[float, ...]) -> tuple[float, ...]:
    """The looks whose boundaries are solved for: the end, and back from it no two too close."""
    kept = [1.0]
    for fraction in reversed(fractions[:-1]):
        if kept[-1] - fraction >= _CLOSEST - 1e-9:
            kept.append(fraction)
    return tuple(reversed(kept))


def _interval(
    effect: float, bound: float, control: Summary, treatment: Summary
) -> tuple[float, float]:
    squared, outward = squared_errors(control, treatment)
    if math.isnan(squared) or math.isinf(bound):
        return -math.inf, math.inf
    if not (control.is_proportion and treatment.is_proportion):
        bound = _student(bound, welch_freedom(control, treatment))
    inner, outer = bound * math.sqrt(squared), bound * math.sqrt(outward)
    return (effect - inner, effect + outer) if effect >= 0 else (effect - outer, effect + inner)


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
    from scipy.optimize import brentq

    def surplus(drift: float) -> float:
        return chance_of_crossing(design.fractions, design.bounds, drift)[0] - power

    return float(brentq(surplus, 0.0, 12.0, xtol=1e-6))


def _spread(baseline: float, lift: float, variance: float | None) -> float:
    """The variance of a difference between one unit of each arm."""
    if not math.isfinite(baseline * lift) or baseline * lift == 0:
        raise ValueError(f"a lift of {lift!r} on a baseline of {baseline!r} is no difference")
    if variance is not None:
        if not variance > 0 or math.isinf(variance):
            raise ValueError(f"variance must be positive, got {variance!r}")
        return 2 * variance
    lifted = baseline * (1 + lift)
    if not (0 < baseline < 1 and 0 < lifted < 1):
        raise ValueError(f"proportions lie between 0 and 1, got {baseline!r} and {lifted!r}")
    return baseline * (1 - baseline) + lifted * (1 - lifted)
