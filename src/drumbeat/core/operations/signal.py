"""Signal: a metric beside what it usually is, and whether the difference is more than chance."""

import math
from collections.abc import Sequence
from statistics import median

from drumbeat.core.operations.change import Change

# Fewer days than this say nothing about what is usual.
LEAST_DAYS = 4
# From so many on, what is usual is known as well as it gets.
SETTLED_DAYS = 28
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
    settled: int = SETTLED_DAYS,
) -> Change:
    """``now`` beside the median of ``usual``; ``now`` may be the mean of ``span`` days.

    The spread of a day is the larger of the days' own robust spread and ``least``, its error by
    counting alone (for a count, where none is given, the square root of the level: Poisson). With
    fewer than ``settled`` values what is usual is less sure, and a difference must be larger.
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
    clear *= max(_doubt(len(usual), span, clear) / _doubt(settled, span, clear), 1.0)
    return Change(
        relative=(now - level) / level, is_clear=abs(now - level) > clear * error, source=source
    )


def _doubt(count: int, span: int, clear: float) -> float:
    """What knowing the usual from so few values adds to an error: the median's own (pi/2 of a
    value's variance, shared by ``count``), and that of a spread estimated with it (the t quantile
    beside the normal one, to first order in 1/count)."""
    of_level = math.sqrt(1.0 / span + math.pi / 2.0 / count)
    return of_level * (1.0 + (clear**2 + 1.0) / (4.0 * (count - 1)))
