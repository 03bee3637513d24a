"""Tape: rows of what happened, in order of the hour that caused them; only its end is ever cut."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Ints, Rows


class Tape:
    """A growing structured array whose first field is ``hour``, never decreasing."""

    def __init__(self, dtype: np.dtype[np.void]) -> None:
        self._rows: Rows = np.zeros(64, dtype=dtype)
        # Once more by itself: searching a column of a structured array copies all of it first.
        self._hours: Ints = np.zeros(64, dtype=np.int64)
        self._length = 0

    @property
    def rows(self) -> Rows:
        """All rows so far (a view: do not write)."""
        return self._rows[: self._length]

    def append(self, chunk: Rows) -> None:
        """Add rows at the end."""
        needed = self._length + len(chunk)
        if needed > len(self._rows):
            self._grow(max(needed, 2 * len(self._rows)))
        self._rows[self._length : needed] = chunk
        self._hours[self._length : needed] = chunk["hour"]
        self._length = needed

    def _grow(self, size: int) -> None:
        rows, hours = np.zeros(size, dtype=self._rows.dtype), np.zeros(size, dtype=np.int64)
        rows[: self._length] = self.rows
        hours[: self._length] = self._hours[: self._length]
        self._rows, self._hours = rows, hours

    def copy(self) -> Tape:
        """A tape with the same rows."""
        twin = Tape(self._rows.dtype)
        twin.append(self.rows)
        return twin

    def between(self, since: float, until: float) -> Rows:
        """The rows caused from ``since`` up to before ``until``."""
        # Whole numbers: to compare hours with others, all of them would be turned into such first.
        ends = np.array([math.ceil(since), math.ceil(until)])
        first, last = self._hours[: self._length].searchsorted(ends)
        return self.rows[first:last]

    def cut(self, hour: int) -> None:
        """Forget what was caused at ``hour`` or later."""
        self._length = int(np.searchsorted(self._hours[: self._length], hour))


def table(**columns: str) -> np.dtype[np.void]:
    """The row type of a tape: its hour, then these columns."""
    return np.dtype([("hour", "i8"), *columns.items()])


def joined(dtype: np.dtype[np.void], parts: Sequence[Rows]) -> Rows:
    """The parts one after the other (numpy's own way works out the row type for every part)."""
    rows: Rows = np.empty(sum(map(len, parts)), dtype=dtype)
    end = 0
    for part in parts:
        begin, end = end, end + len(part)
        rows[begin:end] = part
    return rows
