"""Angle: how a piece is argued, among the ways its own words allow."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from drumbeat.core.campaign.content import ContentKind, Piece
from drumbeat.core.campaign.dossier import Dossier, UseKind
from drumbeat.core.campaign.lesson import Lesson, LessonElement
from drumbeat.core.campaign.tally import Ranked, rank

# The same argument two cycles in a row wears out.
_RESTS = timedelta(days=10)


class Angle(StrEnum):
    """How something is argued. Each needs something in the piece to argue with."""

    PRODUCT = "product"
    MAKING = "making"
    STORY = "story"
    PROOF = "proof"
    # Only for people who have seen it before: nothing new is argued.
    REMINDER = "reminder"


_MAKING = frozenset({ContentKind.GUIDE, ContentKind.RECIPE, ContentKind.VIDEO})
_STORIES = frozenset({ContentKind.STORY, ContentKind.EVENT})


def angles_of(piece: Piece) -> tuple[Angle, ...]:
    """The angles a piece has words for; always at least the thing itself."""
    found = [Angle.PRODUCT]
    if piece.kind in _MAKING:
        found.append(Angle.MAKING)
    if piece.kind in _STORIES:
        found.append(Angle.STORY)
    if piece.quote is not None or piece.proof is not None:
        found.append(Angle.PROOF)
    return tuple(found)


def rank_angles(
    angles: Iterable[str], dossier: Dossier, lessons: Iterable[Lesson], at: datetime
) -> tuple[Ranked, ...]:
    """Angles from best to worst, those used in the last ten days after the others."""
    ranked = rank(angles, dossier.tallies, lessons, LessonElement.ANGLE)
    return tuple(sorted(ranked, key=lambda one: _is_tired(one.subject, dossier, at)))


def _is_tired(angle: str, dossier: Dossier, at: datetime) -> bool:
    used = dossier.last_used(UseKind.ANGLE, angle)
    return used is not None and at - used < _RESTS
