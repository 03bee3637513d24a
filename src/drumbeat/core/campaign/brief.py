"""Brief: what is asked of one cycle: goal, audience, offers, limits, and what was learned."""

from enum import StrEnum

from pydantic import Field

from drumbeat.core.campaign.audience import Audience
from drumbeat.core.campaign.campaign import Budget, CampaignType
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.goal import Goal
from drumbeat.core.campaign.lesson import Lesson
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Channel
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment, Zone


class SignalKind(StrEnum):
    """What a marker of the moment speaks of."""

    FATIGUE = "fatigue"
    AVAILABILITY = "availability"
    SALES_CYCLE = "sales_cycle"
    SEASON = "season"
    RELEASE = "release"
    MARKED_DAYS = "marked_days"


class Signal(Noun):
    """A fact about the moment that changes what is wise: ``subject`` is what it is about."""

    kind: SignalKind
    subject: str
    citation: Citation


class Brief(Noun):
    """One cycle's task. ``occurrence_at`` is when the cycle is due, ``ends_at`` when the next is.

    ``constraints`` are sentences people must be able to hold a plan against; ``lessons`` carry
    the ledger entries they rest on.
    """

    campaign: str
    title: str
    type: CampaignType
    cycle: str
    occurrence_at: Moment
    ends_at: Moment
    timezone: Zone
    goal: Goal
    success_metrics: tuple[str, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    connections: dict[Channel, str]
    audience: Audience
    offers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    budget: Budget
    hypotheses: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    signals: tuple[Signal, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: what a plan says it answers. The title is words for
        people and no part of the task."""
        return digest(self.model_dump(mode="json", exclude={"title"}))

    @property
    def currency(self) -> str:
        """The one currency the budget speaks."""
        return self.budget.cap.money.currency

    @property
    def source(self) -> str:
        """Where the campaign's own declarations can be looked up."""
        return f"campaigns/{self.campaign}.yaml"

    @property
    def days(self) -> float:
        """How many days the cycle lasts."""
        return (self.ends_at - self.occurrence_at).total_seconds() / 86_400
