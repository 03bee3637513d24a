"""Between: money from one live campaign to another, where the next of it brings more there."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.allocation import Shift, Source, weigh_pair
from drumbeat.agents.improving.case import SpendDay
from drumbeat.core.campaign.citation import Citation
from drumbeat.stats.allocation import FittedCurve

# Money given to what does not spend it is only taken from the other.
_USED = 0.9
# What a slope is told of: so many minor units more a day.
_TOLD = 1_000


@dataclass(frozen=True)
class LiveBudget:
    """A running line item and what it has a day, in minor units; ``rests`` says why it is to be
    left alone, empty where it may be changed."""

    target: str
    minor: int
    rests: str = ""


@dataclass(frozen=True)
class LiveCampaign:
    """What runs of a campaign now. It may have ``low`` to ``high`` minor units a day; ``lately`` is
    what it spent a day in the last ones; ``barred`` says why none of its money moves."""

    name: str
    label: str
    currency: str
    # What its conversions are worth by: those of another aim are no measure of them.
    aim: str
    low: float
    high: float
    per_change: float
    lines: tuple[LiveBudget, ...]
    history: tuple[SpendDay, ...] = ()
    lately: float = 0.0
    barred: str = ""

    @property
    def budget(self) -> int:
        return sum(one.minor for one in self.lines)

    @property
    def room(self) -> dict[str, int]:
        """By how much each line item that may be changed may be changed at once."""
        return {
            one.target: floor
            for one in self.lines
            if not one.rests and (floor := math.floor(one.minor * self.per_change)) > 0
        }

    @property
    def problem(self) -> str:
        """Why its money stays; empty where it may move."""
        if self.barred:
            return self.barred
        if not self.lines:
            return "nothing of it runs"
        if not self.room:
            return next((one.rests for one in self.lines if one.rests), "its budgets are too small")
        if not self.low <= self.budget <= self.high:
            return "what runs is outside its range: a person's matter"
        return ""


@dataclass(frozen=True)
class LiveMove:
    """``before`` to ``after``: what each line item has a day, by target. ``told`` is what the next
    money brings on each side, with its interval."""

    giver: LiveCampaign
    taker: LiveCampaign
    before: Mapping[str, int]
    after: Mapping[str, int]
    shift: Shift
    told: tuple[str, ...]


def weigh_live(campaigns: Sequence[LiveCampaign]) -> LiveMove | Hold:
    """The one move between two live campaigns that is worth most, or why none is made."""
    able = [one for one in campaigns if not one.problem]
    unknown: dict[str, str] = {}
    for group in _alike(able):
        found = weigh_pair([_source(one) for one in group])
        unknown |= {name: one.detail for name, one in found.unknown.items()}
        made = _made({one.name: one for one in group}, found.shift, found.curves)
        if made is not None:
            return made
    return _hold(campaigns, able, unknown)


def _alike(able: Sequence[LiveCampaign]) -> Iterator[list[LiveCampaign]]:
    """Those whose money is in one currency and whose aim is the same: nothing else compares."""
    for kind in sorted({(one.currency, one.aim) for one in able}):
        group = [one for one in able if (one.currency, one.aim) == kind]
        if len(group) > 1:
            yield group


def _source(one: LiveCampaign) -> Source:
    room = sum(one.room.values())
    spends = one.lately >= _USED * one.budget
    return Source(
        name=one.name,
        label=one.label,
        budget=one.budget,
        least=max(one.low, one.budget - room),
        most=min(one.high, one.budget + room) if spends else one.budget,
        history=one.history,
    )


def _made(
    campaigns: Mapping[str, LiveCampaign],
    shift: Shift | None,
    curves: Mapping[str, FittedCurve],
) -> LiveMove | None:
    if shift is None or len(shift.by) != 2:
        return None
    first, last = sorted(shift.by, key=lambda name: shift.by[name])
    giver, taker = campaigns[first], campaigns[last]
    # To the cent as much as is taken: both never have more than they had, there and back.
    rooms = (sum(giver.room.values()), sum(taker.room.values()))
    total = min(-shift.by[first], shift.by[last], *rooms)
    taken, given = spread(total, giver.room), spread(total, taker.room)
    if not given:
        return None
    by = {**{name: -minor for name, minor in taken.items()}, **given}
    before = {one.target: one.minor for side in (giver, taker) for one in side.lines}
    before = {target: before[target] for target in sorted(by)}
    after = {target: minor + by[target] for target, minor in before.items()}
    told = tuple(_slope(one, curves[one.name]) for one in (taker, giver))
    return LiveMove(giver, taker, before, after, shift, told)


def spread(total: int, room: Mapping[str, int]) -> dict[str, int]:
    """``total`` over the line items, each in proportion to its room and within it; what rounding
    leaves goes to those with the most. Those that get nothing are left out."""
    whole = sum(room.values())
    total = min(total, whole)
    if total <= 0:
        return {}
    parts = {target: total * most // whole for target, most in room.items()}
    rest = total - sum(parts.values())
    for target in sorted(room, key=lambda one: (-room[one], one)):
        more = min(rest, room[target] - parts[target])
        parts[target] += more
        rest -= more
    return {target: minor for target, minor in parts.items() if minor}


def _slope(one: LiveCampaign, curve: FittedCurve) -> str:
    low, high = (max(0.0, _TOLD * each) for each in (curve.marginal_low, curve.marginal_high))
    money = f"{one.currency} {_TOLD // 100}"
    return f"the next {money} a day bring {low:.2f} to {high:.2f} conversions in {one.label}"


def _hold(
    campaigns: Sequence[LiveCampaign], able: Sequence[LiveCampaign], unknown: Mapping[str, str]
) -> Hold:
    if unknown:
        text = "; ".join(f"{name}: {why}" for name, why in sorted(unknown.items()))
        return Hold(reason="not identified", text=text)
    if any(True for _ in _alike(able)):
        text = "no move between what runs of campaigns is worth more than noise"
        return Hold(reason="within noise", text=text)
    stays = [f"{one.label}: {one.problem}" for one in campaigns if one.problem]
    text = "; ".join(stays) or "no two campaigns have the same aim and currency"
    return Hold(reason="resting", text=text, evidence=_cited(campaigns))


def _cited(campaigns: Sequence[LiveCampaign]) -> tuple[Citation, ...]:
    return tuple(
        Citation(source=f"readings/{one.name}", text=one.problem)
        for one in campaigns
        if one.problem
    )
