"""Luck: the numbers a column of things needs each hour, drawn a day at a time to save calls."""

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Hashes
from drumbeat.connectors.simulated.market.chance import Chance
from drumbeat.connectors.simulated.market.hours import DAY


class Luck:
    """``lanes`` numbers an hour for each unit, the same as ``Chance.lanes`` gives for the hour."""

    def __init__(self, chance: Chance, stream: str, units: Hashes, lanes: int) -> None:
        self._chance, self._stream, self._units, self._lanes = chance, stream, units, lanes
        self._day = -1
        self._table: Floats = np.zeros((0, lanes, len(units)))

    def at(self, hour: int) -> Floats:
        """One hour's numbers, one lane a row."""
        day, part = divmod(hour, DAY)
        if day != self._day:
            hours = day * DAY + np.arange(DAY, dtype=np.int64)[:, None]
            units = self._units[None, :]
            self._table = self._chance.lanes(self._stream, units, hours, self._lanes)
            self._day = day
        table: Floats = self._table[part]
        return table
