"""Heeding: what people's overrides leave of the optimizer's suggestions, before any is proposed."""

from collections.abc import Iterable

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.case import ImprovementCase
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.proposal import Evidence
from drumbeat.core.governance.teaching import heed, said_before

# Holds with this word before their lesson are those of people's overrides.
LESSON = "lesson"


def heeding(
    wanted: Iterable[Suggestion], case: ImprovementCase
) -> tuple[list[Suggestion], Constraint | None]:
    """What may still be proposed, each citing the lesson that speaks of it; and one that ended a
    suggestion, None where none did."""
    kept: list[Suggestion] = []
    ended: Constraint | None = None
    for one in wanted:
        left, lesson = _heeded(one, case)
        if left is None:
            ended = ended or lesson
        else:
            kept.append(left)
    return kept, ended


def held_by(lesson: Constraint) -> Hold:
    """Nothing is changed, because a person said so."""
    return Hold(
        reason=f"{LESSON} {lesson.entry}",
        text=said_before(lesson),
        evidence=(Citation(source=lesson.entry, text=lesson.reason),),
    )


def _heeded(one: Suggestion, case: ImprovementCase) -> tuple[Suggestion | None, Constraint | None]:
    """Actions that belong together go together: where one may not, or not as far, none does."""
    found = [heed(action, case.overrides, case.now) for action in one.actions]
    lesson = next((each.lesson for each in found if each.lesson is not None), None)
    if lesson is None:
        return one, None
    left = tuple(each.action for each in found if each.action is not None)
    is_changed = left != one.actions
    if len(left) < len(one.actions) or (is_changed and len(left) > 1):
        ended = next(e.lesson for e in found if e.lesson is not None and e.lesson.target)
        return None, ended
    cited = Evidence(text=said_before(lesson), source=lesson.entry)
    changes: dict[str, object] = {"evidence": (*one.evidence, cited)}
    if is_changed:
        # What was expected of the whole step is not what this part of it is held to.
        why = f"{one.why}; no further than a person went ({lesson.entry})"
        changes |= {"actions": left, "why": why, "expected": None}
    return one.model_copy(update=changes), lesson
