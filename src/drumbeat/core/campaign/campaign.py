"""Campaign: the recurring programme with an owner, a goal and limits, as its file declares it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from drumbeat.core.campaign.audience import Audience
from drumbeat.core.campaign.cadence import Cadence, Recurrence, Weekday
from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.data_scope import DataPermissions
from drumbeat.core.campaign.declarations import Declarations
from drumbeat.core.campaign.goal import Goal
from drumbeat.core.campaign.guardrail_rule import GuardrailRule
from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.naming_choice import NamingChoice
from drumbeat.core.campaign.sla import Sla
from drumbeat.core.campaign.text import Language, Line, Slug, Url
from drumbeat.core.campaign.variable import HypothesisId, Variable
from drumbeat.core.governance.phase import Phase
from drumbeat.core.money import MoneyText, Period, Rate, RateRangeText, RateText
from drumbeat.core.noun import Noun
from drumbeat.core.units import ClockTime, Duration, Percent


class CampaignType(StrEnum):
    """The programmes whose defaults ship with the product."""

    NEWSLETTER = "newsletter"
    NURTURE = "nurture"
    RENEWAL = "renewal"
    RE_ENGAGEMENT = "re_engagement"
    WEBINAR = "webinar"
    RETARGETING = "retargeting"
    PROSPECTING = "prospecting"
    SEASONAL_BURST = "seasonal_burst"
    SOCIAL_CALENDAR = "social_calendar"


class Tightening(StrEnum):
    """A campaign file may make an action kind stricter, never looser."""

    ASK = "ask"
    NEVER = "never"


class Autonomy(Noun):
    """The campaign's phase, and action kinds it handles more strictly than the matrix."""

    phase: Phase = Phase.SUPERVISED
    tighten: dict[Slug, Tightening] = Field(default_factory=dict)
    human_review_required: bool = Field(
        default=False, description="a regulatory duty; no phase lowers it"
    )


class Budget(Noun):
    """The range plans move in, and the caps nothing may exceed."""

    range: RateRangeText
    cap: RateText
    caps: tuple[RateText, ...] = Field(default=(), description="more caps, of other periods")
    per_day: MoneyText | None = Field(
        default=None, description="what its line items together may cost on one day"
    )
    per_action: MoneyText | None = Field(
        default=None, description="the most that one change may add to what may be spent"
    )
    per_change: Percent | None = Field(
        default=None, description="the largest relative change of a budget in one step"
    )

    @model_validator(mode="after")
    def _one_currency_below_the_cap(self) -> "Budget":
        currencies = {self.range.low.currency, self.cap.money.currency}
        alone = (self.per_day, self.per_action)
        currencies |= {one.currency for one in alone if one}
        currencies |= {one.money.currency for one in self.caps}
        if len(currencies) > 1:
            raise ValueError(f"speaks of {' and '.join(sorted(currencies))}; use one currency")
        if self.range.period is self.cap.period and self.cap.money < self.range.high:
            raise ValueError(f"the range {self.range} goes above the cap {self.cap}")
        return self


class DataSource(Noun):
    """A source the campaign's decisions rest on, and how old it may be.

    ``source`` names a connection, or a file relative to the workspace.
    """

    name: Slug
    source: Line
    used_for: Line
    max_age: Duration | None = None


class ExperimentEntry(Noun):
    """Where the campaign's tests are registered: the surface they run on and its limits.

    ``geos`` are the regions ads can be kept from, as the ad platform and the shop name them; the
    hold-out's share of them goes without, so that what ads add can be told.
    """

    surface: Slug
    variables: tuple[Variable, ...] = Field(min_length=1)
    concurrent: int = Field(default=1, ge=1, le=4)
    holdout: Percent = Field(default=0.1, ge=0, lt=1)
    geos: tuple[Slug, ...] = ()


class Slot(Noun):
    """A weekly place in a social calendar."""

    weekday: Weekday
    at: ClockTime
    theme: Slug | None = None


def _underscored(value: Any) -> Any:
    return value.replace("-", "_") if isinstance(value, str) else value


TypeName = Annotated[CampaignType, BeforeValidator(_underscored)]


class Campaign(Noun):
    """One file of ``campaigns/``, its type's defaults filled in."""

    model_config = ConfigDict(validate_by_name=True)

    version: Literal[1]
    campaign: Slug
    name: Line | None = None
    type: TypeName
    owner: Line = Field(description="a person of drumbeat.yaml, by id or email address")
    channels: tuple[CampaignChannel, ...] = Field(min_length=1)
    connection: dict[CampaignChannel, Slug]
    goal: Goal
    success_metrics: tuple[MetricName, ...] = Field(min_length=1)
    cadence: Cadence
    audience: Audience
    offers: tuple[Slug, ...] = ()
    themes: tuple[Slug, ...] = ()
    languages: tuple[Language, ...] = ()
    landing_pages: tuple[Url, ...] = ()
    slots: tuple[Slot, ...] = ()
    budget: Budget
    guardrails: tuple[GuardrailRule, ...] = Field(min_length=1)
    sla: Sla
    escalation: Slug = Field(description="a policy of policy/escalation.yaml")
    autonomy: Autonomy = Autonomy()
    rollback: Line
    runbook: Line = Field(description="a page of runbooks/, relative to the workspace")
    hypotheses: tuple[HypothesisId, ...] = ()
    data_sources: tuple[DataSource, ...] = Field(min_length=1)
    data_permissions: DataPermissions = Field(min_length=1)
    naming: NamingChoice
    actions: tuple[Slug, ...] = Field(
        min_length=1, description="action kinds the campaign uses; each needs a row in the matrix"
    )
    experiments: ExperimentEntry
    declares: Declarations = Declarations()
    evergreen: bool = False
    starts: date | None = None
    ends: date | None = None

    @property
    def title(self) -> str:
        """The name people read."""
        return self.name or self.campaign.replace("-", " ").capitalize()

    @property
    def recurrence(self) -> Recurrence:
        """How it recurs, as its cadence says."""
        return self.cadence.recurrence

    @property
    def currency(self) -> str:
        """The one currency its budget speaks."""
        return self.budget.cap.money.currency

    @property
    def daily_cap(self) -> Rate | None:
        """The cap on one day, where the file declares one."""
        per_day = self.budget.per_day
        return None if per_day is None else Rate(money=per_day, period=Period.DAY)

    @model_validator(mode="after")
    def _every_channel_has_a_connection(self) -> "Campaign":
        missing = [channel for channel in self.channels if channel not in self.connection]
        if missing:
            raise ValueError(f"connection names none for {', '.join(missing)}")
        return self
