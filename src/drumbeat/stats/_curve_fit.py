"""Fit response curves from history, corrected by lift tests, or say that they cannot be known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import inf
from typing import Any, Literal

import numpy as np

from drumbeat.stats._curve_beside import sharing, spent_beside
from drumbeat.stats._curve_history import ChannelHistory, History, LiftTest, by_channel
from drumbeat.stats._curve_shapes import Shape, best_of, shapes_of
from drumbeat.stats._forecast_grid import Floats, NotEnoughData
from drumbeat.stats._identification import NotIdentified, Reason, basis_of, controls, objection, off
from drumbeat.stats._numbers import MOST, as_list, require_kind
from drumbeat.stats.response import Curve, Hill, Logarithmic, Power

_TOGETHER = 0.9
_PLAUSIBLE = 3.84  # 95 % of chi-square with one degree of freedom (profile likelihood)
_SURE_EFFECT = 2.5
_TOO_WIDE = 10.0
_ONE_TEST = "; one lift test is a point, not a curve: a second at other spends would tell"
# Elasticity from which response is in proportion to spend, the share of its variance that this
# must explain, and the standard errors by which high spend must stay below.
_PROPORTIONAL, _CLOSE, _SURELY = 0.75, 0.5, 2.0


@dataclass(frozen=True)
class FittedCurve:
    """A curve of steady spend, what it stands on, and how sure its slope is.

    ``marginal_low`` and ``marginal_high``: the 95 % range, over all plausible shapes, of what one
    more unit brings at the usual (mean) spend. ``spend_low`` to ``spend_high`` is what was ever
    spent: outside it the curve is a guess. ``keep`` is the share of pressure felt a period later.
    """

    curve: Curve
    keep: float
    source: Literal["history", "history and lift tests", "lift tests"]
    marginal_low: float
    marginal_high: float
    spend_low: float
    spend_high: float


def fit_curves(
    history: History, lift_tests: Iterable[LiftTest | Mapping[str, Any]] | None = None
) -> dict[str, FittedCurve | NotIdentified]:
    """A curve a channel, or why it is not identified.

    ``history``: a ChannelHistory a channel, or rows (or columns) with date, channel, spend and
    response. The response is regressed on trend, weekday, season and the curve of adstocked spend
    (and on what other channels spent, where all are given the same total to answer for);
    logarithmic, power, Michaelis-Menten and S-shaped curves compete by likelihood. Where budgets
    follow demand, history shows the demand, not the effect: that is looked for and named. Lift
    tests shift the scale of an identified curve, and two or more of them at different spends
    identify one alone. Raises ValueError for unreadable columns and for lift tests of unknown
    channels.
    """
    channels, tests = by_channel(history), _known(lift_tests)
    unknown = sorted({test.channel for test in tests} - set(channels))
    if unknown:
        raise ValueError(f"a lift test names {unknown[0]!r}, which has no history")
    together, others = _moving_together(channels), sharing(channels)
    return {
        name: _fit(
            one, [test for test in tests if test.channel == name], together.get(name), others[name]
        )
        for name, one in channels.items()
    }


def _known(lift_tests: Any) -> list[LiftTest]:
    tests = [] if lift_tests is None else as_list(lift_tests, "lift_tests")
    return [_lift_test(at, test) for at, test in enumerate(tests)]


def _lift_test(at: int, test: Any) -> LiftTest:
    if isinstance(test, Mapping):
        try:
            test = LiftTest(**test)
        except TypeError as error:
            named = ", ".join(field.name for field in fields(LiftTest))
            raise ValueError(f"lift test {at} needs {named}: {error}") from None
    require_kind(LiftTest, **{f"lift test {at}": test})
    return test  # type: ignore[no-any-return]


def _moving_together(channels: dict[str, ChannelHistory]) -> dict[str, NotIdentified]:
    """Channels whose changes in spend are nearly the same: no history can tell them apart."""
    found: dict[str, NotIdentified] = {}
    for name, one in channels.items():
        for other, two in channels.items():
            alike = _likeness(one, two) if name != other else 0.0
            if alike > _TOGETHER:
                detail = f"its spend moves with that of {other!r} (correlation {alike:.2f})"
                found[name] = NotIdentified(Reason.CHANNELS_MOVE_TOGETHER, detail)
    return found


def _likeness(one: ChannelHistory, two: ChannelHistory) -> float:
    spends = [dict(zip(c.dates, np.asarray(c.spend, dtype=float), strict=True)) for c in (one, two)]
    shared = [day for day in spends[0] if day in spends[1]]
    a, b = (np.array([spend[day] for day in shared]) for spend in spends)
    complete = ~np.isnan(a) & ~np.isnan(b)
    a, b = np.diff(a[complete]), np.diff(b[complete])
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 10 and a.std() * b.std() > 0 else 0.0


def _fit(
    history: ChannelHistory,
    tests: list[LiftTest],
    together: NotIdentified | None,
    others: Sequence[ChannelHistory],
) -> FittedCurve | NotIdentified:
    try:
        days, spend, response, step = history.complete()
    except NotEnoughData as error:
        return NotIdentified(Reason.TOO_FEW_POINTS, str(error))
    calendar, beside = controls(days, step), spent_beside(days, others)
    refusal = together or objection(spend, response, calendar, beside)
    if refusal is None:
        design = np.column_stack([calendar, beside])
        shapes = shapes_of(spend, response, design)
        refusal = _shapes_objection(shapes, spend, response, design)
    if refusal is None:
        return _from_history(shapes, spend, tests)
    return _from_tests(tests, spend, refusal)


def _shapes_objection(
    shapes: list[Shape], spend: Floats, response: Floats, design: Floats
) -> NotIdentified | None:
    best = best_of(shapes)
    if best.scale < _SURE_EFFECT * best.error:
        return NotIdentified(
            Reason.NO_EFFECT_SEEN, "changes in spend leave no change in response beyond noise"
        )
    if any(_is_proportional(spend, response, one) for one in (design[:, :1], design)):
        return NotIdentified(
            Reason.SPEND_FOLLOWS_DEMAND,
            "all response moves in proportion to spend, as it does where budgets follow demand",
        )
    low, high = _marginals(shapes, float(spend.mean()))
    if low <= 0 or high > _TOO_WIDE * low:
        return NotIdentified(
            Reason.SHAPE_UNKNOWN, f"one more unit may bring anything from {low:.3g} to {high:.3g}"
        )
    return None


def _is_proportional(spend: Floats, response: Floats, design: Floats) -> bool:
    """Whether a percent of spend goes with nearly a percent of response, also at high spend: what
    spend brings about levels off, what comes of demand does not."""
    if (spend <= 0).any() or (response <= 0).any():
        return False
    slope, _, close = _elasticity(spend, response, design)
    if close <= _CLOSE or slope <= _PROPORTIONAL:
        return False
    high = spend >= np.median(spend)
    slope, error, _ = _elasticity(spend[high], response[high], design[high])
    return slope + _SURELY * error > _PROPORTIONAL


def _elasticity(spend: Floats, response: Floats, design: Floats) -> tuple[float, float, float]:
    """Percent of response a percent of spend, its standard error, and the share it explains."""
    basis = basis_of(design)
    x, y = off(np.log(spend), basis), off(np.log(response), basis)
    spread, size = max(float(x @ x), 1e-300), max(float(y @ y), 1e-300)
    slope = float(x @ y) / spread
    left = y - slope * x
    free = max(len(x) - design.shape[1] - 1, 1)
    return slope, float(np.sqrt(left @ left / free / spread)), slope**2 * spread / size


def _marginals(shapes: list[Shape], usual: float) -> tuple[float, float]:
    """The slope's range over all shapes nearly as likely as the best; without an end where none of
    them is a curve at all."""
    best = best_of(shapes)
    plausible = [one for one in shapes if one.scale > 0 and one.misfit < best.misfit + _PLAUSIBLE]
    slopes = [one.scale * one.curve.marginal(usual) for one in plausible]
    if not slopes:
        return 0.0, inf
    unsure = 1.96 * best.error / best.scale
    return min(slopes) * max(1 - unsure, 0.0), max(slopes) * (1 + unsure)


def _scaled(curve: Curve, scale: float) -> Curve:
    match curve:
        case Logarithmic(unit=unit):
            return Logarithmic(scale, unit)
        case Power(exponent=exponent):
            return Power(scale, exponent)
        case Hill(half=half, slope=slope):
            return Hill(scale, half, slope)
    raise TypeError(f"no scale known for {curve!r}")


def _from_history(shapes: list[Shape], spend: Floats, tests: list[LiftTest]) -> FittedCurve:
    """The best shape; lift tests, being randomized, outvote history by their precision."""
    best, usual = best_of(shapes), float(spend.mean())
    low, high = _marginals(shapes, usual)
    scale, error = _scale_of_tests(best.curve, tests) if tests else (best.scale, inf)
    if not np.isfinite(error):
        # Tests where the curve is flat say nothing of its scale.
        tests, scale, error = [], best.scale, best.error
    if tests:
        slope, unsure = scale * best.curve.marginal(usual), 1.96 * error / scale
        low, high = slope * max(1 - unsure, 0.0), slope * (1 + unsure)
    return FittedCurve(
        curve=_scaled(best.curve, scale),
        keep=best.keep,
        source="history and lift tests" if tests else "history",
        marginal_low=low,
        marginal_high=high,
        spend_low=float(spend.min()),
        spend_high=float(spend.max()),
    )


def _scale_of_tests(curve: Curve, tests: list[LiftTest]) -> tuple[float, float]:
    """Weighted least squares of the tests' effects on the curve's differences."""
    rise = np.array([curve.value(t.spend_high) - curve.value(t.spend_low) for t in tests])
    unit = min(t.error for t in tests)
    weight = np.array([(unit / t.error) ** 2 for t in tests])
    power = float((weight * rise**2).sum())
    if power <= 0:
        return 1e-12, inf
    scale = float((weight * rise * np.array([t.effect for t in tests])).sum()) / power
    return max(scale, 1e-12), unit * power**-0.5


def _from_tests(
    tests: list[LiftTest], spend: Floats, refusal: NotIdentified
) -> FittedCurve | NotIdentified:
    """Two tests at different spends give a scale and a bend; one gives a point, not a curve."""
    usual = float(spend.mean()) if len(spend) else 0.0
    if len({(test.spend_low, test.spend_high) for test in tests}) < 2 or usual <= 0:
        return refusal if not tests else replace(refusal, detail=f"{refusal.detail}{_ONE_TEST}")
    scored = []
    for size in usual * np.geomspace(0.05, 20, 60):
        curve = Logarithmic(1.0, float(size))
        scale, error = _scale_of_tests(curve, tests)
        off = [
            (t.effect - scale * (curve.value(t.spend_high) - curve.value(t.spend_low))) / t.error
            for t in tests
        ]
        misfit = float(np.square(np.clip(off, -MOST, MOST)).sum())
        scored.append(Shape(curve, 0.0, scale, error, misfit))
    best = best_of(scored)
    if best.scale < _SURE_EFFECT * best.error:
        return NotIdentified(Reason.NO_EFFECT_SEEN, "the lift tests show no effect beyond noise")
    low, high = _marginals(scored, usual)
    if low <= 0 or high > _TOO_WIDE * low:
        return NotIdentified(Reason.SHAPE_UNKNOWN, "the lift tests are too uncertain for a curve")
    return FittedCurve(
        _scaled(best.curve, best.scale),
        0.0,
        "lift tests",
        low,
        high,
        float(min(test.spend_low for test in tests)),
        float(max(test.spend_high for test in tests)),
    )
