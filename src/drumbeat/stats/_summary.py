"""Summary: what one arm boils down to, the three numbers every comparison of means needs."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from drumbeat.stats._numbers import as_column, as_list, is_missing, is_number, require_numbers

# Below it, Welch's own errors stay within what his interval allows for.
_UNEVEN = 1.5


@runtime_checkable
class Measured(Protocol):
    """Units, their mean, and the variance of one of them."""

    @property
    def n(self) -> int: ...
    @property
    def mean(self) -> float: ...
    @property
    def variance(self) -> float: ...


@dataclass(frozen=True)
class Summary:
    """One arm: ``n`` units, their ``mean``, and the ``variance`` of one unit around it.

    For a proportion the variance is p(1-p). What too few units leave unknown (the mean of none,
    the variance of one) may be NaN or None and is kept as 0. Raises ValueError for a negative or
    broken ``n``, a negative variance, any other NaN, and infinities.
    """

    n: int
    mean: float
    variance: float

    def __post_init__(self) -> None:
        for field, least in (("mean", 1), ("variance", 2)):
            given = getattr(self, field)
            if is_number(self.n) and 0 <= self.n < least and is_missing(given):
                object.__setattr__(self, field, 0.0)
        named = {f"Summary.{field}": getattr(self, field) for field in ("n", "mean", "variance")}
        require_numbers(**named)
        if self.n < 0 or self.n != int(self.n):
            raise ValueError(f"Summary.n counts units: 0, 1, 2, ..., got {self.n!r}")
        if self.variance < 0:
            raise ValueError(f"Summary.variance cannot be negative, got {self.variance!r}")

    @classmethod
    def proportion(cls, successes: int, trials: int) -> "Summary":
        """An arm of yes-or-no units. Raises ValueError when successes exceed trials."""
        require_numbers(successes=successes, trials=trials)
        if not 0 <= successes <= trials:
            raise ValueError(f"expected 0 <= successes <= trials, got {successes} of {trials}")
        rate = successes / trials if trials else 0.0
        return cls(n=trials, mean=rate, variance=rate * (1 - rate))

    @classmethod
    def sample(cls, values: Iterable[float]) -> "Summary":
        """An arm of measured units (revenue, minutes); the variance is the unbiased one."""
        array = as_column(as_list(values, "values"), "values")
        if array.size < 2:
            return cls(n=array.size, mean=float(array.sum()), variance=0.0)
        return cls(n=array.size, mean=float(array.mean()), variance=float(array.var(ddof=1)))

    @property
    def is_proportion(self) -> bool:
        """Whether the units can only be 0 or 1: no others in [0, 1] vary as much as p(1-p)."""
        binary = self.mean * (1 - self.mean)
        slack = 1e-9 + binary * 1.5 / max(self.n, 1)
        return 0 <= self.mean <= 1 and abs(self.variance - binary) <= slack


def squared_errors(control: Summary, treatment: Summary) -> tuple[float, float]:
    """The variance of ``treatment.mean - control.mean``: for the test of no difference, and for
    how far the difference may reach beyond the one seen. NaN where nothing can be said.

    Proportions are tested with the pooled rate: a small arm without successes would look certain
    by its own variance. Differences far from 0 take the larger of both. Other means take what
    ``squared_error`` says, and both arms must have varied.
    """
    if min(control.n, treatment.n) < 2 or max(control.variance, treatment.variance) == 0:
        return math.nan, math.nan
    if control.is_proportion and treatment.is_proportion:
        separate = control.variance / control.n + treatment.variance / treatment.n
        units = control.n + treatment.n
        rate = (control.n * control.mean + treatment.n * treatment.mean) / units
        pooled = rate * (1 - rate) * (1 / control.n + 1 / treatment.n)
        return pooled, max(pooled, separate)
    if min(control.variance, treatment.variance) == 0:
        return math.nan, math.nan
    squared = squared_error(control, treatment)
    return squared, squared


def squared_error(one: Measured, other: Measured) -> float:
    """The squared error of a difference of means: Welch's, or the pooled one where it is larger and
    units vary by far more than their mean, as revenue does of which few buyers bring most.

    A small arm that by chance lacks such units has a low mean and a low variance as well: by its
    own it would look certain to bring less. Equal arms are not touched, there both are the same.
    """
    welch = one.variance / one.n + other.variance / other.n
    units = one.n + other.n
    variance = (one.n * one.variance + other.n * other.variance) / units
    mean = (one.n * one.mean + other.n * other.mean) / units
    return (
        max(welch, variance * (1 / one.n + 1 / other.n))
        if variance > (_UNEVEN * mean) ** 2
        else welch
    )


def welch_freedom(control: Summary, treatment: Summary) -> float:
    """Welch and Satterthwaite's degrees of freedom of a difference; both arms have varied."""
    parts = [(arm.variance / arm.n, arm.n - 1) for arm in (control, treatment)]
    total = sum(part for part, _ in parts)
    return 1 / sum((part / total) ** 2 / freedom for part, freedom in parts)
