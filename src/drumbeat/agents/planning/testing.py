"""Testing: the one hypothesis a cycle puts to the test, from the pre-approved library."""

from collections.abc import Iterable

from drumbeat.agents.planning.case import PlanningCase
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec, Variable
from drumbeat.core.campaign.lesson import Lesson, LessonElement, about
from drumbeat.core.campaign.plan import HypothesisChoice
from drumbeat.core.governance.action import Channel

# What can be varied inside one cycle, and what a lesson about it would speak of.
_TESTABLE = {
    (Channel.EMAIL, Variable.SUBJECT): ("style", LessonElement.SUBJECT_STYLE),
    (Channel.ADS, Variable.CREATIVE): ("angle", LessonElement.ANGLE),
}


def choose(case: PlanningCase) -> HypothesisChoice | None:
    """The open hypothesis with the largest expected effect; None when all is settled.

    One is settled when a lesson about its treatment leaves no doubt. Ties keep the brief's order.
    """
    named = (case.hypotheses.get(name) for name in case.brief.hypotheses)
    fit = [h for h in named if h is not None and _is_open(h, case)]
    if not fit:
        return None
    spec = max(fit, key=lambda one: abs(one.expected))
    text = f"{spec.claim} (expected {spec.expected:+.0%} {spec.metric.replace('_', ' ')})"
    return HypothesisChoice(
        hypothesis=spec.id,
        variables=tuple(spec.variables),
        control=str(arm_setting(spec, case.brief.channels, is_treatment=False)),
        treatment=str(arm_setting(spec, case.brief.channels, is_treatment=True)),
        why=f"the largest expected effect among the open, pre-approved claims: {spec.evidence}",
        citations=(Citation(source=f"hypotheses#{spec.id}", text=text),),
    )


def arm_setting(
    spec: HypothesisSpec, channels: Iterable[Channel], *, is_treatment: bool
) -> str | int | float | bool | None:
    """What an arm sets the tested variable to, such as the style ``curiosity``."""
    arm = spec.treatment if is_treatment else spec.control
    for channel in channels:
        for variable in spec.variables:
            setting = _TESTABLE.get((channel, variable))
            if setting is not None and setting[0] in arm.settings:
                value = arm.settings[setting[0]]
                return value.removesuffix("-led") if isinstance(value, str) else value
    return None


def _is_open(spec: HypothesisSpec, case: PlanningCase) -> bool:
    channels = [c for c in case.brief.channels if c in spec.channels]
    arms = [arm_setting(spec, channels, is_treatment=side) for side in (False, True)]
    meant = not spec.segments or set(spec.segments) & set(case.brief.audience.include)
    if not spec.pre_approved or None in arms or not meant:
        return False
    return not _is_settled(spec, channels, str(arms[1]), case.brief.lessons)


def _is_settled(
    spec: HypothesisSpec, channels: list[Channel], treatment: str, lessons: tuple[Lesson, ...]
) -> bool:
    elements = [_TESTABLE[key][1] for key in _TESTABLE if key[0] in channels]
    taught = [about(lessons, element, treatment) for element in elements]
    return any(lesson is not None and lesson.effect.is_clear for lesson in taught)
