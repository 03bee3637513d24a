"""Overrun: the confidence sequence that takes over once an experiment outgrows its plan."""

import math

# The spread of true effects, in standard errors at the planned size, for which the sequence is
# sharpest; 3 makes it so at about one and a half times the plan.
_SPREAD = 3.0


def overrun_boundary(fraction: float, alpha: float, last: float) -> float:
    """|z| at ``fraction`` > 1 of the planned size, good for every moment past it together.

    A normal mixture martingale (Robbins 1970) M(t) = exp(r²W²/2(1+r²t))/√(1+r²t) started where
    the plan ends. Paths outside ±``last`` at t = 1 were decided and paid for by the plan, so by
    Ville's inequality the others reach c with chance at most E[M(1); |W(1)| < last]/c, and under
    the mixture that expectation is the chance of a N(0, 1+r²) to fall within ±last.
    """
    from scipy.special import ndtr

    ratio = _SPREAD**2
    undecided = 2 * float(ndtr(last / math.sqrt(1 + ratio))) - 1
    level = 2 * math.log(undecided / alpha) + math.log1p(ratio * fraction)
    return math.sqrt((1 + 1 / (ratio * fraction)) * level)
