"""Allocation: money moves where response curves say that the next unit brings more.

Curves that history does not identify move nothing by themselves. Where what line items returned
differs beyond chance, one bounded step is proposed as what it is, a lift test: it makes the
variation that was missing, and is checked afterwards like every move.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from drumbeat.agents.improving.case import ImprovementCase, LiveLine, SpendDay
from drumbeat.core.campaign.expected_gain import ExpectedGain
from drumbeat.stats.allocation import (
    Allocation,
    ChannelHistory,
    FittedCurve,
    NotIdentified,
    allocate,
    fit_curves,
)

METRIC = "conversions"
_WEEK = 7.0
_LATELY = 28
# A gain below this share of what comes in anyway is not worth another learning period.
_LEAST_GAIN = 0.02
# Money moves only for a difference this large, known with 90 % two-sided certainty.
_LEAST_RATIO = 1.15
_Z90, _Z95 = 1.644854, 1.959964
_LEAST_CONVERSIONS = 10.0
_USED = 0.9


@dataclass(frozen=True)
class Shift:
    """Minor units a day to add to each line item (negative: to take), and what that is to bring.

    ``effect`` with its ``error`` is what confidence is computed from; ``share`` the expected gain
    relative to what all line items bring.
    """

    by: Mapping[str, int]
    expected: ExpectedGain
    why: str
    effect: float
    error: float
    sample: int
    share: float


@dataclass(frozen=True)
class Weighed:
    """What the figures say of moving money: a shift, or none, why curves are unknown, and those
    that are known."""

    shift: Shift | None = None
    unknown: Mapping[str, NotIdentified] = field(default_factory=dict)
    curves: Mapping[str, FittedCurve] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where money can go: a line item or a whole campaign. ``budget`` is what it has a day and
    ``least`` to ``most`` what it may have, in minor units."""

    name: str
    label: str
    budget: int
    least: float
    most: float
    history: Sequence[SpendDay]


def weigh(case: ImprovementCase, lines: Sequence[LiveLine]) -> Weighed:
    """The best shift between ``lines`` within the change limit, if it is more than noise."""
    active = [one for one in lines if one.item.status == "active" and one.item.daily_budget_minor]
    if len(active) < 2:
        return Weighed()
    found = weigh_sources([_source(one, case.per_change) for one in active])
    if len(active) - len(found.unknown) >= 2:
        return found
    return Weighed(next(_lift_test(case, active, found.unknown), None), found.unknown)


def weigh_sources(sources: Sequence[Source]) -> Weighed:
    """The best shift between the sources whose curves are identified; none where that is noise."""
    curves = fit_curves({one.name: _history(one.history) for one in sources})
    known = {name: c for name, c in curves.items() if isinstance(c, FittedCurve)}
    unknown = {name: c for name, c in curves.items() if isinstance(c, NotIdentified)}
    if len(known) < 2:
        return Weighed(None, unknown, known)
    shift = _by_curves([one for one in sources if one.name in known], known)
    return Weighed(shift, unknown, known)


def weigh_pair(sources: Sequence[Source]) -> Weighed:
    """The same between two of them alone: who gives most and who gets most of the best shift."""
    found = weigh_sources(sources)
    if found.shift is None or len(found.shift.by) == 2:
        return found
    by = found.shift.by
    pair = {min(by, key=lambda name: (by[name], name)), max(by, key=lambda name: (by[name], name))}
    shift = _by_curves([one for one in sources if one.name in pair], found.curves)
    return replace(found, shift=shift)


def _source(line: LiveLine, per_change: float) -> Source:
    money = line.item.daily_budget_minor
    return Source(
        name=line.target,
        label=line.item.name,
        budget=money,
        least=money * (1 - per_change),
        most=money * (1 + per_change),
        history=line.history,
    )


def _history(history: Sequence[SpendDay]) -> ChannelHistory:
    days = sorted(history, key=lambda one: one.day)
    return ChannelHistory(
        [one.day for one in days],
        [one.spend_minor for one in days],
        [one.conversions for one in days],
    )


