"""Numbers to pixels and to short texts, and where a column of them breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

Numbers = Sequence[float | None]


@dataclass(frozen=True)
class Scale:
    """A straight mapping of numbers to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, number: float) -> str:
        span = self.high - self.low
        share = (number - self.low) / span if span > 0 else 0.5
        return f"{self.start + share * (self.end - self.start):.1f}"


def widened(low: float, high: float) -> tuple[float, float]:
    """Room around the extremes; a flat line stands in the middle."""
    room = 0.05 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - room, high + room


def is_number(*numbers: float | None) -> bool:
    return all(one is not None and isfinite(one) for one in numbers)


def runs(columns: Sequence[Numbers]) -> list[list[int]]:
    """Unbroken stretches of positions at which every column has a number."""
    runs: list[list[int]] = [[]]
    for at in range(len(columns[0])):
        if is_number(*(column[at] for column in columns)):
            runs[-1].append(at)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def joined(column: Numbers, run: Sequence[int], x: Scale, y: Scale) -> str:
    return " ".join(f"{x(at)},{y(column[at] or 0.0)}" for at in run)


def short(number: float) -> str:
    """A number as a tick says it: 12.3k, 4.5M, 0.02."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"
