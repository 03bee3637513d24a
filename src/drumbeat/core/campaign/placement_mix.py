"""Placement mix: how ads' money is spread over placements, and how it might be spread better."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.plan import PlacementChoice

# Conversions below which a placement says nothing of itself.
_LEAST = 10.0
_Z90 = 1.644854
_COMMON = frozenset(
    {"feed", "stories", "reels", "search", "display", "video", "audience-network", "explore"}
    | {"marketplace", "right-column", "messenger", "in-stream", "shorts", "discover", "shopping"}
)


def placement_mix(
    records: Iterable[LineRecord], currency: str, most_change: float
) -> PlacementChoice:
    """The shares of spend by placement, now and suggested; no suggestion where that is unknown.

    Returns are conversions per money, drawn to the average by the average's own conversions, and
    shares tilted by their square root, as returns diminish. Placements too thin to tell keep their
    share; no share moves by more than ``most_change`` of itself; differences within chance (90 %,
    two-sided, Poisson) move nothing. Money in other currencies is left out.
    """
    known = _labelled(one for one in records if one.currency == currency and one.spend_minor > 0)
    cited = tuple(one.citation for one in known.values())
    if len(known) < 2:
        why = f"figures by placement: {'only one' if known else 'none'}"
        return PlacementChoice(why=f"unknown: {why}", citations=cited)
    whole = sum(one.spend_minor for one in known.values())
    now = {name: one.spend_minor / whole for name, one in known.items()}
    told = {name: one for name, one in known.items() if one.conversions >= _LEAST}
    thin = sorted(known.keys() - told.keys())
    beside = f"; too thin to tell: {', '.join(thin)}" if thin else ""
    if len(told) < 2:
        text = f"unknown: fewer than two placements brought {_LEAST:.0f} conversions{beside}"
        return PlacementChoice(why=text, now=now, citations=cited)
    ranked = sorted(told, key=lambda name: told[name].conversions / told[name].spend_minor)
    worst, best = told[ranked[0]], told[ranked[-1]]
    if not _differ(best, worst):
        text = f"stays: {best.name} and {worst.name} differ by no more than chance{beside}"
        return PlacementChoice(why=text, now=now, citations=cited)
    suggested = _tilted(now, told, most_change)
    moved = ", ".join(f"{name} {now[name]:.0%} → {suggested[name]:.0%}" for name in sorted(told))
    ratio = _return(best) / _return(worst) - 1.0
    text = f"{best.name} returned {ratio:+.0%} conversions per money beside {worst.name}: {moved}"
    return PlacementChoice(why=text + beside, now=now, suggested=suggested, citations=cited)


def _labelled(records: Iterable[LineRecord]) -> dict[str, LineRecord]:
    """One record a placement, the dearest first. What an export calls them is somebody's words
    and stays there, unless it is what everybody calls them."""
    grouped: dict[str, list[LineRecord]] = defaultdict(list)
    for one in records:
        grouped[one.name].append(one)
    by_spend = sorted(grouped.items(), key=lambda p: (-sum(o.spend_minor for o in p[1]), p[0]))
    found = {}
    for place, (name, group) in enumerate(by_spend, 1):
        plain = name.strip().lower().replace("_", "-").replace(" ", "-")
        label = plain if plain in _COMMON else f"placement {place} by spend"
        found[label] = _summed(label, group)
    return found


def _summed(label: str, group: list[LineRecord]) -> LineRecord:
    return replace(
        group[0],
        name=label,
        **{
            field: sum(getattr(one, field) for one in group)
            for field in ("impressions", "clicks", "conversions", "spend_minor", "revenue_minor")
        },
    )


def _return(one: LineRecord) -> float:
    return one.conversions / one.spend_minor


def _differ(best: LineRecord, worst: LineRecord) -> bool:
    error = math.sqrt(1.0 / best.conversions + 1.0 / worst.conversions)
    return math.log(_return(best) / _return(worst)) > _Z90 * error


def _tilted(
    now: Mapping[str, float], told: Mapping[str, LineRecord], most: float
) -> dict[str, float]:
    """The shares of those that can be told, tilted and bounded; together they keep theirs."""
    pooled = sum(o.conversions for o in told.values()) / sum(o.spend_minor for o in told.values())
    prior = sum(one.conversions for one in told.values()) / len(told)
    worth = {
        name: (one.conversions + prior) / (pooled * one.spend_minor + prior)
        for name, one in told.items()
    }
    whole = sum(now[name] for name in told)
    aims = {name: now[name] * math.sqrt(worth[name]) for name in told}
    scale = whole / sum(aims.values())
    steps = {
        name: now[name] * max(-most, min(most, aims[name] * scale / now[name] - 1.0))
        for name in told
    }
    # What goes out and what comes in are alike: the larger side is cut back to the smaller.
    gives = -sum(step for step in steps.values() if step < 0)
    takes = sum(step for step in steps.values() if step > 0)
    least = min(gives, takes)
    kept = {True: least / takes if takes else 0.0, False: least / gives if gives else 0.0}
    return {
        name: share + (steps[name] * kept[steps[name] > 0] if name in steps else 0.0)
        for name, share in now.items()
    }
