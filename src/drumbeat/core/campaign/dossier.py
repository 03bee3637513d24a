"""Dossier: an agent's reading about the past, computed from counts, every figure citable."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.plan import Plan, Urgency
from drumbeat.core.campaign.tally import Tally
from drumbeat.core.money import Money


class UseKind(StrEnum):
    """What of ours was used before, so that it can rest."""

    THEME = "theme"
    PIECE = "piece"
    ANGLE = "angle"
    OFFER = "offer"
    URGENCY = "urgency"
    HOOK = "hook"


@dataclass(frozen=True)
class Use:
    """``subject`` was used at ``at``."""

    kind: UseKind
    subject: str
    at: datetime


@dataclass(frozen=True)
class LineRecord:
    """What one line item did: counts, and money in minor units of ``currency``. ``line`` is the
    line item, where ``name`` is a placement of it."""

    name: str
    impressions: float
    clicks: float
    conversions: float
    spend_minor: float
    revenue_minor: float
    currency: str
    source: str
    line: str = ""

    @property
    def cost_per_acquisition_minor(self) -> float | None:
        """Spend per conversion; None before the first conversion."""
        return self.spend_minor / self.conversions if self.conversions else None

    @property
    def citation(self) -> Citation:
        spend = Money(minor=round(self.spend_minor), currency=self.currency)
        cost = self.cost_per_acquisition_minor
        each = f"{Money(minor=round(cost), currency=self.currency)} each" if cost else "none yet"
        text = f"line item {self.name}: {self.conversions:,.0f} conversions for {spend}, {each}"
        return Citation(source=self.source, text=text)


@dataclass(frozen=True)
class CycleRecord:
    """The base metrics of one whole past cycle."""

    cycle: str
    at: date
    counts: Mapping[str, float]
    source: str


@dataclass(frozen=True)
class Dossier:
    """Everything about the past an agent may read: figures only, no free text."""

    tallies: tuple[Tally, ...] = ()
    lines: tuple[LineRecord, ...] = ()
    uses: tuple[Use, ...] = ()
    cycles: tuple[CycleRecord, ...] = ()
    placements: tuple[LineRecord, ...] = ()

    def about(self, element: LessonElement) -> tuple[Tally, ...]:
        return tuple(tally for tally in self.tallies if tally.element is element)

    def last_used(self, kind: UseKind, subject: str) -> datetime | None:
        """When the subject was used last; None for never."""
        moments = (use.at for use in self.uses if use.kind is kind and use.subject == subject)
        return max(moments, default=None)

    def used_since(self, kind: UseKind, since: datetime) -> tuple[Use, ...]:
        return tuple(use for use in self.uses if use.kind is kind and use.at >= since)

    @property
    def sources(self) -> frozenset[str]:
        """Every address the dossier's figures can be looked up at."""
        lines = (*self.lines, *self.placements)
        cited = [tally.source for tally in self.tallies] + [line.source for line in lines]
        return frozenset(cited + [record.source for record in self.cycles])


def uses_of(plans: Iterable[Plan]) -> tuple[Use, ...]:
    """What past plans used: themes, pieces, angles, offers, urgency and hooks."""
    return tuple(use for plan in plans for use in _uses(plan))


def _uses(plan: Plan) -> Iterator[Use]:
    at = plan.cadence.starts_at
    if plan.angle.theme:
        yield Use(UseKind.THEME, plan.angle.theme, at)
    if plan.angle.angle:
        yield Use(UseKind.ANGLE, plan.angle.angle, at)
    for piece in (*plan.angle.pieces, *(post.piece for post in plan.posts)):
        yield Use(UseKind.PIECE, piece, at)
    if plan.offer.offer:
        yield Use(UseKind.OFFER, plan.offer.offer, at)
    if plan.offer.urgency is not Urgency.NONE:
        yield Use(UseKind.URGENCY, plan.offer.urgency, at)
    for post in plan.posts:
        yield Use(UseKind.THEME, post.topic, post.publish_at)
        yield Use(UseKind.HOOK, post.hook, post.publish_at)
