"""Placement mix: how ads' money is spread over placements, and how it might be spread better."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.plan import PlacementChoice

# A placement that brought fewer conversions says nothing of itself, unless its money would have
# brought as many elsewhere.
_LEAST = 10.0
_Z90 = 1.644854
# A mix is left alone for a smaller step than this share of the money.
_LEAST_STEP = 0.01
_COMMON = frozenset(
    {"feed", "stories", "reels", "search", "display", "video", "audience-network", "explore"}
    | {"marketplace", "right-column", "messenger", "in-stream", "shorts", "discover", "shopping"}
)


def placement_mix(
    records: Iterable[LineRecord],
    currency: str,
    most_change: float,
    running: Mapping[str, float] | None = None,
) -> PlacementChoice:
    """The shares of spend by placement, now and suggested; no suggestion where that is unknown.

    Returns are conversions per money, drawn to the average by the average's own conversions, and
    shares tilted by their square root, as returns diminish. Placements too thin to tell keep their
    share; no share moves by more than ``most_change`` of itself; differences within chance (90 %,
    two-sided, Poisson) move nothing. Money in other currencies is left out. ``running`` is the mix
    that is set now, where one is: the step is taken from there, not from what the past came to.
    """
    known = _labelled(one for one in records if one.currency == currency and one.spend_minor > 0)
    cited = tuple(one.citation for one in known.values())
    if len(known) < 2:
        why = f"figures by placement: {'only one' if known else 'none'}"
        return PlacementChoice(why=f"unknown: {why}", citations=cited)
    whole = sum(one.spend_minor for one in known.values())
    now = {name: one.spend_minor / whole for name, one in known.items()}
    if running and known.keys() == running.keys():
        now = dict(running)
    usual = sum(one.conversions for one in known.values()) / whole
    told = {
        name: one
        for name, one in known.items()
        if max(one.conversions, usual * one.spend_minor) >= _LEAST
    }
    thin = sorted(known.keys() - told.keys())
    beside = f"; too thin to tell: {', '.join(thin)}" if thin else ""
    if len(told) < 2:
        text = f"unknown: fewer than two placements could bring {_LEAST:.0f} conversions{beside}"
        return PlacementChoice(why=text, now=now, citations=cited)
    ranked = sorted(told, key=lambda name: _return(told[name]))
    worst, best = told[ranked[0]], told[ranked[-1]]
    if not _differ(best, worst):
        text = f"stays: {best.name} and {worst.name} differ by no more than chance{beside}"
        return PlacementChoice(why=text, now=now, citations=cited)
    suggested = _rounded(_tilted(now, told, most_change))
    if sum(abs(suggested[name] - now[name]) for name in now) / 2 < _LEAST_STEP:
        text = f"stays: less than {_LEAST_STEP:.0%} of the money would move{beside}"
        return PlacementChoice(why=text, now=now, citations=cited)
    moved = ", ".join(f"{name} {now[name]:.0%} → {suggested[name]:.0%}" for name in sorted(told))
    ratio = _return(best) / _return(worst) - 1.0
    text = f"{best.name} returned {ratio:+.0%} conversions per money beside {worst.name}: {moved}"
    return PlacementChoice(why=text + beside, now=now, suggested=suggested, citations=cited)


def in_words(shares: Mapping[str, float]) -> str:
    """A mix in one line, by name; empty where there is none."""
    return ", ".join(f"{name} {share:.0%}" for name, share in sorted(shares.items()))


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
    """Conversions per money; half a one more, so that none at all can be compared."""
    return (one.conversions + 0.5) / one.spend_minor


def _differ(best: LineRecord, worst: LineRecord) -> bool:
    error = math.sqrt(1.0 / (best.conversions + 0.5) + 1.0 / (worst.conversions + 0.5))
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


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    """The shares as people read them, to a hundredth of a percent, adding up to 1."""
    short = {name: round(share, 4) for name, share in shares.items()}
    largest = max(short, key=lambda name: short[name])
    rest = sum(share for name, share in short.items() if name != largest)
    return short | {largest: round(1.0 - rest, 4)}
