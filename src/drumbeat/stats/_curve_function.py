"""A response curve given as a plain function of spend, read on a grid as any other curve is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._numbers import is_number

_STEPS = 600
_FLAT = 1e-9  # of the steepest step: rounding is no bend


@dataclass(frozen=True)
class FunctionCurve:
    """``function(spend)`` from zero to ``most``: slopes by differences, the turn where it last
    bends up. Raises ValueError where it answers no number, or falls."""

    name: str
    function: Callable[[float], Any]
    most: float

    def value(self, spend: float) -> float:
        found = self.function(spend)
        if np.size(found) != 1 or not is_number(one := np.asarray(found).item()):
            raise ValueError(
                f"the curve of {self.name!r} answers {found!r} at a spend of {spend:g}"
            )
        return float(one)

    def marginal(self, spend: float) -> float:
        step = max(self.most / _STEPS / 10, 1e-9)
        low = min(max(spend - step / 2, 0.0), max(self.most - step, 0.0))
        return (self.value(low + step) - self.value(low)) / step

    @cached_property
    def turn(self) -> float:
        spends = np.linspace(0.0, self.most, _STEPS + 1)
        rises = np.diff([self.value(float(one)) for one in spends])
        self._refuse_fall(rises, spends)
        bends = np.flatnonzero(np.diff(rises) > _FLAT * float(rises.max(initial=0.0)))
        return float(spends[bends[-1] + 2]) if len(bends) else 0.0

    def _refuse_fall(self, rises: Floats, spends: Floats) -> None:
        falls = np.flatnonzero(rises < -_FLAT * float(np.abs(rises).max(initial=0.0)))
        if len(falls):
            at = f"{spends[falls[0]]:g}"
            raise ValueError(f"the curve of {self.name!r} falls from a spend of {at} on")
