"""Intake: turns a campaign's declaration and what was learned into the brief of one cycle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.core.campaign.brief import Brief, Signal, SignalKind
from drumbeat.core.campaign.calendar import CalendarFile
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.context import ContextFile, StockState
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.lesson import Lesson, carried

ROLE = AgentRole(
    name="intake",
    reads=frozenset(
        {
            DataScope.BRIEF,
            DataScope.BRAND,
            DataScope.LESSONS,
            DataScope.OFFERS,
            DataScope.CALENDAR,
            DataScope.CONTEXT,
        }
    ),
    proposes=frozenset(),
    takes="IntakeCase",
    gives="Brief",
    failure_class=FailureClass.DATA,
)

# A release this recent may explain figures; a marked day this near is worth planning for.
_RECENT = timedelta(days=14)
_NEAR = timedelta(days=14)


@dataclass(frozen=True)
class IntakeCase:
    """The campaign file, the cycle it is due for, and what the workspace knows of the moment."""

    campaign: Campaign
    cycle: str
    occurrence_at: datetime
    ends_at: datetime
    timezone: str
    now: datetime
    lessons: tuple[Lesson, ...]
    context: ContextFile
    calendar: CalendarFile


@dataclass(frozen=True)
class Intake:
    """Reads declarations; asks for what is missing instead of guessing it."""

    role: AgentRole = ROLE

    def draft(self, case: IntakeCase) -> Brief | Refusal:
        """The brief of the cycle, or what keeps it from being written."""
        missing = tuple(_missing(case))
        if missing:
            why = f"the brief of {case.campaign.campaign} is not complete"
            return Refusal(
                agent=self.role.name,
                why=why,
                missing=missing,
                failure_class=self.role.failure_class,
            )
        return _brief(case)


def _brief(case: IntakeCase) -> Brief:
    campaign = case.campaign
    return Brief(
        campaign=campaign.campaign,
        title=campaign.title,
        type=campaign.type,
        cycle=case.cycle,
        occurrence_at=case.occurrence_at,
        ends_at=case.ends_at,
        timezone=case.timezone,
        goal=campaign.goal,
        success_metrics=campaign.success_metrics,
        channels=campaign.channels,
        connections=campaign.connection,
        audience=campaign.audience,
        offers=campaign.offers,
        themes=campaign.themes,
        languages=campaign.languages,
        budget=campaign.budget,
        hypotheses=campaign.hypotheses,
        constraints=tuple(_constraints(campaign)),
        lessons=carried(case.lessons, case.now),
        signals=tuple(_signals(case)),
    )


def _missing(case: IntakeCase) -> Iterator[str]:
    day = case.occurrence_at.astimezone(ZoneInfo(case.timezone)).date()
    if not case.cycle:
        yield "the cycle's id"
    if case.ends_at <= case.occurrence_at:
        yield "the end of the cycle, after its occurrence"
    if case.campaign.starts and day < case.campaign.starts:
        yield f"an occurrence on or after {case.campaign.starts}, when the campaign starts"
    if case.campaign.ends and day > case.campaign.ends:
        yield f"an occurrence on or before {case.campaign.ends}, when the campaign ends"


def _constraints(campaign: Campaign) -> Iterator[str]:
    yield f"spend between {campaign.budget.range}, never over {campaign.budget.cap}"
    if campaign.budget.per_day:
        yield f"never over {campaign.budget.per_day} on one day"
    if campaign.budget.per_change:
        yield f"no budget moves by more than {campaign.budget.per_change:.0%} at once"
    if campaign.audience.exclude:
        yield f"never to {', '.join(campaign.audience.exclude)}"
    for skip in campaign.cadence.skipped:
        yield f"nothing goes out on {skip.replace('-', ' ')}"
    if campaign.autonomy.human_review_required:
        yield "a person reviews everything: a regulatory duty"


def _signals(case: IntakeCase) -> Iterator[Signal]:
    """Facts by name, kind and date. What somebody wrote in their own words stays in the file the
    citation names: agents that plan are told facts, never sentences."""
    day = case.occurrence_at.astimezone(ZoneInfo(case.timezone)).date()
    yield from _people_and_stock(case)
    yield from _days(case, day)
    for number, release in enumerate(case.context.releases, 1):
        if timedelta() <= case.now - release.at <= _RECENT:
            text = f"the website was changed on {release.at:%Y-%m-%d}"
            yield _signal(SignalKind.RELEASE, f"release-{number}", text)


def _people_and_stock(case: IntakeCase) -> Iterator[Signal]:
    addressed = set(case.campaign.audience.include)
    for flag in case.context.fatigue:
        if flag.segment in addressed:
            text = f"{flag.segment}: {flag.level} fatigue since {flag.since}"
            yield _signal(SignalKind.FATIGUE, flag.segment, text)
    for item in case.context.availability:
        if item.state is not StockState.IN_STOCK:
            until = f" until {item.until}" if item.until else ""
            text = f"{item.product} is {item.state.replace('_', ' ')}{until}"
            yield _signal(SignalKind.AVAILABILITY, item.product, text)
    cycle = case.context.sales_cycle
    if cycle is not None:
        since = f" since {cycle.since}" if cycle.since else ""
        text = f"the business stands at {cycle.stage}{since}"
        yield _signal(SignalKind.SALES_CYCLE, cycle.stage, text)


def _days(case: IntakeCase, day: date) -> Iterator[Signal]:
    for season in case.context.seasons:
        if season.holds(day):
            change = f" ({season.expected:+.0%} demand)" if season.expected else ""
            yield _signal(SignalKind.SEASON, season.id, f"{season.id}{change}")
    for marked in case.calendar.marked:
        if marked.start - _NEAR <= day <= marked.end:
            text = f"{marked.id}, {marked.start} to {marked.end}"
            source = f"data/calendar.yaml#{marked.id}"
            yield Signal(
                kind=SignalKind.MARKED_DAYS,
                subject=marked.id,
                citation=Citation(source=source, text=text),
            )


def _signal(kind: SignalKind, subject: str, text: str) -> Signal:
    citation = Citation(source=f"data/context.yaml#{kind}:{subject}", text=text)
    return Signal(kind=kind, subject=subject, citation=citation)
