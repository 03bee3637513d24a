"""Inferred decisions: what people seem to have done, read from what each unit spent.

An export does not say who changed what. A stop, a start or a lasting change of a unit's share of
the campaign's spend looks like a decision; a platform's own pacing can look the same.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from statistics import fmean, median

from drumbeat.core.canonical import name
from drumbeat.core.governance.decision import Decision
from drumbeat.lab.past_field import Past

_DAY = timedelta(days=1)
_BEFORE, _AFTER = 7, 3
_REST = timedelta(days=7)
# A share must move this much, and by this many robust standard deviations, to look decided.
_LEAST = 0.3
_CLEAR = 3.0
_MAD_TO_SIGMA = 1.4826
# Nobody decides about crumbs: less than this share of the campaign's spend is not looked at.
_CRUMB = 0.01
_SOURCE = "inferred from spend"


def inferred(past: Past) -> tuple[Decision, ...]:
    """Every change of a campaign's units that looks like somebody's decision, oldest first."""
    found = [one for unit in past.units for one in _of_unit(past, unit)]
    return tuple(sorted(found, key=lambda one: (one.at, one.target)))


def _of_unit(past: Past, unit: str) -> Iterator[Decision]:
    days = past.days
    spend = [past.units[unit].get(day, {}).get("spend", 0.0) for day in days]
    whole = [sum(u.get(day, {}).get("spend", 0.0) for u in past.units.values()) for day in days]
    shares = [own / all_ if all_ else 0.0 for own, all_ in zip(spend, whole, strict=True)]
    last: date | None = None
    for n in range(_BEFORE, len(days) - _AFTER + 1):
        if last is not None and days[n] - last < _REST:
            continue
        kind, size = _change(spend, shares, n)
        if kind:
            last = days[n]
            yield _decision(past.campaign, unit, kind, size, days[n])


def _change(spend: list[float], shares: list[float], n: int) -> tuple[str, float | None]:
    """What happened on day ``n``: the kind of change, and its size where it has one."""
    before, after = slice(n - _BEFORE, n), slice(n, n + _AFTER)
    if spend[n - 1] > 0 and not any(spend[after]) and all(spend[n - 3 : n]):
        return "ads.pause", None
    if spend[n] > 0 and all(spend[after]) and not any(spend[n - 3 : n]):
        return "ads.enable", None
    usual, now = median(shares[before]), fmean(shares[after])
    if not all(spend[before]) or not all(spend[after]) or max(usual, now) < _CRUMB:
        return "", None
    spread = _MAD_TO_SIGMA * median(abs(share - usual) for share in shares[before])
    size = now / usual - 1.0
    is_one_step = abs(shares[n] / usual - 1.0) >= _LEAST
    if abs(size) >= _LEAST and is_one_step and abs(now - usual) > _CLEAR * spread:
        return "ads.set_budget", size
    return "", None


def _decision(campaign: str, unit: str, kind: str, size: float | None, day: date) -> Decision:
    at = datetime.combine(day, time(12, tzinfo=UTC))
    less = kind == "ads.pause" or (size is not None and size < 0)
    return Decision(
        id=name("dec", campaign, unit, kind, at),
        at=at,
        by="person:unnamed",
        campaign=campaign,
        kind=kind,
        channel="ads",
        target=unit,
        direction=-1 if less else 1,
        size=abs(size) if size is not None else None,
        why="",
        source=_SOURCE,
    )
