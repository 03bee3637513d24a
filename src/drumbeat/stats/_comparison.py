"""Comparison: two arms read once, at a size fixed beforehand, and what that may be called."""

import math
from dataclasses import dataclass
from enum import StrEnum

from drumbeat.stats._numbers import require_chance


class Verdict(StrEnum):
    """Where the treatment's mean lies next to the control's; not knowing is an answer."""

    HIGHER = "higher"
    LOWER = "lower"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Comparison:
    """``effect`` is treatment mean minus control mean; ``low`` to ``high`` its interval.

    ``p_value`` is two-sided. NaN effect and p-value and an infinite interval say "unknown".
    """

    verdict: Verdict
    effect: float
    low: float
    high: float
    p_value: float


UNKNOWN = Comparison(Verdict.CANNOT_TELL, math.nan, -math.inf, math.inf, math.nan)


def judged(effect: float, low: float, high: float, p_value: float, alpha: float) -> Comparison:
    """Higher or lower only where the interval and the p-value both say so."""
    verdict = Verdict.CANNOT_TELL
    if p_value < alpha and not low <= 0 <= high:
        verdict = Verdict.HIGHER if effect > 0 else Verdict.LOWER
    return Comparison(verdict, effect, low, high, p_value)


def two_sided_quantile(alpha: float) -> float:
    """The z that a standard normal exceeds in size with chance ``alpha``."""
    from scipy.special import ndtri

    require_chance(alpha=alpha)
    return -float(ndtri(alpha / 2))
