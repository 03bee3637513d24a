"""The shapes tried on one channel's history: each by least squares, ranked by likelihood."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._identification import rest
from drumbeat.stats.response import Curve, Hill, Logarithmic, Power, adstock, values

_KEEPS = (0.0, 0.3, 0.5, 0.7, 0.85)


@dataclass(frozen=True)
class Shape:
    """A curve of scale one on adstocked spend, and how it fits."""

    curve: Curve
    keep: float
    scale: float
    error: float
    misfit: float  # -2 log likelihood, up to a constant


def shapes_of(spend: Floats, response: Floats, design: Floats) -> list[Shape]:
    """All shapes tried: a wide grid, then a finer one around the best of it."""
    left, usual, most = rest(response, design), float(spend.mean()), float(spend.max())
    first = [one for one in _wide(usual) if _is_seen(one, most)]
    wide = [_Tried.of(spend, left, design, keep, first) for keep in _KEEPS]
    best = min(wide, key=lambda one: float(one.misses.min()))
    near = [one for one in _near(best.curves[int(best.misses.argmin())]) if _is_seen(one, most)]
    keeps = {min(max(best.keep + step, 0.0), 0.95) for step in (-0.1, -0.05, 0.0, 0.05, 0.1)}
    fine = [_Tried.of(spend, left, design, keep, near) for keep in sorted(keeps)]
    return _weighed([*wide, *fine], left)


def _wide(usual: float) -> Iterator[Curve]:
    for size in usual * np.geomspace(0.1, 10, 13):
        yield Logarithmic(1.0, float(size))
        yield from (Hill(1.0, float(size), slope) for slope in (1.0, 1.5, 2.0, 3.0, 4.0))
    yield from (Power(1.0, float(exponent)) for exponent in np.arange(0.1, 0.96, 0.1))


def _is_seen(curve: Curve, most: float) -> bool:
    """Whether spend ever came to where an S bends down. One that only rose would promise ever
    more for money that nobody ever spent."""
    return not (isinstance(curve, Hill) and curve.slope > 1 and curve.half > most)


def _near(best: Curve) -> Iterator[Curve]:
    around = np.geomspace(0.7, 1.43, 9)
    match best:
        case Logarithmic(unit=unit):
            yield from (Logarithmic(1.0, float(unit * one)) for one in around)
        case Power(exponent=exponent):
            yield from (Power(1.0, float(exponent + one)) for one in np.linspace(-0.09, 0.045, 10))
        case Hill(half=half, slope=slope):
            slopes = {1.0} if slope == 1 else {slope * one for one in (0.7, 0.8, 0.9, 1, 1.1, 1.25)}
            for one in around:
                yield from (Hill(1.0, float(half * one), max(bend, 1.0)) for bend in sorted(slopes))


@dataclass(frozen=True)
class _Tried:
    """Curves on spend felt with one ``keep``: each one's least-squares scale and what it misses."""

    keep: float
    curves: list[Curve]
    scales: Floats
    powers: Floats
    misses: Floats
    pressure: Floats

    @classmethod
    def of(
        cls, spend: Floats, left: Floats, design: Floats, keep: float, curves: list[Curve]
    ) -> "_Tried":
        felt = adstock(spend, keep)
        pressure = rest(np.column_stack([values(one, felt) for one in curves]), design)
        powers = np.maximum((pressure**2).sum(axis=0), 1e-12)
        scales = left @ pressure / powers
        # A curve that spend lowers is no curve: it misses as much as none at all.
        scales = np.maximum(scales, 0.0)
        misses = float(left @ left) - scales**2 * powers
        return cls(keep, curves, scales, powers, np.maximum(misses, 1e-300), pressure)


def _weighed(tried: list[_Tried], left: Floats) -> list[Shape]:
    best = min(tried, key=lambda one: float(one.misses.min()))
    at = int(best.misses.argmin())
    worth = _worth(left - best.scales[at] * best.pressure[:, at])
    variance = float(best.misses[at]) / worth
    return [
        Shape(
            curve=curve,
            keep=one.keep,
            scale=float(one.scales[i]),
            error=float(np.sqrt(variance / one.powers[i])),
            misfit=worth * float(np.log(one.misses[i])) + _bends(curve, one.keep) * np.log(worth),
        )
        for one in tried
        for i, curve in enumerate(one.curves)
    ]


def _worth(off: Floats) -> float:
    """How many independent observations there are: noise that lingers is worth fewer."""
    echo = max(float(off[1:] @ off[:-1] / max(float(off @ off), 1e-300)), 0.0)
    return max(len(off) * (1 - echo) / (1 + echo), 5.0)


def _bends(curve: Curve, keep: float) -> int:
    """Parameters beyond scale and size, which the data must pay for (Schwarz 1978)."""
    return (isinstance(curve, Hill) and curve.slope > 1) + (keep > 0)


def best_of(shapes: list[Shape]) -> Shape:
    return min(
        (one for one in shapes if one.scale > 0), key=lambda one: one.misfit, default=shapes[0]
    )
