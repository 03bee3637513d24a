"""Send time: the hour a mail goes out, moved only when the figures are clear."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.dossier import Dossier
from drumbeat.core.campaign.lesson import Lesson, LessonElement, ratio_effect
from drumbeat.core.campaign.tally import Ranked, Tally, rank

# Nobody is mailed outside these local hours, whatever the figures say.
_FIRST_HOUR, _LAST_HOUR = 7, 20
_LEAST_TRIALS = 2_000
_LEAST_GAIN = 0.05


@dataclass(frozen=True)
class SendTime:
    """When, in UTC, and what the choice rests on."""

    at: datetime
    why: str
    citations: tuple[Citation, ...]


def choose_send_time(
    occurrence: datetime,
    zone: str,
    dossier: Dossier,
    lessons: Iterable[Lesson],
    *,
    earliest: datetime,
    declared: Citation,
) -> SendTime:
    """The occurrence's own hour, or another of the same local day that did clearly better.

    Clearly: 2,000 trials or more at both hours, five per cent better after shrinking, and a 95 %
    interval of the ratio above zero. ``declared`` cites the cadence; nothing before ``earliest``.
    """
    local = occurrence.astimezone(ZoneInfo(zone))
    own = f"{local:%H}"
    tallies = dossier.about(LessonElement.SEND_HOUR)
    hours = [own, *(t.subject for t in tallies if _is_decent(t.subject))]
    ranked = rank(hours, tallies, lessons, LessonElement.SEND_HOUR)
    standing = next(one for one in ranked if one.subject == own)
    for better in ranked:
        moment = _moment(local, better.subject)
        if better.subject != own and moment >= earliest and _is_clear(better, standing):
            why = f"{better.subject}:00 did clearly better than {own}:00"
            return SendTime(moment, why, (*better.citations, *standing.citations))
    why = f"{local:%H:%M} as declared; no other hour did clearly better"
    return SendTime(max(occurrence, earliest), why, (declared, *standing.citations))


def _is_decent(hour: str) -> bool:
    return hour.isdigit() and _FIRST_HOUR <= int(hour) <= _LAST_HOUR


def _moment(local: datetime, hour: str) -> datetime:
    """That hour of the same local day, in UTC."""
    at = datetime.combine(local.date(), time(int(hour)), local.tzinfo)
    return at.astimezone(ZoneInfo("UTC"))


def _is_clear(better: Ranked, standing: Ranked) -> bool:
    hits, trials = _counts(better.tallies)
    own_hits, own_trials = _counts(standing.tallies)
    if min(trials, own_trials) < _LEAST_TRIALS or better.score < (1 + _LEAST_GAIN) * standing.score:
        return False
    effect = ratio_effect(hits, trials, own_hits, own_trials)
    return effect is not None and effect.low > 0


def _counts(tallies: tuple[Tally, ...]) -> tuple[int, int]:
    return round(sum(t.hits for t in tallies)), round(sum(t.trials for t in tallies))
