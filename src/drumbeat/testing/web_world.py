"""A world for pages: services in memory with a believable coffee roaster behind them.

It answers verbs the way the gate would: an answer is bound to its fingerprint, a decision can be
taken back while it is held, and everything that happens moves the version on.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from drumbeat.testing.web_content.assets import ASSETS
from drumbeat.testing.web_content.campaigns import CAMPAIGNS
from drumbeat.testing.web_content.changes import CHANGES
from drumbeat.testing.web_content.decisions import DECISIONS
from drumbeat.testing.web_content.pages import CYCLES
from drumbeat.testing.web_content.people import NOW, PEOPLE, ZONE
from drumbeat.testing.web_content.planning import EXPERIMENTS
from drumbeat.testing.web_content.steering import HEALTH
from drumbeat.testing.web_content.troubles import TROUBLES
from drumbeat.web.settings import WebSettings
from drumbeat.web.views.asset import AssetView
from drumbeat.web.views.calendar import CalendarItem
from drumbeat.web.views.campaign import CampaignRow
from drumbeat.web.views.change import (
    ActorKind,
    ChangeRow,
)
from drumbeat.web.views.connection import HealthView
from drumbeat.web.views.cycle import CycleView
from drumbeat.web.views.decision import DecisionView, QueueItem
from drumbeat.web.views.experiment import ExperimentView
from drumbeat.web.views.review import Stumble
from drumbeat.web.views.saved import SavedView
from drumbeat.web.views.shell import FreezeNotice, Person
from drumbeat.web.views.trouble import TroubleView
from drumbeat.web.views.value import Page

SESSION = "drumbeat-person"
SETTINGS = WebSettings(form_key=b"tests only: thirty-two bytes or more")


def cut(items: tuple[Any, ...], after: str | None, limit: int) -> Page[Any]:
    """One page; the cursor is the position of the next one."""
    start = int(after) if after and after.isdecimal() else 0
    end = start + limit
    return Page(items[start:end], str(end) if end < len(items) else None, len(items))


@dataclass
class WebWorld:
    """Everything the fake services know. Tests change it to set a scene."""

    now: datetime = NOW
    campaigns: dict[str, CampaignRow] = field(
        default_factory=lambda: {row.id: row for row in CAMPAIGNS}
    )
    decisions: dict[str, DecisionView] = field(
        default_factory=lambda: {view.item.id: view for view in DECISIONS}
    )
    changes: list[ChangeRow] = field(default_factory=lambda: list(CHANGES))
    troubles: dict[str, TroubleView] = field(
        default_factory=lambda: {view.row.id: view for view in TROUBLES}
    )
    people: dict[str, Person] = field(default_factory=lambda: {p.session: p for p in PEOPLE})
    assets: dict[str, AssetView] = field(default_factory=lambda: dict(ASSETS))
    cycles: dict[str, CycleView] = field(default_factory=lambda: dict(CYCLES))
    experiments: dict[str, ExperimentView] = field(default_factory=lambda: dict(EXPERIMENTS))
    items: tuple[CalendarItem, ...] | None = None
    health: HealthView = HEALTH
    minutes: dict[str, str] = field(default_factory=dict)
    stumbles: tuple[Stumble, ...] = ()
    views: list[SavedView] = field(default_factory=list)
    frozen: FreezeNotice | None = None
    speed: int = 60
    is_demo: bool = True
    has_plans: bool = True
    number: int = 1047
    seen_events: set[bytes] = field(default_factory=set)
    orders: list[tuple[str, ...]] = field(default_factory=list)
    down: tuple[str, ...] = ()

    def happen(self, actor: str, campaign_id: str, what: str, after: str, why: str) -> str:
        """One more entry, which every open page notices."""
        self.number += 1
        row = self.campaigns.get(campaign_id)
        name = row.name if row else ""
        entry = ChangeRow(
            f"e-{self.number}",
            self.now,
            actor,
            ActorKind.PERSON,
            campaign_id,
            name,
            what,
            None,
            after,
            why,
        )
        self.changes.insert(0, entry)
        return entry.id

    def waiting(self) -> tuple[QueueItem, ...]:
        items = [view.item for view in self.decisions.values() if view.answered is None]
        return tuple(sorted(items, key=lambda item: item.due or datetime.max.replace(tzinfo=ZONE)))
