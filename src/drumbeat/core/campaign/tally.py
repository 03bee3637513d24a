"""Tallies: counted evidence about one subject, with the citation written from its numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.lesson import Lesson, LessonElement, about, factor
from drumbeat.core.operations.metrics import RATES


@dataclass(frozen=True)
class Tally:
    """``hits`` of ``trials`` for one ``subject``, as ``source`` holds them.

    ``over`` and ``under`` name the two counts (``clicks``, ``delivered``).
    """

    element: LessonElement
    subject: str
    over: str
    under: str
    hits: float
    trials: float
    source: str

    @property
    def rate(self) -> float:
        """Hits per trial; 0 where nothing was tried."""
        return self.hits / self.trials if self.trials else 0.0

    @property
    def citation(self) -> Citation:
        """``history/email 2026-W08: theme harvest: click rate 3.1 % over 12,034 delivered``."""
        subject = f"{self.element.replace('_', ' ')} {self.subject}"
        figures = f"{self._name} {_percent(self.rate)} over {self.trials:,.0f} {self._under}"
        return Citation(source=self.source, text=f"{subject}: {figures}")

    @property
    def _name(self) -> str:
        named = (n for n, r in RATES.items() if (r.over, r.under) == (self.over, self.under))
        return next(named, f"{self.over} per {self._under}").replace("_", " ")

    @property
    def _under(self) -> str:
        return self.under.replace("_", " ")


@dataclass(frozen=True)
class Ranked:
    """A subject's place: ``score`` is its shrunk rate times what lessons say of it."""

    subject: str
    score: float
    tallies: tuple[Tally, ...]
    lesson: Lesson | None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The figures and the lesson behind the place; empty for a subject never tried."""
        taught = (self.lesson.citation,) if self.lesson else ()
        return tuple(tally.citation for tally in self.tallies) + taught


def rank(
    subjects: Iterable[str],
    tallies: Iterable[Tally],
    lessons: Iterable[Lesson],
    element: LessonElement,
) -> tuple[Ranked, ...]:
    """Subjects from best to worst. One never tried stands at the average, so it gets its turn
    before those known to be worse. Equal scores keep the order given."""
    lessons = tuple(lessons)
    mine = comparable(t for t in tallies if t.element is element)
    rates = shrunk_rates(mine)
    average = pooled_rate(mine)
    ranked = [
        Ranked(
            subject=subject,
            score=rates.get(subject, average) * factor(lessons, element, subject),
            tallies=tuple(t for t in mine if t.subject == subject),
            lesson=about(lessons, element, subject),
        )
        for subject in dict.fromkeys(subjects)
    ]
    return tuple(sorted(ranked, key=lambda one: -one.score))


def comparable(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """The tallies of the one rate most was counted for: clicks per mail and visits per reader
    must not be added up."""
    tallies = tuple(tallies)
    seen: dict[tuple[str, str], float] = {}
    for tally in tallies:
        pair = (tally.over, tally.under)
        seen[pair] = seen.get(pair, 0.0) + tally.trials
    if not seen:
        return ()
    # More conversions than clicks are never counted, so of two rates the richer one is kept.
    hits = {pair: sum(t.hits for t in tallies if (t.over, t.under) == pair) for pair in seen}
    main = max(seen, key=lambda pair: (seen[pair], hits[pair]))
    return tuple(t for t in tallies if (t.over, t.under) == main)


def pooled_rate(tallies: Iterable[Tally]) -> float:
    """All hits over all trials; 1 where nothing was tried, so that scores stay comparable."""
    tallies = tuple(tallies)
    trials = sum(t.trials for t in tallies)
    return sum(t.hits for t in tallies) / trials if trials else 1.0


def shrunk_rates(tallies: Iterable[Tally]) -> dict[str, float]:
    """Each subject's rate drawn towards the pooled one: (hits + k·p) / (trials + k).

    k = p(1 - p) / t², t² being the spread of the true rates by the method of moments (Kleinman
    1973): the observed spread less what chance alone explains. Where chance explains it all,
    every subject has the pooled rate.
    """
    counts = _totals(tallies)
    trials = sum(n for _, n in counts.values())
    if not trials:
        return {}
    pooled = sum(hits for hits, _ in counts.values()) / trials
    strength = _prior_strength(list(counts.values()), pooled)
    if math.isinf(strength):
        return dict.fromkeys(counts, pooled)
    return {s: (hits + strength * pooled) / (n + strength) for s, (hits, n) in counts.items()}


def _totals(tallies: Iterable[Tally]) -> dict[str, tuple[float, float]]:
    counts: dict[str, tuple[float, float]] = {}
    for tally in tallies:
        hits, trials = counts.get(tally.subject, (0.0, 0.0))
        counts[tally.subject] = (hits + tally.hits, trials + tally.trials)
    return {subject: pair for subject, pair in counts.items() if pair[1] > 0}


def _prior_strength(counts: list[tuple[float, float]], pooled: float) -> float:
    """k of the formula: how many trials the pooled rate is worth; infinite for no spread."""
    chance = max(pooled * (1 - pooled), 0.0)
    total = sum(n for _, n in counts)
    observed = sum(n * (hits / n - pooled) ** 2 for hits, n in counts)
    effective = total - sum(n * n for _, n in counts) / total
    if effective <= 0:
        return math.inf
    spread = (observed - chance * (len(counts) - 1)) / effective
    return chance / spread if spread > 0 else math.inf


def _percent(rate: float) -> str:
    digits = 1 if rate >= 0.01 else 2 if rate >= 0.001 else 3
    return f"{rate * 100:.{digits}f}%"
