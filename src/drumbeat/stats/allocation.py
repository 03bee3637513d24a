"""Split a budget over channels by their response curves, and fit such curves from history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from drumbeat.stats._allocation_search import Bounds, search, upper_bound, water_fill
from drumbeat.stats._curve_fit import FittedCurve, fit_curves
from drumbeat.stats._curve_function import FunctionCurve
from drumbeat.stats._curve_history import ChannelHistory, LiftTest
from drumbeat.stats._identification import NotIdentified, Reason
from drumbeat.stats._numbers import as_list, is_number, require_kind
from drumbeat.stats.response import Curve

__all__ = [
    "Allocation",
    "ChannelHistory",
    "FittedCurve",
    "LiftTest",
    "NotIdentified",
    "Reason",
    "allocate",
    "fit_curves",
]

_SAME = 1e-6
_MOST = 1e30


@dataclass(frozen=True)
class Allocation:
    """Spend a channel, the response expected in all, and how good that provably is.

    ``marginal``: what one more unit of money would bring a channel; ``price``: the marginal value
    shared by the channels that stand between their bounds, or None where none does. ``gap``: how
    much more, as a share of the response, any allocation could bring at most. ``is_optimal``: no
    small shift of money between two channels would bring more.
    """

    spend: dict[str, float]
    response: float
    marginal: dict[str, float]
    price: float | None
    method: Literal["water-filling", "dynamic programming"]
    is_optimal: bool
    gap: float


def allocate(
    curves: Mapping[str, Curve | FittedCurve | NotIdentified | Callable[[float], float]],
    total: float,
    bounds: Mapping[str, Bounds] | Sequence[Bounds] | None = None,
) -> Allocation:
    """Split ``total`` over the channels so that the responses add up to the most.

    A curve is one of ``response``, a fitted one, or any function of spend that never falls.
    ``bounds`` gives the least and most a channel may get, by name or one pair a channel in the
    order of the curves; without one, or for an end that is None, it is 0 to ``total``. Concave
    curves are water-filled exactly; if any is S-shaped within its bounds, dynamic programming over
    600 steps decides which channels get over their threshold, and water-filling polishes. Raises
    ValueError for a curve that was not identified, or for a total that the bounds cannot hold.
    """
    require_kind(Mapping, curves=curves)
    if not curves:
        raise ValueError("no channel to allocate to")
    if not is_number(total) or not 0 <= total <= _MOST:
        raise ValueError(f"the total must be a number from zero on, got {total!r}")
    named = {name: _usable(name, curve, total) for name, curve in curves.items()}
    limits = _limits(named, total, _by_name(curves, bounds))
    shapes, within = list(named.values()), [limits[name] for name in named]
    is_concave = all(
        c.turn <= low or low == high for c, (low, high) in zip(shapes, within, strict=True)
    )
    spend = (water_fill if is_concave else search)(shapes, total, within)
    return _told(named, dict(zip(named, spend, strict=True)), limits, total, is_concave)


def _usable(name: str, curve: Any, total: float) -> Curve:
    if isinstance(curve, NotIdentified):
        raise ValueError(f"the response of {name!r} is not identified: {curve.detail}")
    found: object = curve.curve if isinstance(curve, FittedCurve) else curve
    if callable(found) and not isinstance(found, Curve | type):
        return FunctionCurve(name, found, float(total))
    if not isinstance(found, Curve):
        raise ValueError(f"{name!r} needs a response curve, got {curve!r}")
    return found


def _by_name(curves: Mapping[str, Any], bounds: Any) -> Mapping[str, Bounds]:
    if bounds is None or isinstance(bounds, Mapping):
        return bounds or {}
    pairs = as_list(bounds, "bounds")
    if len(pairs) != len(curves):
        raise ValueError(f"bounds: one (low, high) a channel, got {len(pairs)} for {len(curves)}")
    return dict(zip(curves, pairs, strict=True))


def _limits(
    curves: Mapping[str, Curve], total: float, bounds: Mapping[str, Bounds]
) -> dict[str, Bounds]:
    unknown = sorted(map(str, set(bounds) - set(curves)))
    if unknown:
        raise ValueError(f"bounds for {unknown[0]!r}, which has no curve")
    limits = {name: _pair(name, bounds.get(name, (0.0, None)), total) for name in curves}
    for name, (low, high) in limits.items():
        if not 0 <= low <= high:
            raise ValueError(f"bounds of {name!r} must be 0 <= low <= high, got ({low}, {high})")
    least, most = (sum(limit[side] for limit in limits.values()) for side in (0, 1))
    slack = _SAME * max(total, 1e-300)
    if least > total + slack:
        raise ValueError(f"the lower bounds add up to {least:g}, more than the total {total:g}")
    if most < total - slack:
        raise ValueError(f"the upper bounds add up to {most:g}, less than the total {total:g}")
    return limits


def _pair(name: str, bounds: Any, total: float) -> Bounds:
    """No end means no limit, and nobody gets more than all there is."""
    try:
        low, high = bounds
        low, high = float(low or 0.0), float(total if high is None else high)
    except (TypeError, ValueError):
        raise ValueError(f"bounds of {name!r} must be (low, high), got {bounds!r}") from None
    return low, max(total, low) if high == inf else high


def _told(
    curves: dict[str, Curve],
    spend: dict[str, float],
    limits: dict[str, Bounds],
    total: float,
    is_concave: bool,
) -> Allocation:
    response = sum(curves[name].value(one) for name, one in spend.items())
    marginal = {name: curves[name].marginal(one) for name, one in spend.items()}
    ceiling = upper_bound(list(curves.values()), total, [limits[name] for name in curves])
    prices = [marginal[name] for name in spend if _between(spend[name], limits[name], total)]
    return Allocation(
        spend=spend,
        response=response,
        marginal=marginal,
        price=sum(prices) / len(prices) if prices else None,
        method="water-filling" if is_concave else "dynamic programming",
        is_optimal=_no_shift_pays(spend, marginal, limits, total),
        gap=max(0.0, (ceiling - response) / response) if response > 0 else 0.0,
    )


def _between(one: float, limit: Bounds, total: float) -> bool:
    return limit[0] + _SAME * total < one < limit[1] - _SAME * total


def _no_shift_pays(
    spend: dict[str, float], marginal: dict[str, float], limits: dict[str, Bounds], total: float
) -> bool:
    """Karush, Kuhn and Tucker: no channel that can give has less to lose than one can win."""
    takers = [marginal[n] for n in spend if spend[n] < limits[n][1] - _SAME * total]
    givers = [marginal[n] for n in spend if spend[n] > limits[n][0] + _SAME * total]
    if not takers or not givers:
        return True
    return max(takers) <= min(givers) * (1 + 1e-3) + 1e-12
