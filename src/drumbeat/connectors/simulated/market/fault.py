"""Faults: how calls to the platform go wrong, by a plan that a seed decides."""

from enum import StrEnum

import numpy as np
from pydantic import Field

from drumbeat.connectors.simulated.market.chance import Chance, unit
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class Fault(StrEnum):
    """What happens to a call. Those ``after_commit`` have been carried out all the same."""

    TIMEOUT_BEFORE_COMMIT = "timeout_before_commit"
    TIMEOUT_AFTER_COMMIT = "timeout_after_commit"
    ERROR_AFTER_COMMIT = "error_after_commit"
    RATE_LIMIT = "rate_limit"


class FaultRates(Noun):
    """The share of calls each fault hits; ``look_up_lag``: how long look-ups trail behind."""

    timeout_before_commit: float = Field(default=0.0, ge=0.0, le=1.0)
    timeout_after_commit: float = Field(default=0.0, ge=0.0, le=1.0)
    error_after_commit: float = Field(default=0.0, ge=0.0, le=1.0)
    rate_limit: float = Field(default=0.0, ge=0.0, le=1.0)
    look_up_lag: Duration = Field(default="0s", validate_default=True)
    latency_seconds: float = Field(default=0.0, ge=0.0)


class FaultPlan:
    """Which attempts at which keys go wrong: the same for a seed, in whatever order they come."""

    def __init__(self, rates: FaultRates, seed: int) -> None:
        self.rates = rates
        self._chance = Chance(seed)
        self._attempts: dict[str, int] = {}

    def next(self, key: str) -> Fault | None:
        """What befalls the next attempt at a key."""
        attempt = self._attempts.get(key, 0)
        self._attempts[key] = attempt + 1
        luck = float(self._luck("fault", key, attempt))
        for fault in Fault:
            luck -= getattr(self.rates, fault.value)
            if luck < 0.0:
                return fault
        return None

    def latency(self, key: str) -> float:
        """Virtual seconds the last attempt at a key took: exponential around the mean."""
        luck = self._luck("latency", key, self._attempts.get(key, 0))
        return float(-np.log(luck) * self.rates.latency_seconds)

    def _luck(self, stream: str, key: str, attempt: int) -> np.float64:
        here = np.array([unit(key)], dtype=np.uint64)
        luck: np.float64 = self._chance.uniform(stream, here, attempt)[0]
        return luck
