"""Season: how much people want to buy, hour by hour, before anybody markets anything."""

from dataclasses import dataclass

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Ints
from drumbeat.connectors.simulated.market.chance import Chance
from drumbeat.connectors.simulated.market.hours import Almanac
from drumbeat.connectors.simulated.market.incident import Effects, IncidentKind

# Share of a day's activity in each local hour; adds up to 24.
_RHYTHM = np.array(
    [8, 5, 3, 2, 2, 4, 12, 24, 34, 40, 42, 42, 46, 44, 40, 40, 42, 46, 52, 60, 64, 58, 40, 20]
)
RHYTHM: Floats = _RHYTHM * 24.0 / _RHYTHM.sum()
WEEKDAY: Floats = np.array([1.04, 1.05, 1.03, 1.01, 0.95, 0.90, 1.02])
# Day of year, breadth in days, change of demand: new year, spring, summer, black week, gifts, end.
_HOLIDAYS = (
    (3, 6.0, -0.15),
    (95, 8.0, 0.08),
    (215, 24.0, -0.10),
    (331, 4.0, 0.45),
    (346, 7.0, 0.25),
    (361, 4.0, -0.40),
)


@dataclass(frozen=True)
class Moment:
    """One hour: ``mood`` is demand without the time of day, ``demand`` with it."""

    mood: float
    demand: float


class Season:
    """Demand over time: clock, weekday, holidays, slow drift and the scenario's own seasons."""

    def __init__(self, chance: Chance, almanac: Almanac, effects: Effects, holiday: float) -> None:
        self._chance = chance
        self._almanac = almanac
        self._effects = effects
        year = np.arange(1, 367, dtype=np.float64)
        bumps = sum(lift * _bump(year, day, breadth) for day, breadth, lift in _HOLIDAYS)
        self._year: Floats = 1.0 + holiday * np.asarray(bumps)
        self._moments: dict[int, Moment] = {}

    def now(self, hour: int) -> Moment:
        """One hour's demand; a day is worked out at once and kept."""
        if hour not in self._moments:
            hours = np.arange(hour, hour + 24, dtype=np.int64)
            for each, mood, demand in zip(hours, self.mood(hours), self.demand(hours), strict=True):
                self._moments[int(each)] = Moment(float(mood), float(demand))
        return self._moments[hour]

    def demand(self, hours: Ints) -> Floats:
        """Demand relative to an average hour, one number an hour."""
        local = self._almanac.local(hours)
        return RHYTHM[local[:, 0]] * self.mood(hours)

    def mood(self, hours: Ints) -> Floats:
        """Demand without the time of day: what multiplies responses everywhere."""
        local = self._almanac.local(hours)
        shift = self._effects.total(IncidentKind.SEASONALITY, hours)
        base = WEEKDAY[local[:, 1]] * self._year[local[:, 2] - 1]
        return np.maximum(base * self._drift(local[:, 3]) * (1.0 + shift), 0.02)

    def _drift(self, days: Ints) -> Floats:
        # A new level each fortnight, reached in a straight line: slow enough to be forecast.
        period, part = np.divmod(days, 14)
        here = self._chance.normal("drift", period)
        there = self._chance.normal("drift", period + 1)
        return np.exp(0.03 * (here + (there - here) * part / 14.0))


def _bump(year: Floats, day: int, breadth: float) -> Floats:
    distance = np.minimum(np.abs(year - day), 365.0 - np.abs(year - day))
    return np.exp(-0.5 * (distance / breadth) ** 2)
