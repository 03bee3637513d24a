"""Boundaries: how large |z| must be at each look, so that all looks together keep alpha.

The score of an experiment moves like a Brownian motion W(t), t the share of the data that is in.
Its density over the paths that never crossed is carried from look to look by numerical
integration (Armitage, McPherson and Rowe 1969), here on Gauss-Legendre nodes. Both sides of zero
are alike as long as the arms are, so only the distance from zero is carried.

People do not look only when planned. A boundary that holds from one look to the next can be
crossed at any moment in between, so ``watched`` boundaries are calibrated against a path seen at
every moment: between two nodes the chance of touching a straight barrier is that of a Brownian
bridge, 1 - exp(-2(b-x)(b'-y)/dt). Watched boundaries keep alpha under any pattern of peeking;
unwatched ones are the classical tables, valid at the planned looks alone.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats._root import root
from drumbeat.stats._spending import Spending

Array = NDArray[np.float64]

NEVER = 8.0  # a normal score beyond this happens once in 10^15: the look cannot stop anything
_LEAST = 1e-3
_FIRST_GUESS, _FIRST_STEP = 3.0, 0.1
_STEPS_PER_UNIT = 40
_GROWTH = 1.3
_DENSITY = 3  # nodes across one √elapsed: bounds then differ by less than 1e-6 from any finer


@dataclass(frozen=True)
class _Paths:
    """The paths still inside at ``time``: how far from zero, how many, the barrier they face."""

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
    paths = _START
    found: list[float] = []
    for look, fraction in enumerate(fractions):
        follows = fractions[look + 1] if look + 1 < len(fractions) else 1 + overshoot
        moments = _moments(fraction, follows) if watched else [fraction]
        alive = 1 - 2 * spending.spent(alpha / 2, fraction)
        near = min(found[-1], NEVER) if found else _FIRST_GUESS
        bound = _solve(paths, moments, alive, watched, near - _FIRST_STEP)
        found.append(bound)
        # The stretch up to the next look is walked again there: its end meets the next barrier.
        paths = _walk(paths, moments[: max(1, len(moments) - 1)], min(bound, NEVER), watched)
    return tuple(found)


def chance_of_crossing(
    fractions: Sequence[float], bounds: Sequence[float], drift: float
) -> tuple[float, float]:
    """The chances to leave above and below at the looks, when z at the end has mean ``drift``."""
    places, weights, before, above, below = np.zeros(1), np.ones(1), 0.0, 0.0, 0.0
    for fraction, bound in zip(fractions, bounds, strict=True):
        edge, elapsed = min(bound, NEVER + abs(drift)) * math.sqrt(fraction), fraction - before
        moved = places + drift * elapsed
        above += _beyond(weights, moved - edge, elapsed)
        below += _beyond(weights, -moved - edge, elapsed)
        places, widths = _both_sides(*_nodes(edge, elapsed))
        weights, before = (weights @ _density(moved, places, elapsed)) * widths, fraction
    return above, below


def _moments(start: float, end: float) -> list[float]:
    if end <= start:
        return [start]
    count = math.ceil(
        max((end - start) * _STEPS_PER_UNIT, math.log(end / start) / math.log(_GROWTH))
    )
    return [float(moment) for moment in np.geomspace(start, end, count + 1)]


def _solve(paths: _Paths, moments: list[float], alive: float, watched: bool, near: float) -> float:
    """The bound that leaves ``alive`` inside; ``near`` is where to look first."""
    without = _walk(paths, moments, NEVER, watched).alive
    if without <= alive:
        return math.inf

    @cache
    def excess(squared: float) -> float:
        """Log of the paths stopped over those that should be: nearly straight in bound²."""
        stopped = without - _walk(paths, moments, math.sqrt(squared), watched).alive
        return math.log(max(stopped, 1e-300) / (without - alive))

    return math.sqrt(root(excess, *_bracket(excess, near), within=1e-6))


def _bracket(excess: Callable[[float], float], near: float) -> tuple[float, float]:
    """Squares of two bounds with the right one between them: a walk is dear, and bounds of
    neighboring looks lie close together."""
    low = high = max(_LEAST, near)
    step = _FIRST_STEP
    # With much of a large alpha already gone, the bound may have to fall to nearly nothing.
    while excess(low**2) < 0 and low > _LEAST:
        low, high, step = max(_LEAST, low - step), low, 2 * step
    while excess(high**2) > 0 and high < NEVER:
        low, high, step = high, min(NEVER, high + step), 2 * step
    return low**2, high**2


def _walk(paths: _Paths, moments: list[float], bound: float, watched: bool) -> _Paths:
    first, *rest = moments
    tighter = bound if paths.barrier is None else min(bound, paths.barrier)
    paths = _step(paths, first, tighter * math.sqrt(first), paths.barrier)
    paths = _Paths(paths.places, paths.weights, first, bound if watched else None)
    for moment in rest[:1]:
        paths = _step(paths, moment, bound * math.sqrt(moment), bound)
    return _repeat(paths, rest, bound) if rest[1:] else paths


def _step(paths: _Paths, time: float, edge: float, barrier: float | None) -> _Paths:
    """Carry the paths to ``time``, keeping those that land within ±edge and met no barrier."""
    places, widths = _nodes(edge, time - paths.time)
    kernel = _kernel(paths.places, places, paths.time, time, barrier)
    return _Paths(places, (paths.weights @ kernel) * widths, time, barrier)


def _repeat(paths: _Paths, moments: list[float], bound: float) -> _Paths:
    """Carry the paths, which fill the barrier at the first of the moments, through the others.

    The moments rise by one ratio, and in z the barrier is flat, so one kernel does for all steps.
    """
    first, second, *_ = moments
    growth = math.sqrt(second / first)
    kernel = _kernel(paths.places, paths.places * growth, first, second, bound)
    kernel *= _nodes_of(len(paths.places))[1] * bound * math.sqrt(second)
    weights = paths.weights
    for _ in moments[1:]:
        weights = weights @ kernel
    return _Paths(paths.places * math.sqrt(moments[-1] / first), weights, moments[-1], bound)


def _kernel(x: Array, y: Array, start: float, end: float, barrier: float | None) -> Array:
    """Density of the distance y from zero at ``end`` after x at ``start``, touching no barrier."""
    sides = [_density(x, side * y, end - start) for side in (1, -1)]
    if barrier is not None:
        walls = barrier * math.sqrt(start), barrier * math.sqrt(end)
        for side, density in zip((1, -1), sides, strict=True):
            density *= _untouched(x, side * y, *walls, end - start)
    return np.asarray(sides[0] + sides[1])


def _density(x: Array, y: Array, elapsed: float) -> Array:
    moved = y[None, :] - x[:, None]
    scale = math.sqrt(2 * math.pi * elapsed)
    return np.asarray(np.exp(-(moved**2) / (2 * elapsed)) / scale)


def _untouched(x: Array, y: Array, before: float, after: float, elapsed: float) -> Array:
    upper = np.maximum(np.outer(before - x, after - y), 0.0)
    lower = np.maximum(np.outer(before + x, after + y), 0.0)
    touched: Array = np.exp(-2 * upper / elapsed) + np.exp(-2 * lower / elapsed)
    return np.maximum(1 - touched, 0.0)


def _beyond(weights: Array, past: Array, elapsed: float) -> float:
    from scipy.special import ndtr

    return float(weights @ ndtr(past / math.sqrt(elapsed)))


def _nodes(edge: float, elapsed: float) -> tuple[Array, Array]:
    """Nodes from 0 to ``edge``, dense enough for a kernel as wide as √elapsed."""
    wanted = _DENSITY * edge / math.sqrt(elapsed) / 2 + 10
    places, widths = _nodes_of(min(max(math.ceil(wanted / 10) * 10, 20), 150))
    return edge * places, edge * widths


@lru_cache(maxsize=16)
def _nodes_of(count: int) -> tuple[Array, Array]:
    """The upper half of the nodes across ±1."""
    places, widths = np.polynomial.legendre.leggauss(2 * count)
    return places[count:], widths[count:]


def _both_sides(places: Array, widths: Array) -> tuple[Array, Array]:
    return np.append(-places[::-1], places), np.append(widths[::-1], widths)
