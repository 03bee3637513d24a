"""Expected gain: what a move of money is expected to bring a week, and what it brought."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from drumbeat.core.campaign.lesson import Effect
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

# Days beside each other, and from how many after a change on they count.
SPAN = timedelta(days=14)
_SETTLES = timedelta(days=3)
# Conversions come in up to a week after the click they are credited to.
MATURES = timedelta(days=7)
_WEEK = 7
_Z95 = 1.959964


class ExpectedGain(Noun):
    """More of ``metric`` a week over ``targets`` together, with a 95 % interval.

    ``basis`` is ``curves`` where response curves were identified; ``lift test`` where the move
    itself is what finds out.
    """

    metric: str
    targets: tuple[str, ...]
    mean: float
    low: float
    high: float
    basis: Literal["curves", "lift test"]

    @property
    def sentence(self) -> str:
        name = self.metric.replace("_", " ")
        return f"{self.mean:+.1f} {name} a week expected ({self.low:+.1f} to {self.high:+.1f})"


class Move(Noun):
    """Changes that belong together, with what was expected of them; ``entry`` is the ledger entry
    of their check, once they were checked."""

    proposals: tuple[str, ...]
    campaign: str
    why: str
    gained: str
    expected: ExpectedGain
    asked_at: Moment


Verdict = Literal[
    "as expected", "less than expected", "more than expected", "too uncertain to tell"
]


class Checked(Noun):
    """What a move brought, beside what was expected: ``low`` to ``high`` is a 95 % interval.
    What fits both the expectation and no gain at all says neither."""

    mean: float
    low: float
    high: float
    verdict: Verdict


def is_ripe(made_at: Moment, now: Moment) -> bool:
    """Whether the days after a change are over and their conversions are in."""
    return now >= made_at + _SETTLES + SPAN + MATURES


def check(
    expected: ExpectedGain,
    moved: Mapping[date, float],
    others: Mapping[date, float],
    made_at: Moment,
) -> Checked | None:
    """The change in the targets' daily counts, before to after, less what everybody's changed.

    ``moved`` and ``others`` are daily counts of the targets and of what was left alone (the shop
    where nothing was), which stands for the trend. Poisson errors. None without days to compare.
    """
    day = made_at.date()
    before = _between(moved, day - SPAN, day)
    after = _between(moved, day + _SETTLES, day + _SETTLES + SPAN)
    if not before or not after:
        return None
    trend = _trend(others, day)
    then, now = sum(before) / len(before) * trend, sum(after) / len(after)
    error = math.sqrt(max(then * trend, 0.0) / len(before) + max(now, 0.0) / len(after))
    mean, reach = (now - then) * _WEEK, _Z95 * error * _WEEK
    return Checked(mean=mean, low=mean - reach, high=mean + reach,
                   verdict=_verdict(expected, mean - reach, mean + reach))  # fmt: skip


def relative(found: Checked, before_per_week: float, units: int) -> Effect | None:
    """The check as a relative effect, for a lesson; None where there was nothing before."""
    if before_per_week <= 0:
        return None
    low, mean, high = (x / before_per_week for x in (found.low, found.mean, found.high))
    return Effect(low=low, mean=mean, high=high, sample_size=units)


def _verdict(expected: ExpectedGain, low: float, high: float) -> Verdict:
    if high < expected.low:
        return "less than expected"
    if low > expected.high:
        return "more than expected"
    return "as expected" if low > 0 else "too uncertain to tell"


def _trend(others: Mapping[date, float], day: date) -> float:
    before = _between(others, day - SPAN, day)
    after = _between(others, day + _SETTLES, day + _SETTLES + SPAN)
    if not before or not after or sum(before) <= 0:
        return 1.0
    return (sum(after) / len(after)) / (sum(before) / len(before))


def _between(counts: Mapping[date, float], since: date, until: date) -> list[float]:
    return [value for day, value in sorted(counts.items()) if since <= day < until]
