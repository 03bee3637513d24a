"""Improvement case: what the optimizer may look at: numbers, findings and states, no free text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.launch import LaunchContext
from drumbeat.core.campaign.objects import LineItem, Post
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.money import Money
from drumbeat.core.operations.watch_finding import WatchFinding

Counts = Mapping[str, float]

# A platform needs this long after a change before its figures mean anything.
LEARNS = timedelta(days=7)
# How far back spend and what came of it are read for response curves.
CURVES = timedelta(days=180)


@dataclass(frozen=True)
class SpendDay:
    """What a line item spent on a day, and the conversions its clicks brought."""

    day: date
    spend_minor: int
    conversions: float


@dataclass(frozen=True)
class LiveLine:
    """A running line item, what it did since ``record`` began, and per creative; ``changed_at``
    is its last change; a platform still learning it is left alone. ``used`` is the share of its
    budget it spends, where that is known; ``history`` its days that are over and ripe."""

    target: str
    item: LineItem
    record: LineRecord
    creatives: Mapping[str, Counts] = field(default_factory=dict)
    changed_at: datetime | None = None
    is_learning: bool = False
    used: float | None = None
    history: tuple[SpendDay, ...] = ()


@dataclass(frozen=True)
class LivePost:
    """A published post and its counts."""

    target: str
    post: Post
    counts: Counts


@dataclass(frozen=True)
class Pace:
    """What the budget window allows and has seen: ``elapsed`` is the share of it that passed."""

    spent: Money
    cap: Money
    elapsed: float


@dataclass(frozen=True)
class ImprovementCase:
    """A live cycle with what was found wrong in it. ``data_problems`` block all optimizing;
    ``under_test`` are targets an experiment measures."""

    campaign: str
    cycle: str
    now: datetime
    context: LaunchContext
    findings: tuple[WatchFinding, ...] = ()
    lines: tuple[LiveLine, ...] = ()
    posts: tuple[LivePost, ...] = ()
    pace: Pace | None = None
    # What the campaign may still put behind posts this cycle; None: boosting is not planned for.
    boost_left: Money | None = None
    per_change: float = 0.2
    cooldown: timedelta = timedelta(days=3)
    under_test: frozenset[str] = frozenset()
    # What was proposed before and still waits for people, or for its hold to end: (kind, target).
    asked: frozenset[tuple[str, str]] = frozenset()
    # What people's overrides taught here and still holds: obeyed before anything is proposed.
    overrides: tuple[Constraint, ...] = ()
    data_problems: tuple[str, ...] = ()
