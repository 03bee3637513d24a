"""Guardrails: whether a line was crossed, in three values, for missing data is no answer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from drumbeat.core.campaign.guardrail_rule import GuardrailRule, Reference
from drumbeat.core.campaign.quantity import Quantity, Unit
from drumbeat.core.money import Money
from drumbeat.core.operations.metrics import BASE, value_of


class Truth(StrEnum):
    """Whether something holds. Unknown never leads to an action; it is a data problem."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Snapshot:
    """The base metrics of the cycle so far, as known at ``at``; money in minor units."""

    at: datetime
    counts: Mapping[str, float]


@dataclass(frozen=True)
class Lines:
    """What moving lines stand at, per metric and reference, for the whole cycle; ``progress`` is
    the share of the cycle that has passed, by which counts and sums are brought to now."""

    of: Mapping[tuple[str, Reference], float]
    progress: float = 1.0


@dataclass(frozen=True)
class Crossing:
    """What one rule says: ``value`` beside ``line``, and in words why."""

    rule: GuardrailRule
    truth: Truth
    text: str
    value: float | None = None
    line: float | None = None


def counted_from(snapshots: Sequence[Snapshot], moment: datetime) -> tuple[Snapshot, ...]:
    """What came in after ``moment``: the later snapshots, less what was counted by then. Where the
    one taken by then is no longer kept, the oldest stands for it."""
    before = [one for one in snapshots if one.at <= moment] or list(snapshots[:1])
    if not before:
        return ()
    base = before[-1]
    return tuple(
        Snapshot(one.at, {m: value - base.counts.get(m, 0.0) for m, value in one.counts.items()})
        for one in snapshots
        if one.at > max(moment, base.at)
    )


def evaluate(rule: GuardrailRule, snapshots: Sequence[Snapshot], lines: Lines) -> Crossing:
    """Whether the rule's line is crossed, and has been for as long as the rule asks.

    ``snapshots`` are in order of time. Too small a sample is no crossing; a value or a line that
    cannot be told is unknown. A crossing that must last needs snapshots over all that time.
    """
    if not snapshots:
        return Crossing(rule, Truth.UNKNOWN, f"there are no readings of {rule.metric}")
    newest = _at(rule, snapshots[-1], lines)
    if newest.truth is not Truth.TRUE or rule.lasting is None:
        return newest
    begins = snapshots[-1].at - rule.lasting
    window = [one for one in snapshots if one.at >= begins]
    if snapshots[0].at > begins:
        text = f"{newest.text}; not yet watched for as long as the rule asks"
        return Crossing(rule, Truth.FALSE, text, newest.value, newest.line)
    earlier = [_at(rule, one, lines).truth for one in window]
    return _lasting(newest, earlier)


def _lasting(newest: Crossing, earlier: list[Truth]) -> Crossing:
    if all(truth is Truth.TRUE for truth in earlier):
        return newest
    truth = Truth.UNKNOWN if Truth.FALSE not in earlier else Truth.FALSE
    text = f"{newest.text}; not for as long as the rule asks"
    return Crossing(newest.rule, truth, text, newest.value, newest.line)


def _at(rule: GuardrailRule, snapshot: Snapshot, lines: Lines) -> Crossing:
    if early := _too_early(rule, snapshot):
        return early
    value = value_of(rule.metric, snapshot.counts)
    if value is None or not math.isfinite(value):
        return Crossing(rule, Truth.UNKNOWN, f"{rule.metric} cannot be told from the readings")
    line = _line(rule, lines)
    if line is None or not math.isfinite(line):
        text = f"there is no {rule.level} to compare {rule.metric} with"
        return Crossing(rule, Truth.UNKNOWN, text, value)
    crossed = value < line if rule.below is not None else value > line
    side = "below" if rule.below is not None else "above"
    found = f"{rule.metric} is {value:.4g}, {side if crossed else 'not ' + side} {line:.4g}"
    return Crossing(rule, Truth.TRUE if crossed else Truth.FALSE, found, value, line)


def _too_early(rule: GuardrailRule, snapshot: Snapshot) -> Crossing | None:
    if rule.after is None:
        return None
    seen = value_of(rule.after.metric, snapshot.counts)
    if seen is None:
        text = f"{rule.after.metric} cannot be told, so the sample is not known"
        return Crossing(rule, Truth.UNKNOWN, text)
    if seen < rule.after.count:
        text = f"{seen:,.0f} of {rule.after.count:,} {rule.after.metric} seen: too early to tell"
        return Crossing(rule, Truth.FALSE, text)
    return None


def _line(rule: GuardrailRule, lines: Lines) -> float | None:
    match rule.level:
        case Quantity() as fixed:
            return _figure(fixed)
        case reference:
            moving = lines.of.get((rule.metric, reference))
    if moving is None:
        return None
    # A rate is the same at any time of the cycle; what adds up is compared with its part so far.
    now = moving * lines.progress if rule.metric in BASE else moving
    by = rule.by or 0.0
    return now * (1 - by) if rule.below is not None else now * (1 + by)


def _figure(fixed: Quantity) -> float:
    """The figure in the readings' own unit: money in minor units."""
    if fixed.unit is Unit.MONEY and fixed.currency:
        return float(Money.of(fixed.amount, fixed.currency).minor)
    return float(fixed.amount)
