"""Boundaries: how large |z| must be at each look, so that all looks together keep alpha.

The score of an experiment moves like a Brownian motion W(t), t the share of the data that is in.
Its density over the paths that never crossed is carried from look to look by numerical
integration (Armitage, McPherson and Rowe 1969), here on Gauss-Legendre nodes.

People do not look only when planned. A boundary that holds from one look to the next can be
crossed at any moment in between, so ``watched`` boundaries are calibrated against a path seen at
every moment: between two nodes the chance of touching a straight barrier is that of a Brownian
bridge, 1 - exp(-2(b-x)(b'-y)/dt). Watched boundaries keep alpha under any pattern of peeking;
unwatched ones are the classical tables, valid at the planned looks alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._spending import Spending

Array = NDArray[np.float64]

NEVER = 8.0  # a normal score beyond this happens once in 10^15: the look cannot stop anything
_STEPS_PER_UNIT = 40
_GROWTH = 1.3


@dataclass(frozen=True)
class _Paths:
    """The paths still inside at ``time``: where they are, how many, and the barrier they face."""

    places: Array
    weights: Array
    time: float
    barrier: float | None  # |z| from ``time`` on; None while nobody watches

    @property
    def alive(self) -> float:
        return float(self.weights.sum())


_START = _Paths(np.zeros(1), np.ones(1), 0.0, None)


@lru_cache(maxsize=64)
def boundaries(
    fractions: tuple[float, ...],
    alpha: float,
    spending: Spending,
    watched: bool = True,
    overshoot: float = 0.0,
) -> tuple[float, ...]:
    """|z| at each of the ``fractions`` (rising, the last is 1) for a two-sided ``alpha``.

    Watched, the last one holds up to 1 + ``overshoot``. Infinite where the look spends nothing.
    """
    paths, found = _START, []
    for look, fraction in enumerate(fractions):
        follows = fractions[look + 1] if look + 1 < len(fractions) else 1 + overshoot
        moments = _moments(fraction, follows) if watched else [fraction]
        alive = 1 - 2 * spending.spent(alpha / 2, fraction)
        bound = _solve(paths, moments, alive, watched)
        found.append(bound)
        # The stretch up to the next look is walked again there: its end meets the next barrier.
        paths = _walk(paths, moments[: max(1, len(moments) - 1)], min(bound, NEVER), watched)
    return tuple(found)


def chance_of_crossing(
    fractions: Sequence[float], bounds: Sequence[float], drift: float
) -> tuple[float, float]:
    """The chances to leave above and below at the looks, when z at the end has mean ``drift``."""
    paths, above, below = _START, 0.0, 0.0
    for fraction, bound in zip(fractions, bounds, strict=True):
        edge = min(bound, NEVER + abs(drift)) * math.sqrt(fraction)
        above += _beyond(paths, fraction, edge, drift)
        below += _beyond(paths, fraction, -edge, drift)
        paths = _step(paths, fraction, edge, None, drift)
    return above, below


def _moments(start: float, end: float) -> list[float]:
    if end <= start:
        return [start]
    count = math.ceil(
        max((end - start) * _STEPS_PER_UNIT, math.log(end / start) / math.log(_GROWTH))
    )
    return [float(moment) for moment in np.geomspace(start, end, count + 1)]


def _solve(paths: _Paths, moments: list[float], alive: float, watched: bool) -> float:
    from scipy.optimize import brentq

    def surplus(bound: float) -> float:
        return _walk(paths, moments, bound, watched).alive - alive

    if surplus(NEVER) <= 0:
        return math.inf
    # With much of a large alpha already gone, the bound may have to fall to nearly nothing.
    low = 0.5 if surplus(0.5) < 0 else 1e-3
    return float(brentq(surplus, low, NEVER, xtol=1e-7))


def _walk(paths: _Paths, moments: list[float], bound: float, watched: bool) -> _Paths:
    first, *rest = moments
    tighter = bound if paths.barrier is None else min(bound, paths.barrier)
    paths = _step(paths, first, tighter * math.sqrt(first), paths.barrier if watched else None)
    paths = _Paths(paths.places, paths.weights, first, bound)
    for moment in rest:
        paths = _step(paths, moment, bound * math.sqrt(moment), bound)
    return paths if watched else _Paths(paths.places, paths.weights, paths.time, None)


def _step(
    paths: _Paths, time: float, edge: float, barrier: float | None, drift: float = 0.0
) -> _Paths:
    """Carry the paths to ``time``, keeping those that land within ±edge and met no barrier."""
    elapsed = time - paths.time
    places, widths = _nodes(edge, elapsed)
    moved = places[None, :] - paths.places[:, None] - drift * elapsed
    kernel = np.exp(-(moved**2) / (2 * elapsed)) / math.sqrt(2 * math.pi * elapsed)
    if barrier is not None:
        before, after = barrier * math.sqrt(paths.time), barrier * math.sqrt(time)
        kernel *= _untouched(paths.places, places, before, after, elapsed)
    return _Paths(places, (paths.weights @ kernel) * widths, time, barrier)


def _untouched(x: Array, y: Array, before: float, after: float, elapsed: float) -> Array:
    upper = np.maximum(np.outer(before - x, after - y), 0.0)
    lower = np.maximum(np.outer(before + x, after + y), 0.0)
    touched: Array = np.exp(-2 * upper / elapsed) + np.exp(-2 * lower / elapsed)
    return np.maximum(1 - touched, 0.0)


def _beyond(paths: _Paths, time: float, edge: float, drift: float) -> float:
    from scipy.special import ndtr

    elapsed = time - paths.time
    side = math.copysign(1.0, edge)
    distance = side * (paths.places + drift * elapsed - edge) / math.sqrt(elapsed)
    return float(paths.weights @ ndtr(distance))


def _nodes(edge: float, elapsed: float) -> tuple[Array, Array]:
    """Nodes across ±edge, dense enough for a kernel as wide as √elapsed."""
    wanted = 4 * edge / math.sqrt(elapsed) + 20
    places, widths = _legendre(int(min(max(math.ceil(wanted / 20) * 20, 40), 300)))
    return edge * places, edge * widths


@lru_cache(maxsize=16)
def _legendre(count: int) -> tuple[Array, Array]:
    places, widths = np.polynomial.legendre.leggauss(count)
    return places, widths
