"""The two searches behind an allocation: water-filling, and dynamic programming with polish."""

from collections.abc import Sequence

import numpy as np

from drumbeat.stats._forecast_grid import Floats
from drumbeat.stats.response import Curve

Bounds = tuple[float, float]
_STEPS = 600
_HALVINGS = 200


def water_fill(curves: Sequence[Curve], total: float, bounds: Sequence[Bounds]) -> list[float]:
    """Spend where the curves are concave within their bounds: one marginal value for all.

    The price at which demand for spend equals ``total`` is found by bisection (Lagrange; the
    channels fill like vessels joined at the bottom). ``total`` lies within the sums of bounds.
    """
    low, high = (
        0.0,
        max(_steepest(curve, bound) for curve, bound in zip(curves, bounds, strict=True)),
    )
    for _ in range(_HALVINGS):
        price = (low + high) / 2
        wanted = [_at_price(*pair, price) for pair in zip(curves, bounds, strict=True)]
        low, high = (price, high) if sum(wanted) > total else (low, price)
    spend = [_at_price(*pair, high) for pair in zip(curves, bounds, strict=True)]
    return _settle_rest(curves, spend, total, bounds)


def _steepest(curve: Curve, bound: Bounds) -> float:
    # A power curve is infinitely steep at zero: a hair of spend above it is steep enough.
    near = max(bound[0], 1e-9 * bound[1])
    return curve.marginal(near) + 1e-300


def _at_price(curve: Curve, bound: Bounds, price: float) -> float:
    """The spend at which one more unit brings ``price``, within bounds; marginals fall there."""
    low, high = bound
    if curve.marginal(high) >= price:
        return high
    if curve.marginal(low) <= price:
        return low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if curve.marginal(middle) > price else (low, middle)
    return low


def _settle_rest(
    curves: Sequence[Curve], spend: list[float], total: float, bounds: Sequence[Bounds]
) -> list[float]:
    """Place what rounding or flat stretches left over, where one more unit brings most."""
    rest = total - sum(spend)
    order = sorted(range(len(spend)), key=lambda i: -curves[i].marginal(spend[i]))
    for i in order if rest > 0 else reversed(order):
        low, high = bounds[i]
        moved = min(max(spend[i] + rest, low), high)
        rest, spend[i] = rest - (moved - spend[i]), moved
    return spend


def search(curves: Sequence[Curve], total: float, bounds: Sequence[Bounds]) -> list[float]:
    """Spend for curves of any shape: the best on a grid, then water-filled where concave."""
    coarse = _on_grid(curves, total, bounds)
    return max(
        (coarse, _polish(curves, coarse, total, bounds)),
        key=lambda spend: sum(curve.value(one) for curve, one in zip(curves, spend, strict=True)),
    )


def _on_grid(curves: Sequence[Curve], total: float, bounds: Sequence[Bounds]) -> list[float]:
    """Dynamic programming over equal steps of the money above the lower bounds (Bellman 1957)."""
    free = total - sum(low for low, _ in bounds)
    step = free / _STEPS
    best, picks = np.zeros(1), []
    for curve, (low, high) in zip(curves, bounds, strict=True):
        most = min(_STEPS, int((high - low) / step + 1e-9)) if step > 0 else 0
        gains = np.array([curve.value(low + step * i) for i in range(most + 1)])
        best, pick = _joined(best, gains)
        picks.append(pick)
    spend, left = [0.0] * len(curves), len(best) - 1
    for i in reversed(range(len(curves))):
        spend[i] = float(bounds[i][0] + step * int(picks[i][left]))
        left -= int(picks[i][left])
    return _settle_rest(curves, spend, total, bounds)


def _joined(
    best: Floats, gains: Floats
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int_]]]:
    """For each amount of money: the best sum with this channel, and the steps it takes."""
    size = min(_STEPS, len(best) + len(gains) - 2) + 1
    taken = np.arange(len(gains))
    left = np.arange(size)[:, None] - taken
    possible = (left >= 0) & (left < len(best))
    sums = np.where(possible, best[np.clip(left, 0, len(best) - 1)] + gains, -np.inf)
    pick = sums.argmax(axis=1)
    return sums[np.arange(size), pick], pick


def _polish(
    curves: Sequence[Curve], spend: list[float], total: float, bounds: Sequence[Bounds]
) -> list[float]:
    """Water-fill the channels that stand on their concave part; the others keep their spend."""
    moving = [i for i, curve in enumerate(curves) if curve.turn <= spend[i]]
    if not moving:
        return spend
    within = [(max(bounds[i][0], curves[i].turn), bounds[i][1]) for i in moving]
    share = total - sum(spend[i] for i in range(len(spend)) if i not in moving)
    polished = list(spend)
    for i, one in zip(moving, water_fill([curves[i] for i in moving], share, within), strict=True):
        polished[i] = one
    return polished


def upper_bound(curves: Sequence[Curve], total: float, bounds: Sequence[Bounds]) -> float:
    """No allocation can bring more: the Lagrangian dual, lowest over prices (Everett 1963).

    Curves are read on a grid of spend whose cells take the value of their right end, which only
    loosens the bound.
    """
    grids = [np.linspace(low, high, 2001) for low, high in bounds]
    values = [
        np.array([curve.value(x) for x in np.append(grid[1:], grid[-1])])
        for curve, grid in zip(curves, grids, strict=True)
    ]

    def dual(price: float) -> float:
        best = (float((v - price * g).max()) for v, g in zip(values, grids, strict=True))
        return price * total + sum(best)

    low, high = (
        0.0,
        2
        * max(
            float(np.max(np.diff(v) / max(g[1] - g[0], 1e-300)))
            for v, g in zip(values, grids, strict=True)
        ),
    )
    for _ in range(100):
        third = (high - low) / 3
        if dual(low + third) < dual(high - third):
            high -= third
        else:
            low += third
    return dual((low + high) / 2)
