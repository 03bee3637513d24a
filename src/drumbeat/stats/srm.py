"""Sample-ratio mismatch: whether units were split over the arms as designed.

A split that is off means that something other than chance chose who saw what; whatever the arms
then show is not about the variants. A split can be even in total and broken every single day.
"""

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._numbers import as_array, as_list

THRESHOLD = 0.001
# Below this many expected units in an arm the chi-square tail is a guess and is not used.
_FEW = 10
# Above this not every whole number is a float.
_MOST = 2.0**53

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SrmResult:
    """``p_value`` of the designed split, corrected for every stratum that was looked at.

    ``worst`` is the label of the stratum that fits the design least; None without strata.
    """

    p_value: float
    worst: Hashable | None = None

    @property
    def mismatch(self) -> bool:
        """Whether the experiment must not be read (p below .001)."""
        return self.p_value < THRESHOLD


def check(counts: Any, expected: Any, by: Any = None) -> SrmResult:
    """Compare the units counted in each arm with the split that was designed.

    ``counts`` has a number per arm, as a sequence or a mapping from arm to number. ``expected``
    has the arms' shares, in any unit: (0.5, 0.5), (1, 1) and {"a": 90, "b": 10} all do. Where only
    one of them names the arms, the other is in the same order.

    ``by`` looks into days, segments, platforms as well. It is one of
    - a mapping from label to the counts of that stratum;
    - a mapping from dimension to such a mapping, whose labels then read "day: Monday";
    - a sequence of the counts of strata, whose labels then are 0, 1, 2, ...;
    - a sequence of labels, one per row of ``counts``, which then is a table of rows × arms; rows
      of the same label are added up;
    - the name of a dimension, where ``counts`` itself is a mapping from label to counts.
    In the last two of them the total is the sum of the rows. Strata without units are passed over.

    Chi-square (exact binomial where few units are expected). With strata, half of the error goes
    to the total and half to the strata together (Bonferroni). Raises ValueError for negative,
    broken or missing counts.
    """
    counts, expected = _named(counts), _named(expected)
    arms = _arms(counts, expected, by)
    shares = _shares(_row(expected, arms, "expected"))
    by = _by_position(counts, by)
    rows: dict[Hashable, Array] = {}
    for label, raw in _strata(counts, by):
        row = _row(raw, arms, str(label))
        _refuse_other_arms(row, shares)
        rows[label] = rows[label] + row if label in rows else row
    has_total = by is None or isinstance(by, Mapping)
    whole = _row(counts, arms, "counts") if has_total else np.sum(list(rows.values()), axis=0)
    total = _fit(np.atleast_1d(whole), shares)
    if math.isnan(total):
        raise ValueError("no units were counted in any arm, so there is no split to check")
    fits = {label: _fit(row, shares) for label, row in rows.items() if row.sum() > 0}
    if not fits:
        return SrmResult(total)
    worst = min(fits, key=lambda label: fits[label])
    return SrmResult(min(1.0, 2 * total, 2 * len(fits) * fits[worst]), worst)


def _named(row: Any) -> Any:
    """A data frame's series as the mapping it is: its order is often that of the sizes."""
    return row.to_dict() if hasattr(row, "to_dict") and row.ndim == 1 else row


def _arms(counts: Any, expected: Any, by: Any) -> list[Any] | None:
    """The names of the arms, as far as they have any."""
    if isinstance(by, str) and isinstance(counts, Mapping):
        counts = next(iter(counts.values()), None)
    named = expected if isinstance(expected, Mapping) else counts
    return list(named) if isinstance(named, Mapping) else None


def _by_position(counts: Any, by: Any) -> Any:
    """Strata without labels, where ``counts`` is the row of all: their position is the label."""
    if by is None or isinstance(by, Mapping | str):
        return by
    is_row = isinstance(counts, Mapping) or as_array(counts, "counts").ndim == 1
    rows = as_list(by, "by")
    are_counts = all(isinstance(row, Mapping | Sequence | np.ndarray) for row in rows)
    if not (is_row and rows and are_counts) or any(isinstance(row, str) for row in rows):
        return by
    return dict(enumerate(rows))


