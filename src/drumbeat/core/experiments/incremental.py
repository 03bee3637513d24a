"""Incremental: what mail added, from people dealt to the agent, to business as usual, or to none.

A row is a person in a week. Orders are counted by the shop, wherever they came from, so that what
would have come anyway stands on both sides.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from drumbeat.core.experiments.holdout import Treatment
from drumbeat.core.operations.reading import Measured
from drumbeat.stats.incrementality import ArmInput, HoldoutLift, holdout_lift
from drumbeat.stats.sequential import Summary

HELD_OUT, USUAL = "hold_out", "usual"
# What is reported, and what the shop's figures by arm hold of it.
_NO_LEADS = "no system says by arm whose leads they were: it takes qualified_leads with an arm"
OUTCOMES = ("conversions", "revenue", "qualified leads", "retention")


@dataclass(frozen=True)
class Lifted:
    """What was added to ``outcome``, ``against`` one of the other treatments.

    ``total`` is low, mean and high over everybody the agent reached, in counts, minor units or,
    for a return, per money spent; ``is_known`` whether its interval leaves out nothing; ``lift``
    the same a person and week, where people were dealt.
    """

    outcome: str
    against: Treatment
    lift: HoldoutLift | None
    reason: str
    total: tuple[float, float, float] | None = None
    is_known: bool = False


@dataclass
class _Sums:
    people: float = 0.0
    orders: float = 0.0
    takings: float = 0.0
    leads: float = 0.0
    tells_leads: bool = False
    delivered: float = 0.0
    left: float = 0.0
    days: list[tuple[float, float]] = field(default_factory=list)


def incremental(readings: Iterable[Measured]) -> tuple[Lifted, ...]:
    """Every outcome against nothing and against business as usual; what is unknown says why.

    ``readings`` are those of the campaign's mails by ``arm`` (the shop's orders of the people in
    it) and by ``variant`` (the platform's departures).
    """
    sums = _sums(readings)
    return tuple(
        _lifted(outcome, against, sums)
        for against in (Treatment.NOTHING, Treatment.BUSINESS_AS_USUAL)
        for outcome in OUTCOMES
    )


def _sums(readings: Iterable[Measured]) -> Mapping[Treatment, _Sums]:
    found: dict[Treatment, _Sums] = defaultdict(_Sums)
    reach: dict[tuple[str, str], float] = {}
    by_day: dict[tuple[Treatment, str, datetime], dict[str, float]] = defaultdict(dict)
    for one in readings:
        arm = one.dimensions.get("arm")
        if arm is not None and len(one.dimensions) == 1:
            if one.metric == "reach":
                # Told again every day: the same people.
                key = one.target, str(arm)
                reach[key] = max(reach.get(key, 0.0), one.value)
            else:
                day = by_day[_treatment(str(arm)), one.target, one.since]
                day[one.metric] = day.get(one.metric, 0.0) + one.value
        variant = one.dimensions.get("variant")
        if variant is not None and len(one.dimensions) == 1:
            mine = found[_treatment(str(variant))]
            mine.delivered += one.value if one.metric == "delivered" else 0.0
            mine.left += one.value if one.metric in ("unsubscribes", "complaints") else 0.0
    for (_, arm_name), people in reach.items():
        found[_treatment(arm_name)].people += people
    for (treatment, _, _), counts in sorted(by_day.items()):
        mine = found[treatment]
        mine.orders += counts.get("orders", 0.0)
        mine.takings += counts.get("revenue", 0.0)
        mine.leads += counts.get("qualified_leads", 0.0)
        mine.tells_leads |= "qualified_leads" in counts
        mine.days.append((counts.get("orders", 0.0), counts.get("revenue", 0.0)))
    return found


def _treatment(arm: str) -> Treatment:
    return {HELD_OUT: Treatment.NOTHING, USUAL: Treatment.BUSINESS_AS_USUAL}.get(
        arm, Treatment.AGENT
    )


def _lifted(outcome: str, against: Treatment, sums: Mapping[Treatment, _Sums]) -> Lifted:
    own, other = sums.get(Treatment.AGENT, _Sums()), sums.get(against, _Sums())
    sides: tuple[ArmInput | None, ArmInput | None]
    match outcome:
        case "conversions":
            sides = _shares(own.orders, own.people), _shares(other.orders, other.people)
            why = "no orders are reported by arm"
        case "revenue":
            sides = _money(own), _money(other)
            why = "no revenue is reported by arm"
        case "retention" if against is Treatment.BUSINESS_AS_USUAL:
            sides = (
                _shares(own.delivered - own.left, own.delivered),
                _shares(other.delivered - other.left, other.delivered),
            )
            why = "no departures are reported by arm"
        case "retention":
            why = "who gets no mail cannot leave it; conversions say whether they still buy"
            return Lifted(outcome, against, None, why)
        case _ if own.tells_leads and other.tells_leads:
            sides = _shares(own.leads, own.people), _shares(other.leads, other.people)
            why = "nobody is known to be in both arms"
        case _:
            return Lifted(outcome, against, None, _NO_LEADS)
    if sides[0] is None or sides[1] is None:
        return Lifted(outcome, against, None, why)
    lift = holdout_lift(sides[0], sides[1])
    rows = own.delivered if outcome == "retention" else own.people
    is_known = lift.verdict != "unknown"
    return Lifted(outcome, against, lift, lift.reason, _total(lift, rows), is_known)


def _shares(hits: float, of: float) -> tuple[int, int] | None:
    n, k = round(of), round(hits)
    return (n, k) if n > 0 and 0 <= k <= n else None


def _money(sums: _Sums) -> Summary | None:
    """Revenue a person and week: a compound Poisson sum, so its variance is the rate of orders
    times the mean square of a basket, the basket's spread read off the days."""
    n = round(sums.people)
    if n < 1 or sums.orders < 2:
        return None
    basket = sums.takings / sums.orders
    off = sum((revenue - basket * orders) ** 2 for orders, revenue in sums.days)
    square = basket**2 + off / sums.orders
    return Summary(n, sums.takings / n, sums.orders / n * square)


def _total(lift: HoldoutLift, rows: float) -> tuple[float, float, float] | None:
    parts = (lift.absolute, lift.absolute_low, lift.absolute_high)
    known = [part for part in parts if part is not None and math.isfinite(part)]
    if len(known) < len(parts):
        return None
    return known[1] * rows, known[0] * rows, known[2] * rows
