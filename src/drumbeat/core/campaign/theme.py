"""Theme: what a cycle talks about, from what worked, what is rested and what there is to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.core.campaign.brief import Brief, SignalKind
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.dossier import Dossier, UseKind
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.tally import Ranked, rank
from drumbeat.core.governance.action import Channel

# A piece rests this long before it is shown again.
PIECE_RESTS = timedelta(days=42)
# A theme loses part of its pull the week after it was used, and has it back after three weeks.
_TIRED = ((timedelta(days=10), 0.5), (timedelta(days=17), 0.8))
_IN_SEASON = 1.25


@dataclass(frozen=True)
class ThemeChoice:
    """A theme, the pieces that carry it (freshest first), and what the choice rests on."""

    theme: str
    pieces: tuple[Piece, ...]
    score: float
    citations: tuple[Citation, ...]
    why: str


def themes_for(
    brief: Brief,
    content: Iterable[Piece],
    dossier: Dossier,
    context: ContextFile,
    *,
    channel: Channel,
    element: LessonElement,
    at: datetime,
) -> tuple[ThemeChoice, ...]:
    """The themes that can be told at ``at``, best first; empty when no piece can be shown.

    A theme needs a piece on the channel, in a language of the brief, in stock. One whose pieces
    have all been shown within six weeks comes after every one with a rested piece.
    """
    pieces = tuple(piece for piece in content if _can_show(piece, brief, context, channel))
    topics = dict.fromkeys(topic for piece in pieces for topic in piece.topics)
    wanted = [theme for theme in (brief.themes or tuple(topics)) if theme in topics]
    ranked = rank(wanted, dossier.tallies, brief.lessons, element)
    choices = [_choice(one, pieces, brief, dossier, at) for one in ranked]
    return tuple(sorted(choices, key=lambda one: (not _is_fresh(one, dossier, at), -one.score)))


def is_rested(piece: Piece, dossier: Dossier, at: datetime) -> bool:
    """Whether a piece was not shown for six weeks, by our own memory and by the inventory's."""
    used = dossier.last_used(UseKind.PIECE, piece.id)
    by_us = used is None or at - used >= PIECE_RESTS
    by_file = piece.last_used is None or at.date() - piece.last_used >= PIECE_RESTS
    return by_us and by_file


def _can_show(piece: Piece, brief: Brief, context: ContextFile, channel: Channel) -> bool:
    if piece.product is not None and context.is_sold_out(piece.product):
        return False
    speaks = not brief.languages or piece.language in brief.languages
    return channel in piece.channels and speaks


def _choice(
    one: Ranked, pieces: tuple[Piece, ...], brief: Brief, dossier: Dossier, at: datetime
) -> ThemeChoice:
    fitting = [piece for piece in pieces if one.subject in piece.topics]
    ordered = tuple(sorted(fitting, key=lambda piece: _staleness(piece, dossier, at)))
    season = _season(one.subject, brief)
    freshness = _freshness(one.subject, dossier, at)
    score = one.score * freshness * (_IN_SEASON if season else 1.0)
    return ThemeChoice(
        theme=one.subject,
        pieces=ordered,
        score=score,
        citations=(*one.citations, *season),
        why=_why(one, freshness, bool(season)),
    )


def _staleness(piece: Piece, dossier: Dossier, at: datetime) -> tuple[bool, float, str]:
    """Rested ones first, then the longest unseen, then by name so that the order is one."""
    used = dossier.last_used(UseKind.PIECE, piece.id)
    days = (at - used) / timedelta(days=1) if used else 9999.0
    if piece.last_used:
        days = min(days, float((at.date() - piece.last_used).days))
    return not is_rested(piece, dossier, at), -days, piece.id


def _is_fresh(choice: ThemeChoice, dossier: Dossier, at: datetime) -> bool:
    return is_rested(choice.pieces[0], dossier, at)


def _freshness(theme: str, dossier: Dossier, at: datetime) -> float:
    used = dossier.last_used(UseKind.THEME, theme)
    if used is None:
        return 1.0
    return next((weight for within, weight in _TIRED if at - used <= within), 1.0)


def _season(theme: str, brief: Brief) -> tuple[Citation, ...]:
    kinds = (SignalKind.SEASON, SignalKind.MARKED_DAYS)
    return tuple(s.citation for s in brief.signals if s.kind in kinds and s.subject == theme)


def cite_piece(piece: Piece, dossier: Dossier) -> Citation:
    """The piece itself, with when it was last shown by the inventory's memory and by our own."""
    ours = dossier.last_used(UseKind.PIECE, piece.id)
    days = [day for day in (piece.last_used, ours.date() if ours else None) if day]
    used = f"last used {max(days)}" if days else "never used"
    source = f"data/content.yaml#{piece.id}"
    return Citation(source=source, text=f"{piece.kind} “{piece.title}”, {used}")


def _why(one: Ranked, freshness: float, is_season: bool) -> str:
    name = one.subject.replace("-", " ")
    if one.lesson is not None:
        reason = f"a lesson speaks of it: {one.lesson.text}"
    elif one.tallies:
        reason = "it has the best figures among the rested themes"
    else:
        reason = "nothing was measured about it yet, and it is rested"
    tired = "" if freshness == 1.0 else ", though it was used lately"
    return f"{name}: {reason}{tired}{', and it is in season' if is_season else ''}"
