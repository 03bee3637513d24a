"""Follow-up: opportunities beside what the leads were worth before, however long sales takes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, pvariance

from drumbeat.core.operations.change import Change

Counted = Mapping[datetime, float]

SOURCE = "sales team"
_DAY = timedelta(days=1)
_WEEK = 7
_USUAL = 28
_LEAST_DAYS = 10
# Fewer expected opportunities than this in a stretch cannot fall clearly.
_LEAST_EXPECTED = 5.0
# Within so many days a lead is called and becomes an opportunity, or not.
_LATEST = 5
# It is looked at every day for years, over three stretches: rarer than other signals by chance.
_CLEAR = 3.9


def follow_up(leads: Counted, opportunities: Counted, latest: datetime, span: int = 1) -> Change:
    """The last ``span`` days up to ``latest``, or where those are not clear the last week.

    Nobody knows how long sales takes to make an opportunity of a lead, so the leads of every
    delay up to five days are held against it: it is a fall only where none of them explains it.
    A slump or an outage thins out the leads first and is therefore none. Unknown where there is
    too little to compare with.
    """
    first = _over(leads, opportunities, latest, span)
    if first.is_clear:
        return first
    week = _over(leads, opportunities, latest, _WEEK)
    return week if week.is_clear or first.relative is None else first


@dataclass(frozen=True)
class _Usual:
    """Opportunities a lead, and how much more than chance the days differ by (1: not at all)."""

    rate: float
    dispersion: float
    days: int


def _over(leads: Counted, opportunities: Counted, latest: datetime, width: int) -> Change:
    unknown = Change(relative=None, is_clear=False, source=SOURCE)
    usual = _usual(leads, opportunities, latest - width * _DAY, width)
    now = _sum(opportunities, latest, width)
    given = [_sum(leads, latest - delay * _DAY, width) for delay in range(_LATEST + 1)]
    known = [one for one in given if one is not None]
    if usual is None or now is None or len(known) < len(given):
        return unknown
    low, high = (usual.rate * pick(known) for pick in (min, max))
    if low < _LEAST_EXPECTED:
        return unknown
    expected = min(max(now, low), high)
    # The root of a Poisson count plus 3/8 has a variance of 1/4 (Anscombe 1948); what is usual
    # is itself known from so many days only.
    spread = math.sqrt(usual.dispersion * (1.0 + width / usual.days))
    gap = 2.0 * (math.sqrt(now + 0.375) - math.sqrt(expected + 0.375))
    return Change(relative=now / expected - 1.0, is_clear=abs(gap) > _CLEAR * spread, source=SOURCE)


def _usual(leads: Counted, opportunities: Counted, until: datetime, width: int) -> _Usual | None:
    days = [until - back * _DAY for back in range(_USUAL)]
    both = [day for day in days if day in leads and day in opportunities]
    asked = math.fsum(leads[day] for day in both)
    made = [opportunities[day] for day in both]
    if len(both) < _LEAST_DAYS or not asked or not sum(made):
        return None
    # Where nobody works at week-ends days differ much, whole weeks do not.
    dispersion = 1.0 if width % _WEEK == 0 else _dispersion(made)
    return _Usual(math.fsum(made) / asked, dispersion, len(both))


def _dispersion(counts: Sequence[float]) -> float:
    """The variance over the mean, which is 1 for counts that differ by chance alone."""
    return max(1.0, pvariance(counts) / fmean(counts))


def _sum(counts: Counted, latest: datetime, width: int) -> float | None:
    days = [latest - back * _DAY for back in range(width)]
    return math.fsum(counts[day] for day in days) if all(d in counts for d in days) else None
