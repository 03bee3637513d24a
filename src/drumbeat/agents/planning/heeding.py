"""Heeding: what people turned down gives way in the plan while the lesson holds."""

from dataclasses import replace

from drumbeat.agents.planning.case import PlanningCase
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.theme import ThemeChoice
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.teaching import barred_themes, no_further_than, said_before

_BUDGET, _LAUNCH = "ads.set_budget", "ads.launch_line_item"


def heeded(
    case: PlanningCase, themes: tuple[ThemeChoice, ...], *kinds: str
) -> tuple[ThemeChoice, ...]:
    """The themes without those turned down for these kinds, the best one saying what gave way.

    Where nothing else is left to tell, they stay, and say what a person will be asked about.
    """
    barred = barred_themes(case.overrides, ("campaign.launch", *kinds), case.brief.campaign)
    turned_down = [one for one in themes if one.theme in barred]
    if not turned_down:
        return themes
    others = tuple(one for one in themes if one.theme not in barred)
    kept = others or themes
    said = [(one.theme, barred[one.theme]) for one in turned_down]
    if not others:
        said = [(one.theme, barred[one.theme]) for one in themes[:1]]
    how = "instead of" if others else "although people turned down"
    names = ", ".join(name.replace("-", " ") for name, _ in said)
    best = replace(
        kept[0],
        why=f"{kept[0].why}; {how} {names}: {said_before(said[0][1])}",
        citations=(*kept[0].citations, *(cited(lesson) for _, lesson in said)),
    )
    return (best, *kept[1:])


def as_far_as_people_went(case: PlanningCase, name: str, step: float) -> float:
    """A relative step of a line item's budget: one that a person took back, or made smaller, is
    not taken that way again, or no further."""
    left, _ = no_further_than(
        case.overrides, (_BUDGET, case.brief.campaign, _line(case, name)), step
    )
    return left


def budget_lessons(case: PlanningCase, name: str) -> tuple[Citation, ...]:
    """What people said of a line item's budget, for the plan that goes by it."""
    return tuple(cited(one) for one in _about(case, _BUDGET, name))


def may_launch(case: PlanningCase, name: str) -> bool:
    """Whether nobody turned this line item down."""
    return not _about(case, _LAUNCH, name)


def _about(case: PlanningCase, kind: str, name: str) -> list[Constraint]:
    target = _line(case, name)
    return [one for one in case.overrides if (one.kind, one.target) == (kind, target)]


def _line(case: PlanningCase, name: str) -> str:
    return f"line_item:{case.brief.campaign}/{name}"


def cited(lesson: Constraint) -> Citation:
    """The ledger's entry of an override."""
    return Citation(source=lesson.entry, text=said_before(lesson))
