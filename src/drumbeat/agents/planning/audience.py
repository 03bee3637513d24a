"""Audience: whom to address first, and who has heard enough for now."""

from drumbeat.agents.planning.case import PlanningCase
from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.brief import SignalKind
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.context import FatigueLevel
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.plan import AudienceChoice
from drumbeat.core.campaign.tally import comparable, rank
from drumbeat.core.governance.action import Channel

# What the setting is called that a winning test, or a person, decides.
MAIL_EXCLUSION = "mail_exclusion"


def choose(case: PlanningCase) -> AudienceChoice:
    """The brief's segments, best first, without the suppressed, empty and tired ones."""
    brief = case.brief
    tired = {f.segment for f in case.context.fatigue if f.level is FatigueLevel.HIGH}
    usable = [name for name in brief.audience.include if _is_usable(case.segments.get(name))]
    rested = [name for name in usable if name not in {*tired, *brief.audience.exclude}]
    ranked = rank(rested, case.dossier.tallies, brief.lessons, LessonElement.SEGMENT)
    include = tuple(one.subject for one in ranked)
    left_out = tuple(name for name in usable if name in tired)
    # Tired people are left out by name too: they may also belong to a segment that is not tired.
    exclude = tuple(dict.fromkeys((*brief.audience.exclude, *left_out, *_unmailed(case))))
    figures = tuple(citation for one in ranked[:3] for citation in one.citations)
    others = () if figures else _others(case)
    known = tuple(_cite(case.segments[name]) for name in include)
    flags = tuple(
        s.citation for s in brief.signals if s.kind is SignalKind.FATIGUE and s.subject in left_out
    )
    return AudienceChoice(
        include=include,
        exclude=exclude,
        expected_size=_size(case, include),
        why=_why(include, left_out, bool(figures)),
        citations=(*figures, *others, *known, *flags),
    )


def _unmailed(case: PlanningCase) -> tuple[str, ...]:
    """Whom a test, or a person, found not worth mailing."""
    won = case.chosen(MAIL_EXCLUSION)
    return (won,) if Channel.EMAIL in case.brief.channels and won in case.segments else ()


def _others(case: PlanningCase) -> tuple[Citation, ...]:
    """What other groups did before, where these segments have no past of their own."""
    past = comparable(case.dossier.about(LessonElement.SEGMENT))
    return tuple(tally.citation for tally in sorted(past, key=lambda one: -one.rate)[:2])


def _size(case: PlanningCase, include: tuple[str, ...]) -> int | None:
    """The counts added up, an upper bound; None when one of them is not known."""
    known = [size for name in include if (size := case.segments[name].size) is not None]
    return sum(known) if len(known) == len(include) else None


def _is_usable(segment: Segment | None) -> bool:
    return segment is not None and not segment.suppression and segment.size != 0


def _cite(segment: Segment) -> Citation:
    size = "size unknown" if segment.size is None else f"{segment.size:,} people"
    text = f"{segment.name}, {size}: {segment.truths[0] if segment.truths else segment.description}"
    return Citation(source=f"data/segments.yaml#{segment.id}", text=text)


def _why(include: tuple[str, ...], left_out: tuple[str, ...], measured: bool) -> str:
    if not include:
        return "no segment of the brief can be addressed now"
    order = "ordered by what they did before" if measured else "in the order of the brief"
    tired = f"; {', '.join(left_out)} left out: tired of us" if left_out else ""
    return f"{', '.join(include)}, {order}{tired}"
