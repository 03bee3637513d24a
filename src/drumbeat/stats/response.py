"""Response curves: what steady spend a period brings in, and what one more unit would.

Spend and response are plain numbers a period (a day, a week), in one currency and unit each; the
curves do not know which. Every curve is zero at zero and never falls. ``adstock`` turns spend into
the smoothed pressure that lingering advertising exerts, scaled so that steady spend is unchanged;
a curve fitted on it therefore reads directly as the response to steady spend.
"""

from dataclasses import dataclass
from math import exp, inf, log, log1p
from typing import Protocol, runtime_checkable

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._numbers import as_column, is_number

_FARTHEST = 700.0  # the largest exponent of a float


@runtime_checkable
class Curve(Protocol):
    """Response a period to ``spend`` a period; ``turn`` is the spend from which it is concave."""

    @property
    def turn(self) -> float:
        """Spend a period; 0 where the curve is concave from the start."""
        ...

    def value(self, spend: float) -> float:
        """The response a period to steady ``spend`` a period."""
        ...

    def marginal(self, spend: float) -> float:
        """The response one more unit of spend adds: the derivative at ``spend``."""
        ...


@dataclass(frozen=True)
class Logarithmic:
    """scale * log(1 + spend / unit): ever less, never nothing."""

    scale: float
    unit: float
    turn: float = 0.0

    def __post_init__(self) -> None:
        _positive(self, "unit")

    def value(self, spend: float) -> float:
        return self.scale * log1p(spend / self.unit)

    def marginal(self, spend: float) -> float:
        return self.scale / (self.unit + spend)


@dataclass(frozen=True)
class Power:
    """scale * spend ** exponent with 0 < exponent < 1: a constant elasticity."""

    scale: float
    exponent: float
    turn: float = 0.0

    def __post_init__(self) -> None:
        _positive(self, "exponent")
        if self.exponent >= 1:
            raise ValueError(f"Power.exponent must be below 1 for less and less, got {self!r}")

    def value(self, spend: float) -> float:
        return float(self.scale * spend**self.exponent)

    def marginal(self, spend: float) -> float:
        if spend == 0:
            return inf if self.scale else 0.0
        return float(self.scale * self.exponent * spend ** (self.exponent - 1))


@dataclass(frozen=True)
class Hill:
    """scale * spend^slope / (half^slope + spend^slope): up to ``scale``, half of it at ``half``.

    Slope 1 is Michaelis and Menten's concave curve; above 1 it is S-shaped: too little spend is
    wasted (Hill 1910).
    """

    scale: float
    half: float
    slope: float = 1.0

    def __post_init__(self) -> None:
        _positive(self, "half")
        if not is_number(self.slope) or self.slope < 1:
            raise ValueError(f"Hill.slope must be 1 or more, got {self!r}")

    @property
    def turn(self) -> float:
        """The inflection point, half * ((slope - 1) / (slope + 1)) ** (1 / slope): where the second
        derivative by spend is zero."""
        return float(self.half * ((self.slope - 1) / (self.slope + 1)) ** (1 / self.slope))

    def value(self, spend: float) -> float:
        return self.scale * self._share(spend)

    def marginal(self, spend: float) -> float:
        share = self._share(spend)
        if share == 0:
            return self.scale / self.half if self.slope == 1 else 0.0
        return self.scale * self.slope / spend * share * (1 - share)

    def _share(self, spend: float) -> float:
        """The part of ``scale`` reached: a logistic curve of log spend, far out as well."""
        if spend <= 0:
            return 0.0
        return 1 / (1 + exp(min(-self.slope * log(spend / self.half), _FARTHEST)))


def values(curve: Curve, spend: Floats) -> Floats:
    """``curve.value`` of each entry, at array speed for the curves of this module."""
    match curve:
        case Logarithmic(scale=scale, unit=unit):
            return np.asarray(scale * np.log1p(spend / unit))
        case Power(scale=scale, exponent=exponent):
            return np.asarray(scale * spend**exponent)
        case Hill(scale=scale, half=half, slope=slope):
            ratio = (spend / half) ** slope
            return np.asarray(scale * ratio / (1 + ratio))
        case _:
            return np.array([curve.value(float(one)) for one in spend])


def _positive(curve: "Logarithmic | Power | Hill", shape: str) -> None:
    if not (is_number(getattr(curve, shape)) and getattr(curve, shape) > 0):
        raise ValueError(f"{type(curve).__name__}.{shape} must be above zero, got {curve!r}")
    if not (is_number(curve.scale) and curve.scale >= 0):
        raise ValueError(f"{type(curve).__name__}.scale cannot be negative, got {curve!r}")


def adstock(spend: Floats, keep: float) -> Floats:
    """Spend smoothed so that ``keep`` of its pressure is still felt a period later.

    Scaled by 1 - keep: steady spend stays as it is. The past before the first entry is taken to
    be like the first four weeks. Raises ValueError for a share outside [0, 1).
    """
    if not is_number(keep) or not 0 <= keep < 1:
        raise ValueError(f"keep is a share from 0 to below 1, got {keep!r}")
    spend = as_column(spend, "spend")
    if keep == 0 or not len(spend):
        return spend
    reach = min(len(spend), int(log(1e-6) / log(keep)) + 1)
    shares = (1 - keep) * keep ** np.arange(reach)
    before = np.full(reach, float(spend[:28].mean()))
    felt = np.convolve(np.append(before, spend), shares)[reach : reach + len(spend)]
    return np.asarray(felt / shares.sum())
