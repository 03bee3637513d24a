"""Means: two averages (revenue, minutes) compared once, with a few huge values kept in check."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from drumbeat.stats._comparison import UNKNOWN, Comparison, Verdict, judged, two_sided_quantile
from drumbeat.stats._numbers import as_column, is_number, require_kind
from drumbeat.stats._summary import Summary, welch_freedom

__all__ = [
    "Comparison",
    "Summary",
    "Verdict",
    "Winsorized",
    "compare",
    "ratio_summary",
    "winsorize",
]

_FEW = 2


def compare(control: Summary, treatment: Summary, alpha: float = 0.05) -> Comparison:
    """Welch's unequal-variance t-test and interval at a size fixed beforehand.

    Cannot tell with fewer than two units in an arm or where an arm never varied.
    """
    from scipy.special import stdtr, stdtrit

    two_sided_quantile(alpha)
    require_kind(Summary, control=control, treatment=treatment)
    if min(control.variance, treatment.variance) == 0 or min(control.n, treatment.n) < _FEW:
        return UNKNOWN
    error = math.sqrt(control.variance / control.n + treatment.variance / treatment.n)
    freedom = welch_freedom(control, treatment)
    effect = treatment.mean - control.mean
    reach = error * -float(stdtrit(freedom, alpha / 2))
    p_value = 2 * float(stdtr(freedom, -abs(effect) / error))
    return judged(effect, effect - reach, effect + reach, p_value, alpha)


def ratio_summary(over: ArrayLike, under: ArrayLike) -> Summary | None:
    """An arm whose mean is a ratio of sums (clicks over impressions of its days).

    The variance of one unit is that of the linearized ratio, (x - r·y) / mean(y), so that
    variance / n is the ratio's squared error (Kohavi, Tang and Xu 2020, ch. 18; Deng et al. 2018).
    None where nothing lies under the ratio. Raises ValueError for columns that do not match.
    """
    x, y = as_column(over, "over"), as_column(under, "under")
    if x.shape != y.shape:
        raise ValueError(f"over has {x.size} units and under has {y.size}")
    if not x.size or y.sum() <= 0:
        return None
    ratio = float(x.sum() / y.sum())
    left = (x - ratio * y) / y.mean()
    return Summary(x.size, ratio, float(left.var(ddof=1)) if x.size > 1 else 0.0)


@dataclass(frozen=True)
class Winsorized:
    """Both arms with every value above ``cap`` counted as ``cap``; ``capped`` values were."""

    control: Summary
    treatment: Summary
    cap: float
    capped: int


def winsorize(control: ArrayLike, treatment: ArrayLike, keep: float = 0.999) -> Winsorized:
    """Cap both arms at the same value: the ``keep`` quantile of all values together.

    One customer in a thousand can outweigh the rest. The cap is common, so that it cannot favor
    an arm, and it bounds what is compared: the capped mean, not the mean. Raises ValueError for
    NaN, for no values and for a quantile that is none.
    """
    arms = [as_column(control, "control"), as_column(treatment, "treatment")]
    if not is_number(keep) or not 0.5 <= keep <= 1:
        raise ValueError(f"keep is a quantile from 0.5 to 1, got {keep!r}")
    everything = np.concatenate(arms)
    if everything.size == 0:
        raise ValueError("there are no values in either arm")
    # "higher" takes a value that occurred: caps between two are made up.
    cap = float(np.quantile(everything, keep, method="higher"))
    summaries = [Summary.sample(np.minimum(arm, cap)) for arm in arms]
    return Winsorized(summaries[0], summaries[1], cap, int((everything > cap).sum()))