def _strata(counts: Any, by: Any) -> Iterator[tuple[Hashable, Any]]:
    if isinstance(by, Mapping):
        for label, row in by.items():
            if isinstance(row, Mapping) and not all(np.isscalar(value) for value in row.values()):
                yield from ((f"{label}: {inner}", counted) for inner, counted in row.items())
            else:
                yield label, row
    elif isinstance(by, str):
        if not isinstance(counts, Mapping):
            raise ValueError(f"by {by}: counts must be a mapping from {by} to counts")
        yield from counts.items()
    elif by is not None:
        by, counts = as_list(by, "by"), as_list(counts, "counts")
        if len(by) != len(counts) or not all(isinstance(label, Hashable) for label in by):
            raise ValueError(f"by: one label for each row of counts, got {shortened(by)}")
        yield from zip(by, counts, strict=True)


def _row(values: Any, arms: Sequence[Any] | None, where: str) -> Array:
    """One number per arm, in the order of ``expected``."""
    if isinstance(values, Mapping):
        if arms is None:
            named = ", ".join(map(str, values))
            raise ValueError(f"{where} names the arms ({named}): name them in expected as well")
        if not set(values) <= set(arms):
            raise ValueError(f"{where}: expected the arms {arms}, got {sorted(map(str, values))}")
        values = [values.get(arm, 0) for arm in arms]
    row = as_array(values, where)
    if row.ndim != 1 or not ((row >= 0) & (row <= _MOST)).all():
        raise ValueError(
            f"{where}: one number of 0 or more per arm is needed, got {shortened(values)}"
        )
    return row


def _shares(weights: Array) -> Array:
    if len(weights) < 2 or weights.sum() <= 0:
        raise ValueError(f"expected: at least two arms with a share, got {weights.tolist()}")
    shares: Array = weights / weights.sum()
    return shares


def _refuse_other_arms(row: Array, shares: Array) -> None:
    if len(row) != len(shares):
        raise ValueError(f"counts of {len(row)} arms do not fit {len(shares)} expected shares")


def _fit(row: Array, shares: Array) -> float:
    """The p-value of one row of counts under the shares; NaN without units."""
    _refuse_other_arms(row, shares)
    if (row != np.floor(row)).any():
        raise ValueError(f"counts are whole numbers of units, got {row.tolist()}")
    if (row[shares == 0] > 0).any():
        return 0.0
    row, shares = row[shares > 0], shares[shares > 0]
    units = row.sum()
    if units == 0 or len(row) < 2:
        return math.nan if units == 0 else 1.0
    return _exact(row, shares) if (units * shares).min() < _FEW else _chi_square(row, shares)


def _chi_square(row: Array, shares: Array) -> float:
    from scipy.special import chdtrc

    wanted = row.sum() * shares
    return float(chdtrc(len(row) - 1, ((row - wanted) ** 2 / wanted).sum()))


def _exact(row: Array, shares: Array) -> float:
    """Each arm against all the others, corrected for the number of arms (once for two)."""
    units = int(row.sum())
    tails = [_binomial(int(n), units, float(share)) for n, share in zip(row, shares, strict=True)]
    return float(min(1.0, min(tails) * (len(row) if len(row) > 2 else 1)))


def _binomial(hits: int, units: int, share: float) -> float:
    """The two-sided exact binomial test: the chance of all counts no likelier than ``hits``.

    From the special functions alone: scipy's own test is right as well, and its module takes a
    second to import.
    """
    from scipy.special import bdtr, bdtrc

    if share >= 1:
        return 1.0 if hits == units else 0.0
    centre = units * share
    if hits == centre:
        return 1.0
    if hits < centre:
        least = _first(lambda count: _is_no_likelier(count, hits, units, share), centre, units)
        return float(min(1.0, bdtr(hits, units, share) + bdtrc(least - 1, units, share)))
    most = units - _first(
        lambda count: _is_no_likelier(units - count, hits, units, share), units - centre, units
    )
    above, below = bdtrc(hits - 1, units, share), bdtr(most, units, share) if most >= 0 else 0.0
    return float(min(1.0, above + below))


def _is_no_likelier(count: int, than: int, units: int, share: float) -> bool:
    return _log_chance(count, units, share) <= _log_chance(than, units, share) + 1e-7


def _log_chance(count: int, units: int, share: float) -> float:
    """The binomial log-probability (by Stirling-safe log-gamma)."""
    ways = math.lgamma(units + 1) - math.lgamma(count + 1) - math.lgamma(units - count + 1)
    return ways + count * math.log(share) + (units - count) * math.log1p(-share)


def _first(holds: Callable[[int], bool], centre: float, units: int) -> int:
    """The first count from ``centre`` up for which it holds (it then holds for all above it);
    ``units`` + 1 where there is none."""
    low, high = math.ceil(centre), units + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
