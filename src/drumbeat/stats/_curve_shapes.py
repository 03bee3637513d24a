"""The shapes tried on one channel's history: each by least squares, ranked by likelihood."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats._identification import basis_of, off
from drumbeat.stats.response import Curve, Hill, Logarithmic, Power, adstock, values

_KEEPS = (0.0, 0.3, 0.5, 0.7, 0.85)
# Steps of the finer grids; where much is known, a coarse one has no second shape that could be.
_STEPS = (1.0, 0.3)
# How often a finer grid may move, and how much more likely its best must be for another move.
_MOVES, _STAYS = 5, 0.5
# Standard errors from which noise lasts, and the most of it that is said to.
_LASTS, _MOST_ECHO = 2.0, 0.98
_LEAST_WORTH = 5.0
_EXPONENTS = 0.02, 0.995


@dataclass(frozen=True)
class Shape:
    """A curve of scale one on adstocked spend, and how it fits."""

    curve: Curve
    keep: float
    scale: float
    error: float
    misfit: float  # -2 log likelihood, up to a constant


def shapes_of(spend: Floats, response: Floats, design: Floats) -> list[Shape]:
    """All shapes tried: a wide grid, and finer ones around the best of each family.

    Noise that lasts is taken for what it is: once the best shape shows how much of it is left a
    step later, all are tried again on what is new at each step (Cochrane & Orcutt 1949).
    """
    scene = _Scene.of(spend, response, design, 0.0)
    wide = scene.wide()
    echo = _echo(scene.off(min(wide, key=_least)))
    if echo > _LASTS / np.sqrt(len(spend)):
        scene = _Scene.of(spend, response, design, min(echo, _MOST_ECHO))
        wide = scene.wide()
    families = ([one.only(family) for one in wide] for family in (Logarithmic, Power, Hill))
    finer = (_finer(scene, min(tried, key=_least)) for tried in families)
    return _weighed([*wide, *chain.from_iterable(finer)], scene)


def _finer(scene: "_Scene", best: "_Tried") -> Iterator["_Tried"]:
    """Grids around the best, moved until it stays."""
    for step in _STEPS:
        for _ in range(_MOVES):
            tried = scene.near(best, step)
            yield from tried
            before, best = best, min(tried, key=_least)
            if len(scene.left) * np.log(_least(before) / _least(best)) < _STAYS:
                break


def _wide(usual: float) -> Iterator[Curve]:
    for size in usual * np.geomspace(0.1, 10, 13):
        yield Logarithmic(1.0, float(size))
        yield from (Hill(1.0, float(size), slope) for slope in (1.0, 1.5, 2.0, 3.0, 4.0))
    yield from (Power(1.0, float(exponent)) for exponent in np.arange(0.1, 0.96, 0.1))


def _is_seen(curve: Curve, most: float) -> bool:
    """Whether spend ever came to where an S bends down. One that only rose would promise ever
    more for money that nobody ever spent."""
    return not (isinstance(curve, Hill) and curve.slope > 1 and curve.half > most)


def _is_near(curve: Curve, usual: float) -> bool:
    """Whether it bends somewhere around what was spent: beyond, all curves are alike."""
    match curve:
        case Logarithmic(unit=size) | Hill(half=size):
            return usual * 0.01 <= size <= usual * 100
    return True


def _near(best: Curve, step: float) -> Iterator[Curve]:
    around = np.geomspace(0.7, 1 / 0.7, 9) ** step
    match best:
        case Logarithmic(unit=unit):
            yield from (Logarithmic(1.0, float(unit * one)) for one in around)
        case Power(exponent=exponent):
            exponents = np.clip(exponent + step * np.linspace(-0.09, 0.09, 13), *_EXPONENTS)
            yield from (Power(1.0, float(one)) for one in np.unique(exponents))
        case Hill(half=half, slope=slope):
            bends = np.array([0.7, 0.8, 0.9, 1, 1.1, 1.25]) ** step
            slopes = {1.0} if slope == 1 else {max(float(slope * one), 1.0) for one in bends}
            for one in around:
                yield from (Hill(1.0, float(half * one), bend) for bend in sorted(slopes))


@dataclass(frozen=True)
class _Tried:
    """Curves on spend felt with one ``keep``: each one's least-squares scale and what it misses."""

    keep: float
    curves: list[Curve]
    scales: Floats
    powers: Floats
    misses: Floats
    pressure: Floats

    @property
    def at(self) -> int:
        """Which curve misses least."""
        return int(self.misses.argmin())

    def only(self, family: type[Curve]) -> "_Tried":
        """Those of one family."""
        kept = [i for i, one in enumerate(self.curves) if isinstance(one, family)]
        return _Tried(
            self.keep,
            [self.curves[i] for i in kept],
            self.scales[kept],
            self.powers[kept],
            self.misses[kept],
            self.pressure[:, kept],
        )


