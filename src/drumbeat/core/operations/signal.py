"""Signal: a metric beside what it usually is, and whether the difference is more than chance."""

import math
from collections.abc import Sequence
from statistics import median

from drumbeat.core.operations.diagnosis import Change

# Fewer days than this say nothing about what is usual.
LEAST_DAYS = 4
# Robust standard errors from which a difference counts as clear. Many signals are looked at every
# day and a day's luck has long tails, so one day must stand out more than several pooled.
_CLEAR_DAY = 3.3
_CLEAR_POOLED = 3.0
# The median absolute deviation of a normal distribution is 0.6745 standard deviations.
_MAD_TO_SIGMA = 1.4826


def change(
    now: float | None,
    usual: Sequence[float],
    source: str,
    *,
    least: float | None = None,
    span: int = 1,
) -> Change:
    """``now`` beside the median of ``usual``; ``now`` may be the mean of ``span`` days.

    The spread of a day is the larger of the days' own robust spread and ``least``, its error by
    counting alone (for a count, where none is given, the square root of the level: Poisson).
    Unknown, not flat, when there is too little to compare with.
    """
    if now is None or len(usual) < LEAST_DAYS or not all(map(math.isfinite, [now, *usual])):
        return Change(relative=None, is_clear=False, source=source)
    level = median(usual)
    if level <= 0:
        return Change(relative=None, is_clear=False, source=source)
    spread = _MAD_TO_SIGMA * median(abs(value - level) for value in usual)
    counting = math.sqrt(level) if level > 1 else 0.02 * level
    error = max(spread, counting if least is None else least, 0.01 * level) / math.sqrt(span)
    clear = _CLEAR_DAY if span == 1 else _CLEAR_POOLED
    return Change(
        relative=(now - level) / level, is_clear=abs(now - level) > clear * error, source=source
    )