def _by_curves(sources: Sequence[Source], curves: Mapping[str, FittedCurve]) -> Shift | None:
    """Water-filling inside the limits; held where the interval of the gain includes none."""
    now = {one.name: float(one.budget) for one in sources}
    bounds = {one.name: (one.least, one.most) for one in sources}
    found = allocate({name: curves[name] for name in now}, sum(now.values()), bounds)
    by = {name: math.floor(found.spend[name] - now[name]) for name in now}
    by = {name: amount for name, amount in by.items() if amount}
    gain, low, high = _gain(curves, now, found, by)
    anyway = sum(_usual(one.history) for one in sources)
    if low <= 0 or gain < _LEAST_GAIN * anyway or not by:
        return None
    labels = {one.name: one.label for one in sources}
    best = max(by, key=lambda name: by[name])
    expected = ExpectedGain(
        metric=METRIC,
        targets=tuple(sorted(by)),
        mean=gain * _WEEK,
        low=low * _WEEK,
        high=high * _WEEK,
        basis="curves",
    )
    return Shift(
        by=by,
        expected=expected,
        why=f"the next money brings most in {labels[best]}: {expected.sentence}",
        effect=gain / anyway if anyway > 0 else gain,
        error=max(1e-9, (high - low) / (2 * _Z95) / (anyway if anyway > 0 else 1.0)),
        sample=round(sum(one.conversions for source in sources for one in source.history)),
        share=gain / anyway if anyway > 0 else 0.0,
    )


def _usual(history: Sequence[SpendDay]) -> float:
    """Conversions a day lately: a curve's own level may hold what comes without it."""
    days = history[-_LATELY:]
    return sum(one.conversions for one in days) / len(days) if days else 0.0


def _gain(
    curves: Mapping[str, FittedCurve],
    now: Mapping[str, float],
    found: Allocation,
    by: Mapping[str, int],
) -> tuple[float, float, float]:
    """Conversions a day with a 95 % interval: the slopes' own errors, independent of each other,
    times what is moved."""
    mean = sum(
        curves[name].curve.value(found.spend[name]) - curves[name].curve.value(now[name])
        for name in by
    )
    errors = (
        amount * (curves[name].marginal_high - curves[name].marginal_low) / (2 * _Z95)
        for name, amount in by.items()
    )
    reach = _Z95 * math.sqrt(sum(error**2 for error in errors))
    return mean, mean - reach, mean + reach


def _lift_test(
    case: ImprovementCase, lines: Sequence[LiveLine], unknown: Mapping[str, NotIdentified]
) -> Iterator[Shift]:
    """From the line item that returned least per money to the one that returned most.

    The log of a ratio of two Poisson rates has the variance 1/x + 1/y (x, y the conversions).
    """
    ready = [one for one in lines if one.record.conversions >= _LEAST_CONVERSIONS]
    ranked = sorted((one for one in ready if one.record.spend_minor > 0), key=_return)
    # Money given to what cannot spend it is only taken from the others.
    takers = [one for one in ranked if one.used is None or one.used >= _USED]
    if not takers or takers[-1] is ranked[0]:
        return
    worst, best = ranked[0], takers[-1]
    ratio = _return(best) / _return(worst)
    error = math.sqrt(1 / best.record.conversions + 1 / worst.record.conversions)
    if ratio < _LEAST_RATIO or math.log(ratio) < _Z90 * error:
        return
    least = min(best.item.daily_budget_minor, worst.item.daily_budget_minor)
    moved = math.floor(case.per_change * least)
    if moved < 1:
        return
    expected = _of_returns(best, worst, moved, ratio, error)
    doubt = next((one.detail for one in unknown.values()), "no curve can be told yet")
    share = moved / max(1, sum(one.item.daily_budget_minor for one in case.lines))
    yield Shift(
        by={worst.target: -moved, best.target: moved},
        expected=expected,
        why=(
            f"{best.item.name} returned {ratio - 1:+.0%} conversions per money; what more money "
            f"brings is not identified ({doubt}), so one step is taken as a lift test: "
            f"{expected.sentence}"
        ),
        effect=math.log(ratio),
        error=error,
        sample=round(best.record.conversions + worst.record.conversions),
        share=share * (ratio - 1),
    )


def _of_returns(
    best: LiveLine, worst: LiveLine, moved: int, ratio: float, error: float
) -> ExpectedGain:
    """At most the difference of average returns, at least nothing: the next unit never brings
    more than those before it on a concave curve."""
    base = _return(worst) * moved * _WEEK
    high = base * (ratio * math.exp(_Z95 * error) - 1)
    return ExpectedGain(
        metric=METRIC,
        targets=tuple(sorted((best.target, worst.target))),
        mean=base * (ratio - 1) / 2,
        low=0.0,
        high=high,
        basis="lift test",
    )


def _return(line: LiveLine) -> float:
    return line.record.conversions / line.record.spend_minor