@dataclass(frozen=True)
class _Scene:
    """What the curves are tried on: of everything what is new at each step, ``echo`` of the step
    before taken off; ``left`` is the response off ``basis``, the design's."""

    spend: Floats
    left: Floats
    basis: Floats
    echo: float

    @classmethod
    def of(cls, spend: Floats, response: Floats, design: Floats, echo: float) -> "_Scene":
        basis = basis_of(_new(design, echo))
        return cls(spend, off(_new(response, echo), basis), basis, echo)

    def wide(self) -> list[_Tried]:
        """A wide grid of curves and of what is kept."""
        return self._grid(_wide(float(self.spend.mean())), _KEEPS)

    def near(self, best: _Tried, step: float) -> list[_Tried]:
        """A finer grid around the best of some curves."""
        keeps = {min(max(best.keep + 0.05 * step * by, 0.0), 0.95) for by in (-2, -1, 0, 1, 2)}
        return self._grid(_near(best.curves[best.at], step), sorted(keeps))

    def off(self, tried: _Tried) -> Floats:
        """What the best of the curves leaves."""
        return np.asarray(self.left - tried.scales[tried.at] * tried.pressure[:, tried.at])

    def _grid(self, curves: Iterable[Curve], keeps: Iterable[float]) -> list[_Tried]:
        usual, most = float(self.spend.mean()), float(self.spend.max())
        kept = [one for one in curves if _is_seen(one, most) and _is_near(one, usual)]
        return [self._try(keep, kept) for keep in keeps]

    def _try(self, keep: float, curves: list[Curve]) -> _Tried:
        felt = adstock(self.spend, keep)
        pressure = np.column_stack([values(one, felt) for one in curves])
        pressure = off(_new(pressure, self.echo), self.basis)
        powers = np.maximum((pressure**2).sum(axis=0), 1e-12)
        # A curve that spend lowers is no curve: it misses as much as none at all.
        scales = np.maximum(self.left @ pressure / powers, 0.0)
        misses = float(self.left @ self.left) - scales**2 * powers
        return _Tried(keep, curves, scales, powers, np.maximum(misses, 1e-300), pressure)


def _new(of: Floats, echo: float) -> Floats:
    """What is new at each step where ``echo`` of the step before lasts."""
    return np.asarray(of[1:] - echo * of[:-1]) if echo else of


def _least(tried: _Tried) -> float:
    """What the best of its curves misses."""
    return float(tried.misses[tried.at])


def _weighed(tried: list[_Tried], scene: _Scene) -> list[Shape]:
    best = min(tried, key=_least)
    # Residuals fall short by what was fitted to them, and noise that lingers is worth fewer.
    left = scene.off(best)
    echo, free = max(_echo(left), 0.0), len(left) - scene.basis.shape[1] - 1
    worth = max(free * (1 - echo) / (1 + echo), _LEAST_WORTH)
    variance = _least(best) / worth
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


def _echo(left: Floats) -> float:
    """How much of what is left lasts a step."""
    return float(left[1:] @ left[:-1] / max(float(left @ left), 1e-300))


def _bends(curve: Curve, keep: float) -> int:
    """Parameters beyond scale and size, which the data must pay for (Schwarz 1978)."""
    return (isinstance(curve, Hill) and curve.slope > 1) + (keep > 0)


def best_of(shapes: list[Shape]) -> Shape:
    return min(
        (one for one in shapes if one.scale > 0), key=lambda one: one.misfit, default=shapes[0]
    )
