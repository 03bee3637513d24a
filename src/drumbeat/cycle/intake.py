"""Intake: the campaign's file and last cycle's lessons become the brief of this cycle."""

from drumbeat.agents.intake import IntakeCase
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.cadence import next_occurrence
from drumbeat.core.campaign.calendar import CalendarFile
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.lesson import Lesson
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.experiments.learned import lesson_of
from drumbeat.cycle import moves, trouble
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.documents import Lessons
from drumbeat.cycle.library import Library
from drumbeat.cycle.step import Next, Note, Step
from drumbeat.store import cycles, experiments


def run(desk: Desk) -> Step:
    """Next with the brief. What the agent lacks is told to its owner: then Wait, past the cycle's
    moment Done. Raises ReadDenied."""
    intake = desk.office.team.intake
    case = gather(desk, desk.reading(intake.role, DataScope.BRIEF))
    match intake.draft(case):
        case Refusal() as refusal:
            return trouble.refused(desk, refusal)
        case Brief() as brief:
            return submit(brief)


def gather(desk: Desk, sight: Sight) -> IntakeCase:
    """What the campaign declares, what it learned, and what is true of the moment."""
    campaign, library = desk.campaign, desk.office.library
    start = desk.cycle.occurrence_at
    zone = library.zone_of(campaign.campaign)
    skip = library.skipped_dates(campaign.campaign)
    ends = next_occurrence(campaign.cadence, start, zone=library.zone, skip=skip)
    return IntakeCase(
        campaign=campaign,
        cycle=desk.cycle.id,
        occurrence_at=start,
        ends_at=ends or start,
        timezone=zone,
        now=desk.now,
        lessons=sight.show(DataScope.LESSONS, lessons_of(desk), ()),
        context=context_for(library, sight),
        calendar=sight.show(DataScope.CALENDAR, library.files.calendar, CalendarFile(version=1)),
    )


def context_for(library: Library, sight: Sight) -> ContextFile:
    """What is true of the moment, where the agent may know."""
    unknown = ContextFile(version=1)
    return next(iter(sight.records(DataScope.CONTEXT, [library.files.context])), unknown)


def submit(brief: Brief) -> Next:
    """Keep the brief; the ledger is told which lessons it carries."""
    lessons = [lesson.text for lesson in brief.lessons]
    told = Note("briefed", "agent:intake", {"brief": brief.digest, "lessons": lessons})
    return Next({"brief": brief}, told)


def lessons_of(desk: Desk) -> tuple[Lesson, ...]:
    """What earlier cycles of this campaign taught, its experiments, and its moves of money."""
    with desk.office.database.read() as connection:
        tests = experiments.every(connection, desk.campaign.campaign)
        checked = moves.of(connection, desk.campaign.campaign).lessons
        before = [row.id for row in cycles.of_campaign(connection, desk.campaign.campaign)]
        taught = cycles.read_many(connection, before, "lessons")
    found = (Lessons.model_validate(taught[one]) for one in before if one in taught)
    seen = [lesson for one in found for lesson in one.lessons]
    proven = (lesson for one in tests if (lesson := lesson_of(one)) is not None)
    return (*seen, *checked, *proven)
