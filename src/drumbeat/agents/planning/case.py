"""Planning case: everything the planner may look at, gathered beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.campaign import Campaign, Slot
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.dossier import Dossier
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.registered import Registered
from drumbeat.core.experiments.sizing import Traffic
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.json_value import JsonValue


@dataclass(frozen=True)
class Bench:
    """What the planner must know to choose a test: the campaign's surface, every test of the
    workspace (finished ones teach, running ones stand in the way), what each hypothesis'
    surface yields (``traffic``) and is worth (``stakes``), and the ``means`` that every
    connection of the campaign has, such as ``trials``."""

    campaign: Campaign
    now: datetime
    tests: tuple[Registered, ...] = ()
    traffic: Mapping[str, Traffic] = field(default_factory=dict)
    stakes: Mapping[str, float] = field(default_factory=dict)
    means: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlanningCase:
    """``closed`` are local dates nothing goes out on; ``earliest`` is the first instant anything
    could, after building and approval; ``live`` the line items running now; ``networks`` those
    the social connection serves; ``hold_out`` the share of a mail's audience kept from it,
    ``usual`` the share that gets business as usual; ``held_geos`` the regions without ads;
    ``overspend`` how many times a daily budget the ad platform may spend on one day; ``takes_mix``
    whether the campaign may set how line items spread their money over placements.

    ``bench`` is what a test can be chosen from; ``test`` is the registered one this cycle carries
    on. ``settings`` are what was decided for the campaign, such as a winning subject style;
    ``under_test`` are targets that a test measures and nothing else may change; ``settling`` those
    whose money was moved lately and stays until what that brought has been seen."""

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
    usual: float = 0.0
    held_geos: tuple[str, ...] = ()
    overspend: float = 1.0
    takes_mix: bool = False
    watched_metrics: tuple[str, ...] = field(default=())
    bench: Bench | None = None
    test: Experiment | None = None
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    under_test: frozenset[str] = frozenset()
    settling: frozenset[str] = frozenset()
    # What people's overrides taught here and still holds.
    overrides: tuple[Constraint, ...] = ()

    def chosen(self, setting: str) -> str:
        """What was decided for a setting; empty where nothing was."""
        value = self.settings.get(setting, "")
        return str(value.get("value", "") if isinstance(value, dict) else value)
