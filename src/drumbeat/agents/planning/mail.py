"""Mail: the theme, pieces, offer, hour and subject styles of a cycle's send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from drumbeat.agents.planning import testing
from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.planning.heeding import heeded
from drumbeat.agents.planning.means import STYLES
from drumbeat.agents.writers.places import in_amount
from drumbeat.core.campaign.angle import angles_of, rank_angles
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.plan import (
    AngleChoice,
    OfferChoice,
    SendPlan,
    Urgency,
    UsualPlan,
)
from drumbeat.core.campaign.send_time import SendTime, choose_send_time
from drumbeat.core.campaign.tally import rank
from drumbeat.core.campaign.theme import ThemeChoice, cite_piece, is_rested, themes_for
from drumbeat.core.campaign.urgency import UrgencyBudget, choose_offer
from drumbeat.core.governance.action import Channel

# What the setting is called that a winning test, or a person, decides.
SUBJECT_STYLE = "subject_style"
SEND_HOUR, FRAMING, CTA = "send_hour", "offer_framing", "landing_page_cta"
_PIECES = 3
# Where contacts are counted one by one, the programme as a whole may press as often as it is true.
_OFTEN = 99
_CALMED = "; who read a deadline or a last call of ours in the last 28 days gets it without one"
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
        budget=UrgencyBudget(deadlines=_OFTEN) if _counts_pressure(case) else UrgencyBudget(),
    )
    return _angle(case, themes), offer, _send(case, time, offer, _usual(case, themes))


def _time(case: PlanningCase) -> SendTime:
    """When the mail goes out; the hour that won a test comes before what the past suggests."""
    brief = case.brief
    declared = f"due {brief.occurrence_at:%Y-%m-%d %H:%M} UTC"
    won = case.chosen(SEND_HOUR)
    if won.isdigit() and (moment := _at(brief.occurrence_at, won, case)) >= case.earliest:
        cited = Citation(source=brief.source, text=declared)
        return SendTime(moment, f"{won}:00 as a test or a person decided", (cited,))
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
        citations=(*best.citations, *argued.citations, cite_piece(lead, case.dossier)),
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


def _send(
    case: PlanningCase, time: SendTime, offer: OfferChoice, usual: UsualPlan | None
) -> SendPlan:
    test = testing.choose(case)
    ranked = rank(STYLES, case.dossier.tallies, case.brief.lessons, LessonElement.SUBJECT_STYLE)
    decided = next((one for one in ranked if one.subject == case.chosen(SUBJECT_STYLE)), None)
    best = decided or ranked[0]
    arms = _arms(case, time, offer, best.subject)
    is_calm = offer.urgency is not Urgency.NONE and _counts_pressure(case)
    figures = () if arms.is_test and arms.styles[0] != arms.styles[-1] else best.citations
    asked = test.citations if test else ()
    return SendPlan(
        send_at=min(arms.moments, default=time.at),
        styles=arms.styles,
        settings=arms.settings,
        moments=arms.moments,
        is_calm=is_calm,
        hold_out=case.hold_out,
        usual=usual,
        why=f"{time.why}; {arms.why}{_CALMED if is_calm else ''}",
        citations=(*time.citations, *figures, *asked),
    )


def _counts_pressure(case: PlanningCase) -> bool:
    """Whether the connection counts by contact who was pressed: then that is the budget, one in
    four weeks each, and not the programme's."""
    able = case.bench is not None and "pressure" in case.bench.means
    # An arm that mails fewer presses fewer: who gets the calm letter would follow from the arm.
    return able and "exclude" not in testing.varied_by(case)


@dataclass(frozen=True)
class _Arms:
    """The letters of a mail, control first: their styles and what else they set apart."""

    styles: tuple[str, ...]
    settings: tuple[dict[str, str], ...]
    moments: tuple[datetime, ...]
    why: str

    @property
    def is_test(self) -> bool:
        return len(self.styles) > 1


def _arms(case: PlanningCase, time: SendTime, offer: OfferChoice, best: str) -> _Arms:
    """The two arms of the running test as far as this mail can carry them, else one letter."""
    settled = _settled(case, offer)
    varied = testing.varied_by(case)
    pairs = [_pair(varied, number) for number in (0, 1)]
    if not varied or (not _can_frame(case, offer) and "framing" in varied):
        return _Arms((best,), (settled,) if settled else (), (), f"subject {best}")
    styles = tuple(pair.get("style", best) for pair in pairs)
    settings = tuple(
        {**settled, **{name: value for name, value in pair.items() if name != "style"}}
        for pair in pairs
    )
    moments = tuple(_at(time.at, pair["hour"], case) for pair in pairs) if "hour" in varied else ()
    if any(moment < case.earliest for moment in moments):
        return _Arms(
            (best,), (settled,) if settled else (), (), f"subject {best}; too late to test"
        )
    words = " against ".join(", ".join(pair.values()) for pair in pairs)
    names = " and ".join("subject" if name == "style" else name for name in varied)
    return _Arms(styles, settings, moments, f"{names} {words}")


def _pair(varied: Mapping[str, tuple[str, str]], number: int) -> dict[str, str]:
    return {name: values[number] for name, values in varied.items()}


def _settled(case: PlanningCase, offer: OfferChoice) -> dict[str, str]:
    """What won a test goes on: the framing of the offer and the kind of button."""
    chosen = {"framing": case.chosen(FRAMING), "cta": case.chosen(CTA)}
    if not _can_frame(case, offer):
        chosen.pop("framing")
    return {name: value for name, value in chosen.items() if value}


def _can_frame(case: PlanningCase, offer: OfferChoice) -> bool:
    """Whether an offer is made that can be said as a share and as an amount."""
    return bool(offer.offer and in_amount(case.offers[offer.offer]))


def _at(moment: datetime, hour: str, case: PlanningCase) -> datetime:
    """That hour of the same local day, in UTC."""
    local = moment.astimezone(ZoneInfo(case.brief.timezone))
    return local.replace(hour=int(hour), minute=0, second=0, microsecond=0).astimezone(UTC)
