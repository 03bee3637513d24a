"""The clock of a series: how far it has come and how many points make a day."""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

DAY_SECONDS = 86_400.0
_GAPS_KEPT = 15
_MEMORY_DAYS = 60.0
_MEMORY_MOST = 5000.0


@dataclass(slots=True)
class Pace:
    """The latest timestamp and the median of the last steps forward, in seconds.

    The clock never goes back: a late or repeated timestamp leaves it where it is.
    """

    clock: float = -math.inf
    step: float = 3600.0
    _gaps: deque[float] = field(default_factory=lambda: deque(maxlen=_GAPS_KEPT))

    @property
    def points_per_day(self) -> float:
        """Usual points in a day; below 1 for a series slower than daily."""
        return DAY_SECONDS / self.step

    @property
    def memory_points(self) -> float:
        """How many points the slow statistics look back: two months, at most 5,000 points."""
        return max(_MEMORY_DAYS, min(_MEMORY_MOST, _MEMORY_DAYS * self.points_per_day))

    def tick(self, timestamp: datetime) -> None:
        """Move to `timestamp`; a naive one is read as UTC."""
        aware = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
        now = aware.timestamp()
        gap = now - self.clock
        if gap <= 0.0:
            return
        if math.isfinite(gap):
            self._gaps.append(gap)
            self.step = sorted(self._gaps)[len(self._gaps) // 2]
        self.clock = now
