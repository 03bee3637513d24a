"""CUPED: less noise by subtracting what was known about each unit before the experiment.

Deng, Xu, Kohavi and Walker (2013). It pays as much as the past predicts the outcome, which for
first clicks and rare purchases is often nothing; then the answer says so and changes nothing.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from drumbeat.stats._numbers import as_column
from drumbeat.stats._summary import Summary, squared_error, welch_freedom

Array = NDArray[np.float64]

# A smaller gain than this is not worth a number that needs explaining.
_WORTHWHILE = 0.05
_FEWEST = 30
_BROKEN = 0.001


class Use(StrEnum):
    """Whether the covariate was used."""

    HELPS = "helps"
    USELESS = "useless here"
    BROKEN = "covariate differs between the arms"


@dataclass(frozen=True)
class Adjustment:
    """Both arms, adjusted if ``use`` is "helps" and as they came otherwise.

    ``variance_reduction`` is the share of the variance that the covariate explains (0.3: 30 %
    fewer units are needed); NaN where it cannot be known. ``theta`` is the slope subtracted.
    """

    use: Use
    control: Summary
    treatment: Summary
    variance_reduction: float
    theta: float
    reason: str


def adjust(
    control: ArrayLike,
    control_before: ArrayLike,
    treatment: ArrayLike,
    treatment_before: ArrayLike,
) -> Adjustment:
    """Adjust each unit's outcome by its value ``before`` the experiment, in the same order.

    Used only where even the lower 95 % bound of the correlation (Fisher's z) explains 5 % of the
    variance. Values before that differ between the arms (p < .001) mean that the covariate was
    touched by the treatment or the split is broken. Raises ValueError for NaN and for lengths
    that differ.
    """
    arms = [_pair(control, control_before), _pair(treatment, treatment_before)]
    plain = [Summary.sample(outcome) for outcome, _ in arms]
    fewest = min(len(outcome) for outcome, _ in arms)
    if fewest < _FEWEST:
        return _unused(plain, math.nan, f"{fewest} units in an arm are too few to learn from")
    if _differ(arms):
        reason = "values from before the experiment already differ: check the split"
        return Adjustment(Use.BROKEN, plain[0], plain[1], math.nan, 0.0, reason)
    theta, correlation = _within(arms)
    share = correlation**2
    if _surely_explained(correlation, sum(arm.n for arm in plain)) < _WORTHWHILE:
        return _unused(plain, share, f"the past explains {share:.1%} of the outcome's variance")
    center = float(np.concatenate([before for _, before in arms]).mean())
    adjusted = [Summary.sample(outcome - theta * (before - center)) for outcome, before in arms]
    reason = f"the past explains {share:.1%} of the outcome's variance"
    return Adjustment(Use.HELPS, adjusted[0], adjusted[1], share, theta, reason)


def _pair(outcome: ArrayLike, before: ArrayLike) -> tuple[Array, Array]:
    hint = " (give new units a 0)"
    pair = as_column(outcome, "outcomes"), as_column(before, "values before" + hint)
    if pair[0].shape != pair[1].shape:
        raise ValueError(
            f"one value before for each outcome: got {pair[1].shape} for {pair[0].shape}"
        )
    return pair


def _unused(plain: list[Summary], share: float, reason: str) -> Adjustment:
    return Adjustment(Use.USELESS, plain[0], plain[1], share, 0.0, reason)


def _differ(arms: list[tuple[Array, Array]]) -> bool:
    from scipy.special import stdtr

    one, other = (Summary.sample(before) for _, before in arms)
    if min(one.variance, other.variance) == 0:
        return False
    distance = abs(one.mean - other.mean) / math.sqrt(squared_error(one, other))
    return 2 * float(stdtr(welch_freedom(one, other), -distance)) < _BROKEN


def _within(arms: list[tuple[Array, Array]]) -> tuple[float, float]:
    """Slope and correlation of outcome on before inside the arms: the effect must not leak in."""
    y = np.concatenate([outcome - outcome.mean() for outcome, _ in arms])
    x = np.concatenate([before - before.mean() for _, before in arms])
    products = float(x @ y)
    squares = float(x @ x), float(y @ y)
    if min(squares) <= 1e-12 * len(x):
        return 0.0, 0.0
    return products / squares[0], products / math.sqrt(squares[0] * squares[1])


def _surely_explained(correlation: float, n: int) -> float:
    if abs(correlation) >= 1:
        return 1.0
    lower = math.atanh(abs(correlation)) - 1.959964 / math.sqrt(n - 3)
    return math.tanh(max(0.0, lower)) ** 2
