"""Traffic: what a surface yields in a week, read off what was counted there before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.sizing import Traffic
from drumbeat.core.governance.action import Channel
from drumbeat.core.operations.metrics import RATES
from drumbeat.stats.means import ratio_summary

_ARMS = 2
_DAYS = 7
# A spread read off fewer units than this is no spread. Of weeks there are few.
_LEAST_UNITS, _LEAST_WEEKS = 10, 6


@dataclass(frozen=True)
class Counted:
    """What was counted on a day: of a segment (mails), a creative (ads) or one post."""

    day: date
    segment: str
    part: str
    counts: Mapping[str, float]


def traffic_of(
    claim: Hypothesis,
    channel: Channel,
    counted: Iterable[Counted],
    *,
    agent_share: float,
    posts_per_week: int,
) -> Traffic | None:
    """The units a week that a test of the claim can count on, and the control's mean; None where
    the past does not tell.

    Units are those of ``observe``: people of a mail (``agent_share`` of them are the agent's),
    days of an ad's arm, posts, or whole weeks of posts.
    """
    known = tuple(counted)
    match channel:
        case Channel.EMAIL:
            return _of_people(claim, known, agent_share)
        case Channel.ADS:
            return _of_units(claim, _by_day(known), _ARMS * _DAYS)
        case _ if Variable.POSTING_CADENCE in claim.variables:
            return _of_weeks(claim, known)
        case _:
            return _of_units(claim, [one.counts for one in known], posts_per_week)


def audience_share(claim: Hypothesis, counted: Iterable[Counted]) -> float:
    """The part of the surface's people whom the claim is about: what a win can reach."""
    reached: dict[bool, float] = {True: 0.0, False: 0.0}
    for one in counted:
        people = one.counts.get("delivered") or one.counts.get("impressions") or 0.0
        reached[not claim.audience or not one.segment or one.segment in claim.audience] += people
    whole = sum(reached.values())
    return reached[True] / whole if whole else 1.0


def _of_people(
    claim: Hypothesis, counted: tuple[Counted, ...], agent_share: float
) -> Traffic | None:
    ratio = RATES.get(claim.metric)
    if ratio is None or {ratio.over, ratio.under} & {"revenue", "spend"}:
        return None  # a mail's money is no share, and its spread is not reported
    mine = [one for one in counted if not claim.audience or one.segment in claim.audience]
    weeks = {one.day.isocalendar()[:2] for one in mine if one.counts.get(ratio.under)}
    hits = sum(one.counts.get(ratio.over, 0.0) for one in mine)
    tried = sum(one.counts.get(ratio.under, 0.0) for one in mine)
    units = round(tried / len(weeks) * agent_share) if weeks else 0
    if not 0 < hits < tried or units < 1:
        return None
    return Traffic(units_per_week=units, baseline=hits / tried)


def _of_weeks(claim: Hypothesis, counted: tuple[Counted, ...]) -> Traffic | None:
    """The calendar weeks between the first and the last, which may be cut. A week that brings more
    also swings more: the spread is that between the two arms."""
    weeks: dict[tuple[int, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in counted:
        for metric, value in one.counts.items():
            weeks[one.day.isocalendar()[:2]][metric] += value
    found = _of_units(claim, [weeks[key] for key in sorted(weeks)[1:-1]], 1, least=_LEAST_WEEKS)
    if found is None or found.variance is None:
        return None
    wider = max(1.0, (1 + (1 + claim.expected) ** 2) / _ARMS)
    return found.model_copy(update={"variance": found.variance * wider})


def _of_units(
    claim: Hypothesis, units: list[Mapping[str, float]], per_week: int, least: int = _LEAST_UNITS
) -> Traffic | None:
    ratio = RATES.get(claim.metric)
    over, under = (ratio.over, ratio.under) if ratio else (claim.metric, "")
    told = [one for one in units if over in one and (not under or under in one)]
    if len(told) < least or per_week < 1:
        return None
    found = ratio_summary([one[over] for one in told], [one[under] if under else 1 for one in told])
    if found is None or found.mean <= 0 or found.variance <= 0:
        return None
    return Traffic(units_per_week=per_week, baseline=found.mean, variance=found.variance)


def _by_day(counted: tuple[Counted, ...]) -> list[Mapping[str, float]]:
    days: dict[tuple[date, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in counted:
        for metric, value in one.counts.items():
            days[one.day, one.part][metric] += value
    return [days[key] for key in sorted(days)]
