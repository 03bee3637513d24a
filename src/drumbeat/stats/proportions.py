"""Proportions: two shares compared once, down to a handful of successes."""

import math
from collections.abc import Sequence
from reprlib import repr as shortened
from typing import Any

from drumbeat.stats._comparison import UNKNOWN, Comparison, Verdict, judged, two_sided_quantile
from drumbeat.stats._numbers import require_numbers

__all__ = ["Comparison", "Verdict", "compare", "wilson"]

# Below this many expected successes or failures in an arm the exact test is used.
_FEW = 10

# More than anybody counts, and sums of it are still exact.
_MOST = 2**53

Counts = tuple[int, int]


def wilson(successes: int, trials: int, alpha: float = 0.05) -> tuple[float, float]:
    """Wilson's score interval (1927) of one share; (0, 1) when nothing was tried."""
    _check(successes, trials)
    z = two_sided_quantile(alpha)
    if trials == 0:
        return 0.0, 1.0
    rate = successes / trials
    middle = rate + z**2 / (2 * trials)
    reach = z * math.sqrt((rate * (1 - rate) + z**2 / (4 * trials)) / trials)
    scale = 1 + z**2 / trials
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def compare(control: Counts, treatment: Counts, alpha: float = 0.05) -> Comparison:
    """Compare (successes, trials) of two arms at a size fixed beforehand.

    Newcombe's hybrid score interval (1998, method 10); the p-value is the pooled z-test's, with
    few expected successes Fisher's. Cannot tell while an arm is empty.
    """
    _check(*_pair(control, "control"))
    _check(*_pair(treatment, "treatment"))
    two_sided_quantile(alpha)
    if not control[1] or not treatment[1]:
        return UNKNOWN
    effect = treatment[0] / treatment[1] - control[0] / control[1]
    low, high = _newcombe(control, treatment, alpha)
    return judged(effect, low, high, _p_value(control, treatment), alpha)


def _pair(counts: Any, arm: str) -> Counts:
    if not isinstance(counts, Sequence) or len(counts) != 2:
        raise ValueError(f"{arm} must be (successes, trials), got {shortened(counts)}")
    return counts[0], counts[1]


def _check(successes: int, trials: int) -> None:
    require_numbers(successes=successes, trials=trials)
    whole = all(count == int(count) for count in (successes, trials))
    if not whole or not 0 <= successes <= trials <= _MOST:
        raise ValueError(f"expected 0 <= successes <= trials, got {successes} of {trials}")


def _newcombe(control: Counts, treatment: Counts, alpha: float) -> tuple[float, float]:
    a, b = control[0] / control[1], treatment[0] / treatment[1]
    (a_low, a_high), (b_low, b_high) = wilson(*control, alpha), wilson(*treatment, alpha)
    low = b - a - math.hypot(b - b_low, a_high - a)
    high = b - a + math.hypot(b_high - b, a - a_low)
    return max(-1.0, low), min(1.0, high)


def _p_value(control: Counts, treatment: Counts) -> float:
    from scipy.special import ndtr

    trials = control[1] + treatment[1]
    rate = (control[0] + treatment[0]) / trials
    if min(rate, 1 - rate) * min(control[1], treatment[1]) < _FEW:
        return _fisher(control, treatment)
    spread = rate * (1 - rate) * (1 / control[1] + 1 / treatment[1])
    difference = treatment[0] / treatment[1] - control[0] / control[1]
    return float(2 * ndtr(-abs(difference) / math.sqrt(spread)))


def _fisher(control: Counts, treatment: Counts) -> float:
    import numpy as np
    from scipy.stats import fisher_exact

    table = np.array([[hits, trials - hits] for hits, trials in (control, treatment)])
    return float(fisher_exact(table).pvalue)
