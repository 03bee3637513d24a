"""Episodes: the causes a monitor named, day by day, drawn together and held against the truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.core.operations.cause import Cause

# Naming the same cause again within this time goes on with the same episode.
_GAP = timedelta(days=7)
# How long after its end a cause may still be named: readings come in later.
GRACE = timedelta(days=4)
_SILENT = frozenset({Cause.NOISE, Cause.UNKNOWN})


@dataclass(frozen=True)
class Episode:
    """One cause, named from ``first`` to ``last``."""

    cause: Cause
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Happening:
    """What really was to be named, from ``begins`` to ``ends``."""

    cause: Cause
    begins: datetime
    ends: datetime

    def explains(self, one: Episode) -> bool:
        """Whether an episode speaks of this, be the cause right or wrong."""
        return one.first <= self.ends + GRACE and one.last >= self.begins


@dataclass(frozen=True)
class Verdict:
    """One pair of what was and what was named; None where there was nothing, or nobody spoke."""

    truth: Cause | None
    named: Cause | None
    delay: timedelta | None = None


def episodes(named: Iterable[tuple[datetime, Cause]]) -> list[Episode]:
    """The moments a cause was named as stretches of time, in order of their beginning."""
    found: dict[Cause, list[Episode]] = {}
    for at, cause in sorted(named):
        if cause in _SILENT:
            continue
        mine = found.setdefault(cause, [])
        if mine and at - mine[-1].last <= _GAP:
            mine[-1] = Episode(cause, mine[-1].first, at)
        else:
            mine.append(Episode(cause, at, at))
    return sorted((one for mine in found.values() for one in mine), key=lambda one: one.first)


def judge(happenings: Sequence[Happening], found: Sequence[Episode]) -> list[Verdict]:
    """Each happening with the episode that names it; then every episode that is left over.

    A wrong name during a happening is set against it, unless the right one was given as well:
    then it stands for a false alarm of its own. The right name once more, after a pause and while
    it still goes on, is neither.
    """
    left = list(found)
    verdicts = []
    missed = []
    for one in happenings:
        hit = next((e for e in left if e.cause is one.cause and one.explains(e)), None)
        if hit is None:
            missed.append(one)
            continue
        left.remove(hit)
        delay = max(hit.first - one.begins, timedelta())
        verdicts.append(Verdict(one.cause, one.cause, delay))
    for one in missed:
        wrong = next((e for e in left if one.explains(e)), None)
        if wrong is not None:
            left.remove(wrong)
        verdicts.append(Verdict(one.cause, wrong.cause if wrong else None))
    ghosts = (e for e in left if not any(e.cause is o.cause and o.explains(e) for o in happenings))
    return [*verdicts, *(Verdict(None, e.cause) for e in ghosts)]
