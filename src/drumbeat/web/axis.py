"""Axis: round numbers to stand beside a chart."""

import math


def ticks(low: float, high: float, wanted: int = 5) -> tuple[float, ...]:
    """Round values (1, 2 or 5 times a power of ten apart) that cover low to high."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return (low, low + 1)
    step = _round_step((high - low) / max(1, wanted))
    first = math.floor(low / step)
    last = math.ceil(high / step)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


def _round_step(rough: float) -> float:
    size: float = 10.0 ** math.floor(math.log10(rough))
    return next(factor * size for factor in (1, 2, 5, 10) if factor * size >= rough)
