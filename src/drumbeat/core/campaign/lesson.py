"""Lessons: what the next cycle does differently, and the ledger entries that taught it."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.canonical import name
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

# What was learned about people's taste is not trusted for longer than a season.
LASTS = timedelta(days=90)
_Z95 = 1.959964


class LessonElement(StrEnum):
    """The part of a plan a lesson speaks of."""

    THEME = "theme"
    ANGLE = "angle"
    SUBJECT_STYLE = "subject_style"
    SEND_HOUR = "send_hour"
    SEGMENT = "segment"
    LINE_ITEM = "line_item"
    TOPIC = "topic"
    HOOK = "hook"
    NETWORK = "network"
    FORMAT = "format"


class Effect(Noun):
    """A relative effect with its 95 % interval: 0.2 is 20 % better than what it is beside."""

    low: float
    mean: float
    high: float
    sample_size: int = Field(ge=0)

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out "no difference"."""
        return self.low > 0 or self.high < 0

    @property
    def shrunk(self) -> float:
        """The mean drawn towards zero by m² / (m² + s²), s the interval's standard error:
        the posterior mean of a normal effect whose prior spread is the effect itself."""
        error = (self.high - self.low) / (2 * _Z95)
        spread = self.mean**2 + error**2
        return self.mean**3 / spread if spread else 0.0


class Lesson(Noun):
    """``subject`` of ``element`` did better or worse than its peers, as ``entries`` show.

    ``experiment`` names the test that taught it: what was dealt by chance outweighs what was
    only looked at.
    """

    id: str
    campaign: str
    cycle: str
    element: LessonElement
    subject: str
    effect: Effect
    text: str
    entries: tuple[str, ...] = Field(min_length=1)
    learned_at: Moment
    expires_at: Moment
    experiment: str = ""
    metric: str = ""

    def is_live(self, now: datetime) -> bool:
        return now < self.expires_at

    @property
    def citation(self) -> Citation:
        """What an element that follows this lesson rests on."""
        return Citation(source=f"ledger#{self.entries[0]}", text=self.text)


class Observed(Noun):
    """What a cycle showed about one subject beside its peers, as counts of one rate.

    ``entries`` name the ledger entries in which the counts were recorded; ``spread`` is how many
    times the variance between the objects behind them is that of chance alone.
    """

    element: LessonElement
    subject: str
    metric: str
    hits: int = Field(ge=0)
    trials: int = Field(ge=0)
    peer_hits: int = Field(ge=0)
    peer_trials: int = Field(ge=0)
    entries: tuple[str, ...] = Field(min_length=1)
    spread: float = Field(default=1.0, ge=1.0)

    @property
    def effect(self) -> Effect | None:
        """What it shows beside its peers; None where nothing can be compared."""
        return ratio_effect(
            self.hits, self.trials, self.peer_hits, self.peer_trials, spread=self.spread
        )


def learn(
    campaign: str, cycle: str, observed: Iterable[Observed], now: datetime
) -> tuple[Lesson, ...]:
    """The lessons of a cycle. What cannot be compared (nothing beside it) teaches nothing."""
    seen = ((one, one.effect) for one in observed)
    return tuple(_lesson(campaign, cycle, one, effect, now) for one, effect in seen if effect)


def ratio_effect(
    hits: int, trials: int, peer_hits: int, peer_trials: int, *, spread: float = 1.0
) -> Effect | None:
    """The relative difference of two rates, with the log-ratio interval of Katz et al. (1978),
    its variance ``spread`` times that of chance.

    None when either side has no hits or no trials: then no ratio can be told.
    """
    if min(hits, trials, peer_hits, peer_trials) <= 0:
        return None
    ratio = (hits / trials) / (peer_hits / peer_trials)
    variance = 1 / hits - 1 / trials + 1 / peer_hits - 1 / peer_trials
    error = _Z95 * math.sqrt(max(0.0, variance * spread))
    return Effect(
        low=ratio * math.exp(-error) - 1,
        mean=ratio - 1,
        high=ratio * math.exp(error) - 1,
        sample_size=trials + peer_trials,
    )


def carried(lessons: Iterable[Lesson], now: datetime) -> tuple[Lesson, ...]:
    """The live lessons, one for each element and subject, newest first: what an experiment taught
    stands before what was only observed, the newer before the older."""
    newest: dict[tuple[LessonElement, str], Lesson] = {}
    for lesson in sorted(lessons, key=lambda one: (one.experiment != "", one.learned_at, one.id)):
        if lesson.is_live(now):
            newest[lesson.element, lesson.subject] = lesson
    return tuple(sorted(newest.values(), key=lambda one: (one.learned_at, one.id), reverse=True))


def about(lessons: Iterable[Lesson], element: LessonElement, subject: str) -> Lesson | None:
    """The first lesson about this subject, if any speaks of it."""
    return next((le for le in lessons if le.element is element and le.subject == subject), None)


def factor(lessons: Iterable[Lesson], element: LessonElement, subject: str) -> float:
    """How a lesson scales a score: 1 + its shrunk effect, held to [0.5, 2]; 1 without one."""
    lesson = about(lessons, element, subject)
    return 1.0 if lesson is None else min(2.0, max(0.5, 1 + lesson.effect.shrunk))


def _lesson(campaign: str, cycle: str, seen: Observed, effect: Effect, now: datetime) -> Lesson:
    return Lesson(
        id=name("les", campaign, cycle, seen.element, seen.subject),
        campaign=campaign,
        cycle=cycle,
        element=seen.element,
        subject=seen.subject,
        effect=effect,
        text=_sentence(seen, effect),
        entries=seen.entries,
        learned_at=now,
        expires_at=now + LASTS,
    )


def _sentence(seen: Observed, effect: Effect) -> str:
    subject = f"{seen.element.replace('_', ' ')} {seen.subject}"
    figures = (
        f"{effect.mean:+.0%} {seen.metric.replace('_', ' ')} beside its peers "
        f"({effect.low:+.0%} to {effect.high:+.0%}, {effect.sample_size:,} seen)"
    )
    return f"{subject}: {figures}" + ("" if effect.is_clear else "; not yet clear")
