"""Mail: the theme, pieces, offer, hour and subject styles of a cycle's send."""

from drumbeat.agents.planning import testing
from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.planning.heeding import heeded
from drumbeat.agents.planning.testing import STYLES
from drumbeat.core.campaign.angle import angles_of, rank_angles
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.plan import (
    AngleChoice,
    HypothesisChoice,
    OfferChoice,
    SendPlan,
    UsualPlan,
)
from drumbeat.core.campaign.send_time import SendTime, choose_send_time
from drumbeat.core.campaign.tally import rank
from drumbeat.core.campaign.theme import ThemeChoice, cite_piece, is_rested, themes_for
from drumbeat.core.campaign.urgency import UrgencyBudget, choose_offer
from drumbeat.core.governance.action import Channel

# What the setting is called that a winning test, or a person, decides.
SUBJECT_STYLE = "subject_style"
_PIECES = 3
_USUAL_STYLE = "direct"


def plan(
    case: PlanningCase, segments: tuple[str, ...]
) -> tuple[AngleChoice, OfferChoice, SendPlan] | str:
    """What to send, or a sentence about what is missing for it."""
    brief = case.brief
    themes = themes_for(
        brief,
        case.content,
        case.dossier,
        case.context,
        channel=Channel.EMAIL,
        element=LessonElement.THEME,
        at=brief.occurrence_at,
    )
    themes = heeded(case, themes, "email.schedule_send")
    if not themes:
        return "a piece in data/content.yaml for email, in stock, on one of the campaign's themes"
    time = _time(case)
    if time.at > brief.ends_at:
        return f"time: nothing can be ready before {case.earliest:%Y-%m-%d %H:%M} UTC"
    offer = choose_offer(
        brief,
        case.offers,
        case.context,
        case.dossier,
        at=time.at,
        segments=segments,
        budget=UrgencyBudget(),
    )
    return _angle(case, themes), offer, _send(case, time, _usual(case, themes))


def _time(case: PlanningCase) -> SendTime:
    brief = case.brief
    declared = f"due {brief.occurrence_at:%Y-%m-%d %H:%M} UTC"
    return choose_send_time(
        brief.occurrence_at,
        brief.timezone,
        case.dossier,
        brief.lessons,
        earliest=case.earliest,
        declared=Citation(source=brief.source, text=declared),
    )


def _angle(case: PlanningCase, themes: tuple[ThemeChoice, ...]) -> AngleChoice:
    best = themes[0]
    lead = best.pieces[0]
    at = case.brief.occurrence_at
    argued = rank_angles(angles_of(lead), case.dossier, case.brief.lessons, at)[0]
    return AngleChoice(
        theme=best.theme,
        angle=argued.subject,
        pieces=tuple(piece.id for piece in _pieces(case, themes)),
        why=best.why,
        citations=(*best.citations, *argued.citations, cite_piece(lead)),
    )


def _pieces(case: PlanningCase, themes: tuple[ThemeChoice, ...]) -> tuple[Piece, ...]:
    """The lead piece and up to two more, rested ones only, in the lead's language."""
    lead = themes[0].pieces[0]
    at = case.brief.occurrence_at
    others = [
        piece
        for theme in themes
        for piece in theme.pieces
        if piece.language == lead.language and is_rested(piece, case.dossier, at)
    ]
    return tuple({piece.id: piece for piece in (lead, *others)}.values())[:_PIECES]


def _usual(case: PlanningCase, themes: tuple[ThemeChoice, ...]) -> UsualPlan | None:
    """What a calendar without an agent would send: the campaign's themes week by week in turn,
    the first piece of each, a plain subject. None where nobody is to get it."""
    if not case.usual:
        return None
    named = {theme.theme: theme for theme in themes}
    order = [name for name in case.brief.themes if name in named] or list(named)
    theme = named[order[case.brief.occurrence_at.date().toordinal() // 7 % len(order)]]
    # The same every time it comes round: resting pieces is the agent's work.
    piece = min(theme.pieces, key=lambda one: one.id)
    return UsualPlan(
        theme=theme.theme,
        angle=angles_of(piece)[0],
        piece=piece.id,
        style=_USUAL_STYLE,
        share=case.usual,
    )


def _send(case: PlanningCase, time: SendTime, usual: UsualPlan | None) -> SendPlan:
    test = testing.choose(case)
    ranked = rank(STYLES, case.dossier.tallies, case.brief.lessons, LessonElement.SUBJECT_STYLE)
    decided = next((one for one in ranked if one.subject == case.chosen(SUBJECT_STYLE)), None)
    best = decided or ranked[0]
    styles = _styles(test, best.subject)
    figures = () if test else best.citations
    asked = test.citations if test else ()
    return SendPlan(
        send_at=time.at,
        styles=styles,
        hold_out=case.hold_out,
        usual=usual,
        why=f"{time.why}; subject {' against '.join(styles)}",
        citations=(*time.citations, *figures, *asked),
    )


def _styles(test: HypothesisChoice | None, best: str) -> tuple[str, ...]:
    if test is None or not {test.control, test.treatment} <= set(STYLES):
        return (best,)
    return (test.control, test.treatment)
