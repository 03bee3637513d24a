"""The plan of a sequential test: its looks, and how large |z| must be at each of them."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from reprlib import repr as shortened
from typing import Any

from drumbeat.stats._boundaries import boundaries
from drumbeat.stats._numbers import as_column, is_number, require_chance, require_numbers
from drumbeat.stats._overrun import overrun_boundary
from drumbeat.stats._spending import Spending

# Kept for the time after the plan; a larger share would cost power within it.
_OVERRUN_SHARE = 0.03
# Looks closer than this share the boundary of the one before: finer steps change nothing.
_CLOSEST = 0.01
_MOST_LOOKS = 100_000


@dataclass(frozen=True)
class SequentialDesign:
    """The plan of a two-sided comparison, fixed before the first unit arrives.

    ``alpha`` is the chance of any wrong decision between equal arms, over all reads, also past
    the plan. ``max_n`` counts the units of both arms together. ``looks`` is a number of equally
    spaced looks or their rising fractions of ``max_n`` (the end, 1, is added where missing).
    ``overshoot`` is the share of ``max_n`` that a last batch may run over while still judged at
    the last boundary; it costs a little power. Raises ValueError for a plan that is none.
    """

    alpha: float
    max_n: int
    looks: int | Sequence[float] = 20
    spending: Spending | str = Spending.POWER
    overshoot: float = 0.0

    def __post_init__(self) -> None:
        require_chance(alpha=self.alpha)
        if not is_number(self.max_n) or self.max_n < 4 or self.max_n != int(self.max_n):
            raise ValueError(f"max_n counts units, at least 2 an arm, got {self.max_n!r}")
        if not is_number(self.overshoot) or not 0 <= self.overshoot <= 1:
            raise ValueError(f"overshoot is a share of max_n, got {self.overshoot!r}")
        object.__setattr__(self, "looks", _known_looks(self.looks))
        object.__setattr__(self, "spending", Spending.named(self.spending))

    @cached_property
    def fractions(self) -> tuple[float, ...]:
        """The share of ``max_n`` at each look."""
        if isinstance(self.looks, int):
            return tuple((look + 1) / self.looks for look in range(self.looks))
        return tuple(self.looks)

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """|z| at each look; infinite where the look cannot decide."""
        steps = _apart(self.fractions)
        alpha = self.alpha * (1 - _OVERRUN_SHARE)
        spending = Spending(self.spending)
        solved = (math.inf, *boundaries(steps, alpha, spending, overshoot=self.overshoot))
        return tuple(solved[bisect_right(steps, fraction)] for fraction in self.fractions)

    def look_at(self, n: int) -> int:
        """How many looks are due when ``n`` units of both arms are in; 0 before the first."""
        require_numbers(n=n)
        due = [2 * math.floor(fraction * self.max_n / 2 + 1e-9) for fraction in self.fractions]
        return bisect_right(due, n)

    def bound_at(self, n: int) -> float:
        """|z| that decides when ``n`` units of both arms are in; infinite before the first look."""
        require_numbers(n=n)
        if n > self.max_n * (1 + self.overshoot):
            share = self.alpha * _OVERRUN_SHARE
            return overrun_boundary(n / self.max_n, share, self.bounds[-1])
        look = self.look_at(n)
        return self.bounds[look - 1] if look else math.inf


def _known_looks(looks: Any) -> int | tuple[float, ...]:
    if is_number(looks) and looks == int(looks):
        if not 1 <= looks <= _MOST_LOOKS:
            raise ValueError(f"looks: from one to {_MOST_LOOKS}, got {looks!r}")
        return int(looks)
    if not hasattr(looks, "__len__") or isinstance(looks, str | bytes):
        raise ValueError(f"looks: a whole number or fractions that rise to 1, got {looks!r}")
    fractions = tuple(float(fraction) for fraction in as_column(looks, "looks"))
    rising = all(a < b for a, b in zip((0.0, *fractions), fractions, strict=False))
    if not fractions or not rising or fractions[-1] > 1:
        raise ValueError(
            "looks: their number, or fractions of max_n that rise from above 0 to 1, got "
            f"{shortened(list(fractions))}"
        )
    return fractions if fractions[-1] == 1 else (*fractions, 1.0)


def _apart(fractions: tuple[float, ...]) -> tuple[float, ...]:
    """The looks whose boundaries are solved for: the end, and back from it no two too close."""
    kept = [1.0]
    for fraction in reversed(fractions[:-1]):
        if kept[-1] - fraction >= _CLOSEST - 1e-9:
            kept.append(fraction)
    return tuple(reversed(kept))
