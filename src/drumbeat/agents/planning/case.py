"""Planning case: everything the planner may look at, gathered beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.campaign import Slot
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.dossier import Dossier
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.campaign.offer import Offer


@dataclass(frozen=True)
class PlanningCase:
    """``closed`` are local dates nothing goes out on; ``earliest`` is the first instant anything
    could, after building and approval; ``live`` the line items running now; ``networks`` those
    the social connection serves; ``hold_out`` the share of a mail's audience kept from it."""

    brief: Brief
    segments: Mapping[str, Segment]
    content: tuple[Piece, ...]
    offers: Mapping[str, Offer]
    context: ContextFile
    hypotheses: Mapping[str, HypothesisSpec]
    dossier: Dossier
    earliest: datetime
    closed: frozenset[date] = frozenset()
    slots: tuple[Slot, ...] = ()
    networks: tuple[str, ...] = ()
    live: tuple[LineItem, ...] = ()
    hold_out: float = 0.0
    watched_metrics: tuple[str, ...] = field(default=())
