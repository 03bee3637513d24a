"""SLA policies: what is promised for a stage, whose it is, and what starts, stops or pauses it."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.escalation_policy import FailureClass, Recipient
from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.canonical import digest
from drumbeat.core.noun import Noun
from drumbeat.core.operations.business_calendar import ALWAYS, BusinessCalendar
from drumbeat.core.operations.condition import Condition
from drumbeat.core.units import Duration, Percent


class SlaStage(StrEnum):
    """What is promised: the stages of a cycle, and the two promises about trouble."""

    PLAN = "plan"
    APPROVE = "approve"
    QA = "qa"
    LAUNCH = "launch"
    DETECT = "detect"
    RECOVER = "recover"


class Milestone(StrEnum):
    """What happens to a cycle or a failure, as clocks hear of it."""

    CYCLE_OPENED = "cycle_opened"
    PLANNED = "planned"
    ASSETS_LOCKED = "assets_locked"
    CHECKED = "checked"
    ASKED = "asked"
    EDITED = "edited"
    ANSWERED = "answered"
    APPROVED = "approved"
    AHEAD_OF_TIME = "ahead_of_time"
    ITS_TIME = "its_time"
    LAUNCHED = "launched"
    ANOMALY = "anomaly"
    ALERTED = "alerted"
    INCIDENT = "incident"
    RECOVERED = "recovered"
    FROZEN = "frozen"
    THAWED = "thawed"
    CYCLE_OVER = "cycle_over"


Share = Annotated[Percent, Field(gt=0, lt=1)]


class SlaPolicy(Noun):
    """One promise. ``pause`` maps what stops the counting to what lets it go on.

    A reset starts the counting afresh. Without ``channel`` it speaks of every channel; without
    ``calendar`` time counts around the clock. ``checks`` must have passed before the stage may
    stop the clock; up to ``max_errors`` of them may fail before somebody is called.
    """

    id: Slug
    stage: SlaStage
    channel: CampaignChannel | None = None
    target: Duration
    owner: Recipient = "owner"
    failure: FailureClass
    severity: Severity = Severity.WARNING
    calendar: Slug | None = None
    warn_at: tuple[Share, ...] = (0.5, 0.8)
    start: tuple[Milestone, ...] = Field(min_length=1)
    pause: dict[Milestone, Milestone] = Field(default_factory=dict)
    stop: tuple[Milestone, ...] = Field(min_length=1)
    reset: tuple[Milestone, ...] = ()
    checks: tuple[Line, ...] = ()
    max_errors: int = Field(default=0, ge=0)

    @property
    def version(self) -> str:
        """Names this content: a clock that runs keeps the version it started under."""
        return digest(self.model_dump(mode="json"))[:12]

    @model_validator(mode="after")
    def _can_run_out(self) -> "SlaPolicy":
        if self.target <= timedelta():
            raise ValueError(f"{self.id} promises {self.target}; a target is longer than nothing")
        if list(self.warn_at) != sorted(set(self.warn_at)):
            raise ValueError(f"{self.id}: warn_at is not in order")
        return self


class SlaFile(Noun):
    """``policy/sla.yaml``: promises that replace or add to those of the campaign files."""

    version: Literal[1]
    calendars: tuple[BusinessCalendar, ...] = ()
    policies: tuple[SlaPolicy, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _names_calendars_it_has(self) -> "SlaFile":
        known = {calendar.id for calendar in self.calendars}
        for policy in self.policies:
            if policy.calendar is not None and policy.calendar not in known:
                raise ValueError(f"{policy.id}: there is no calendar {policy.calendar!r} here")
        return self

    def calendar(self, name: str | None) -> BusinessCalendar:
        """The calendar of this id; around the clock for none."""
        return next((one for one in self.calendars if one.id == name), ALWAYS)


def policies_of(campaign: Campaign, own: SlaFile | None = None) -> tuple[SlaPolicy, ...]:
    """The promises in force for a campaign: its file's, less those the workspace replaces.

    The most specific policy wins: one of the campaign's channel before one for all channels,
    any of ``own`` before the campaign file's figure.
    """
    chosen = {policy.stage: policy for policy in _shipped(campaign)}
    for policy in own.policies if own else ():
        if policy.channel is None:
            chosen[policy.stage] = policy
    for policy in own.policies if own else ():
        if policy.channel is not None and policy.channel in campaign.channels:
            chosen[policy.stage] = policy
    return tuple(chosen.values())


def _shipped(campaign: Campaign) -> Iterator[SlaPolicy]:
    """The default promises, with the figures of the campaign's own file."""
    sla, m = campaign.sla, Milestone
    over, held = (m.CYCLE_OVER,), {m.FROZEN: m.THAWED}
    yield SlaPolicy(
        id="plan",
        stage=SlaStage.PLAN,
        target=sla.plan,
        failure=FailureClass.DATA,
        start=(m.CYCLE_OPENED,),
        pause=held,
        stop=(m.PLANNED, *over),
    )
    yield SlaPolicy(
        id="approve",
        stage=SlaStage.APPROVE,
        target=sla.approve,
        failure=FailureClass.COPY,
        start=(m.ASKED,),
        stop=(m.ANSWERED, *over),
        reset=(m.EDITED,),
    )
    yield SlaPolicy(
        id="qa",
        stage=SlaStage.QA,
        target=sla.qa,
        failure=FailureClass.LEGAL,
        start=(m.ASSETS_LOCKED,),
        stop=(m.CHECKED, *over),
        reset=(m.EDITED,),
        checks=("every compliance rule", "links", "sender"),
    )
    yield SlaPolicy(
        id="launch",
        stage=SlaStage.LAUNCH,
        target=sla.launch,
        failure=FailureClass.PLATFORM,
        start=(m.APPROVED,),
        pause={**held, m.AHEAD_OF_TIME: m.ITS_TIME},
        stop=(m.LAUNCHED, *over),
        checks=("read back equals what was approved",),
    )
    yield SlaPolicy(
        id="detect",
        stage=SlaStage.DETECT,
        target=sla.detect,
        failure=FailureClass.DATA,
        severity=Severity.CRITICAL,
        start=(m.ANOMALY,),
        stop=(m.ALERTED,),
    )
    yield SlaPolicy(
        id="recover",
        stage=SlaStage.RECOVER,
        target=sla.recover,
        failure=FailureClass.PLATFORM,
        severity=Severity.CRITICAL,
        start=(m.INCIDENT,),
        stop=(m.RECOVERED,),
    )
