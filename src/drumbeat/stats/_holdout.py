"""Lift of randomized contacts over those held out, absolute and relative, with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt
from reprlib import repr as shortened
from typing import Any, Literal

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._numbers import as_column, is_number
from drumbeat.stats._summary import Measured, squared_error

ArmInput = Measured | tuple[int, int] | Sequence[float] | Floats


@dataclass(frozen=True)
class HoldoutLift:
    """Treated less held out, per contact, and relative to the held-out mean (0.5 is +50 %).

    The relative numbers are None where the held-out mean is not clearly above zero, and all
    numbers are None where an arm is too small to measure. ``verdict`` is "unknown" whenever the
    interval does not exclude zero.
    """

    absolute: float | None
    absolute_low: float | None
    absolute_high: float | None
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    verdict: Literal["lift", "loss", "unknown"]
    reason: str


@dataclass(frozen=True)
class _Arm:
    n: int
    mean: float
    variance: float
    conversions: int | None = None

    @property
    def error2(self) -> float:
        return self.variance / self.n

    @property
    def in_means(self) -> "_Arm":
        """The arm in units of its mean."""
        return replace(self, mean=1.0, variance=self.variance / self.mean**2)


def holdout_lift(treated: ArmInput, held_out: ArmInput, level: float = 0.95) -> HoldoutLift:
    """Compare a treated with a held-out arm of contacts assigned at random.

    An arm is ``(n, conversions)`` as a tuple of two whole numbers, the values of all its contacts
    (those that bought nothing are zeros) as a list or array, or anything with ``n``, ``mean`` and
    ``variance`` per contact. Intervals: Newcombe's hybrid of Wilson scores (1998, method 10) for
    shares, Welch (1947) for means (see ``squared_error``), the delta method on the log ratio for
    relative lift. Raises ValueError for impossible counts, NaN or a level outside 0 to 1.
    """
    if not is_number(level) or not 0 < level < 1:
        raise ValueError(f"level is a share between 0 and 1, got {level!r}")
    a, b = _arm(treated, "treated"), _arm(held_out, "held-out")
    unmeasurable = _unmeasurable(a, b)
    if unmeasurable:
        return HoldoutLift(None, None, None, None, None, None, "unknown", unmeasurable)
    a, b = _borrowing(a, b), _borrowing(b, a)
    low, high = _absolute(a, b, level)
    ratio, below, above = _relative(a, b, level) or (None, None, None)
    verdict, reason = _judge(low, high)
    return HoldoutLift(a.mean - b.mean, low, high, ratio, below, above, verdict, reason)


def _arm(given: ArmInput, name: str) -> _Arm:
    if isinstance(given, tuple) and len(given) == 2:
        return _counted(given[0], given[1], name)
    if isinstance(given, Measured):
        return _summarized(given, name)
    values = as_column(given, f"the {name} arm (a value a contact)")
    if len(values) == 2 and values[0] > values[1] >= 0 and not (values % 1).any():
        raise ValueError(
            f"the {name} arm {shortened(given)} looks like contacts and conversions, which go in "
            "a tuple; a list has a value for every contact"
        )
    return _of_values(values)


def _counted(n: Any, conversions: Any, name: str) -> _Arm:
    whole = all(isinstance(one, int | np.integer) for one in (n, conversions))
    if not whole or not 0 <= conversions <= n:
        raise ValueError(
            f"the {name} arm must be (contacts, conversions) in whole numbers, conversions from "
            f"0 to contacts; got ({n!r}, {conversions!r}). Values go in a list or an array"
        )
    n, conversions = int(n), int(conversions)
    share = conversions / n if n else 0.0
    return _Arm(n, share, share * (1 - share), conversions)


def _summarized(given: Measured, name: str) -> _Arm:
    broken = not all(is_number(one) for one in (given.n, given.mean, given.variance))
    if broken or given.n < 0 or given.variance < 0:
        raise ValueError(f"the {name} arm has an impossible summary: {given!r}")
    return _Arm(given.n, given.mean, given.variance)


def _of_values(values: Floats) -> _Arm:
    if len(values) < 2:
        return _Arm(len(values), 0.0, 0.0)
    return _Arm(len(values), float(values.mean()), float(values.var(ddof=1)))


def _unmeasurable(a: _Arm, b: _Arm) -> str | None:
    if min(a.n, b.n) < 2:
        return "an arm has fewer than two contacts"
    if a.conversions is not None and b.conversions is not None:
        return None if a.conversions + b.conversions else "nobody converted in either arm"
    if a.variance + b.variance == 0:
        return "all contacts have the same value, so there is no measure of chance"
    return None


def _borrowing(arm: _Arm, other: _Arm) -> _Arm:
    """An arm whose contacts all happened to measure the same (nobody bought) is not certain: it
    is taken to vary as the other does."""
    if arm.conversions is not None or arm.variance > 0:
        return arm
    return replace(arm, variance=other.variance)


def _absolute(a: _Arm, b: _Arm, level: float) -> tuple[float, float]:
    from scipy.special import ndtri, stdtrit

    gap = a.mean - b.mean
    if a.conversions is not None and b.conversions is not None:
        z = float(ndtri(0.5 + level / 2))
        (low_a, high_a), (low_b, high_b) = _wilson(a, z), _wilson(b, z)
        below = sqrt((a.mean - low_a) ** 2 + (high_b - b.mean) ** 2)
        above = sqrt((high_a - a.mean) ** 2 + (b.mean - low_b) ** 2)
        return gap - below, gap + above
    share = a.error2 / (a.error2 + b.error2)
    free = 1 / (share**2 / (a.n - 1) + (1 - share) ** 2 / (b.n - 1))
    reach = float(stdtrit(free, 0.5 + level / 2)) * sqrt(squared_error(a, b))
    return gap - reach, gap + reach


def _wilson(arm: _Arm, z: float) -> tuple[float, float]:
    center = (arm.mean + z**2 / (2 * arm.n)) / (1 + z**2 / arm.n)
    reach = z * sqrt(arm.error2 + z**2 / (4 * arm.n**2)) / (1 + z**2 / arm.n)
    return center - reach, center + reach


def _relative(a: _Arm, b: _Arm, level: float) -> tuple[float, float, float] | None:
    """None where either mean is not at least three errors above zero, or an arm did not vary:
    a ratio then says nothing."""
    from scipy.special import ndtri

    if min(a.mean - 3 * sqrt(a.error2), b.mean - 3 * sqrt(b.error2)) <= 0:
        return None
    if min(a.error2, b.error2) == 0:
        return None
    ratio = log(a.mean / b.mean)
    z = float(ndtri(0.5 + level / 2))
    reach = z * sqrt(_relative_error2(a, b))
    return exp(ratio) - 1, exp(ratio - reach) - 1, exp(ratio + reach) - 1


def _relative_error2(a: _Arm, b: _Arm) -> float:
    a, b = a.in_means, b.in_means
    are_counted = a.conversions is not None and b.conversions is not None
    return a.error2 + b.error2 if are_counted else squared_error(a, b)


def _judge(low: float, high: float) -> tuple[Literal["lift", "loss", "unknown"], str]:
    if low > 0:
        return "lift", "the interval of the difference lies above zero"
    if high < 0:
        return "loss", "the interval of the difference lies below zero"
    return "unknown", "the interval of the difference includes zero"
