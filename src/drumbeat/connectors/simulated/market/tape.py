"""Tape: rows of what happened, in order of the hour that caused them; only its end is ever cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Rows


class Tape:
    """A growing structured array whose first field is ``hour``, never decreasing."""

    def __init__(self, dtype: np.dtype[np.void]) -> None:
        self._rows: Rows = np.zeros(64, dtype=dtype)
        self._length = 0

    @property
    def rows(self) -> Rows:
        """All rows so far (a view: do not write)."""
        return self._rows[: self._length]

    def append(self, chunk: Rows) -> None:
        """Add rows at the end."""
        needed = self._length + len(chunk)
        if needed > len(self._rows):
            grown = np.zeros(max(needed, 2 * len(self._rows)), dtype=self._rows.dtype)
            grown[: self._length] = self.rows
            self._rows = grown
        self._rows[self._length : needed] = chunk
        self._length = needed

    def copy(self) -> Tape:
        """A tape with the same rows."""
        twin = Tape(self._rows.dtype)
        twin.append(self.rows)
        return twin

    def between(self, since: float, until: float) -> Rows:
        """The rows caused from ``since`` up to before ``until``."""
        first, last = np.searchsorted(self.rows["hour"], [since, until])
        return self.rows[first:last]

    def cut(self, hour: int) -> None:
        """Forget what was caused at ``hour`` or later."""
        self._length = int(np.searchsorted(self.rows["hour"], hour))


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
