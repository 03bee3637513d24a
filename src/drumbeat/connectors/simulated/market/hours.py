"""Hours: the market's clock, whole hours counted from the Unix epoch, with their local time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Ints
from drumbeat.core.units import aware

WEEK = 168
DAY = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 672


def hour_of(moment: datetime) -> float:
    """Hours since the epoch, with a fraction. Raises ValueError for a time without a zone."""
    return (aware(moment) - _EPOCH) / timedelta(hours=1)


def moment_of(hour: float) -> datetime:
    """The UTC time of an hour, rounded to the second."""
    return _EPOCH + timedelta(seconds=round(hour * 3600))


class Almanac:
    """The local clock and calendar of every hour, worked out once and kept."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._chunks: dict[int, Ints] = {}

    def local(self, hours: Ints) -> Ints:
        """Columns hour of day, weekday (Monday 0), day of year, day number, one row an hour."""
        first, last = int(hours.min()) // _CHUNK, int(hours.max()) // _CHUNK
        table = [self._chunk(index) for index in range(first, last + 1)]
        joined = table[0] if len(table) == 1 else np.concatenate(table)
        rows: Ints = joined[hours - first * _CHUNK]
        return rows

    def at(self, hour: int) -> tuple[int, int, int, int]:
        """The same four numbers for one hour."""
        row = self._chunk(hour // _CHUNK)[hour % _CHUNK]
        return int(row[0]), int(row[1]), int(row[2]), int(row[3])

    def midnight(self, hour: int) -> datetime:
        """The start, in local time, of the day an hour belongs to."""
        local = moment_of(hour).astimezone(self._zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    def _chunk(self, index: int) -> Ints:
        if index not in self._chunks:
            hours = range(index * _CHUNK, (index + 1) * _CHUNK)
            self._chunks[index] = np.array([self._row(hour) for hour in hours], dtype=np.int64)
        return self._chunks[index]

    def _row(self, hour: int) -> tuple[int, int, int, int]:
        local = moment_of(hour).astimezone(self._zone)
        day = local.date()
        return local.hour, day.weekday(), day.timetuple().tm_yday, day.toordinal()
