"""A small gate over a fake platform: one ads campaign, three people, two roles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Any

from drumbeat.connectors.contract import Capability
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money, Period
from drumbeat.engine import brake
from drumbeat.engine.clock import VirtualClock
from drumbeat.gate.desk import StoreDesk
from drumbeat.gate.door import Door, Platform
from drumbeat.gate.gate import Gate
from drumbeat.gate.rules import CampaignRules, Cap, Rules
from drumbeat.store.database import Database, sqlite_url
from drumbeat.testing.platform import FakePlatform, FakeSite

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KEY = b"a key that only tests know"
CAMPAIGN = "retargeting"
ADS = "ads-account"
SURE = Confidence(effect=1.0, standard_error=0.1, sample_size=5000, signals=("cpa", "orders"))
_MATRIX: dict[str, Any] = {
    "version": 1,
    "undo_hold": "0s",
    "actions": {
        "ads.set_budget": {
            "agents": ["optimizer"],
            "risk": "medium",
            "phase": "conditional",
            "approvals": {"roles": ["performance"], "count": 1},
            "min_confidence": 0.6,
            "limits": {"per_change": "20%", "per_day": "30%"},
        },
        "ads.pause": {
            "agents": ["optimizer", "monitor"],
            "risk": "high",
            "phase": "full",
            "approvals": {"roles": ["performance", "manager"], "count": 2},
            "min_confidence": 0.8,
            "signals": 2,
        },
        "ads.enable": {"agents": ["optimizer"], "risk": "low", "phase": "supervised"},
        "campaign.launch": {
            "agents": ["launcher"],
            "risk": "medium",
            "phase": "full",
            "always_ask": True,
            "approvals": {"roles": ["performance"]},
        },
        "connection.set_mode": {
            "agents": [],
            "risk": "high",
            "phase": "full",
            "always_ask": True,
            "approvals": {"roles": ["manager"]},
        },
        "ads.remove_line_item": "forbidden",
    },
}


@dataclass
class GateWorld:
    """The parts a test looks at."""

    gate: Gate
    site: FakeSite
    clock: VirtualClock
    database: Database

    @property
    def door(self) -> Door:
        return self.gate.door

    def pass_time(self, **by: float) -> None:
        """Let time pass, carrying out what becomes due."""
        self.clock.advance(timedelta(**by))
        self.gate.pump()

    def budget(self, before: int, after: int, **more: Any) -> Proposal:
        """A proposal of the optimizer to change a daily budget, in minor units."""
        return change("ads.set_budget", before, after, now=self.clock.now(), **more)


def rules(policy: dict[str, Any] | None = None, **changes: Any) -> Rules:
    """The shipped small policy; ``policy`` replaces parts of its matrix, ``changes`` parts of the
    one campaign's rules."""
    own = CampaignRules(
        **{
            "phase": Phase.CONDITIONAL,
            "is_evergreen": True,
            "timezone": "Europe/Berlin",
            "caps": (Cap(Money(minor=100_00, currency="EUR"), Period.MONTH),),
            **changes,
        }
    )
    more = policy or {}
    actions = {**_MATRIX["actions"], **more.get("actions", {})}
    matrix = ActionMatrix.model_validate({**_MATRIX, **more, "actions": actions})
    return Rules(
        version=matrix.digest,
        matrix=matrix,
        currency="EUR",
        timezone="Europe/Berlin",
        campaigns={CAMPAIGN: own},
        accounts={a.id: a for a in _ACCOUNTS},
        connections={ADS: ConnectionMode.LIVE},
        declared_kinds={
            "optimizer": frozenset({"ads.set_budget", "ads.pause", "ads.enable"}),
            "launcher": frozenset({"campaign.launch", "ads.set_budget"}),
        },
        readable={"monitor": ("readings",)},
    )


_ACCOUNTS = (
    Account(id="jon", person="jon", roles=frozenset({"performance", "operator"})),
    Account(id="jon-two", person="jon", roles=frozenset({"performance", "manager"})),
    Account(id="dana", person="dana", roles=frozenset({"manager", "performance"})),
    Account(id="vic", person="vic", roles=frozenset({"viewer"})),
    Account(id="bot", person="bot", roles=frozenset({"performance"}), is_agent=True),
    Account(id="gone", person="gone", roles=frozenset({"performance"}), is_active=False),
)


def gate_world(
    folder: Path,
    *,
    capabilities: frozenset[Capability] = frozenset({Capability.LOOK_UP}),
    on_call: Callable[[Action], None] | None = None,
    policy: dict[str, Any] | None = None,
    **campaign: Any,
) -> GateWorld:
    """A fresh gate; the line item ``line_item:retargeting/main`` spends EUR 40.00 a day."""
    clock = VirtualClock(START)
    copyfile(_template(), folder / "gate.db")
    database = Database(sqlite_url(folder / "gate.db"), durable=False)
    site = FakeSite(objects={"line_item:retargeting/main": {"daily_budget_minor": 40_00}})
    is_braked = partial(brake.is_pressed, folder)
    desk = StoreDesk(database, KEY, clock.now, is_braked)
    connector = FakePlatform(ADS, desk, site, capabilities, on_call)
    platform = Platform(connector, capabilities, timedelta(hours=24), timedelta(minutes=5))
    known = rules(policy, **campaign)
    door = Door(database, clock, load(), known, {ADS: platform}, KEY, is_braked)
    return GateWorld(Gate(door), site, clock, database)


@cache
def _template() -> Path:
    """A migrated, empty database, made once a process: thousands of small worlds start from it."""
    path = Path(mkdtemp(prefix="drumbeat-")) / "empty.db"
    database = Database(sqlite_url(path), durable=False)
    database.migrate()
    database.close()
    return path


def change(
    kind: str,
    before: int | None,
    after: int | None,
    *,
    now: datetime,
    by: Actor | None = None,
    target: str = "line_item:retargeting/main",
    confidence: Confidence | None = SURE,
    pack: str = "",
    occasion: str = "",
    lasts: timedelta = timedelta(days=2),
) -> Proposal:
    """A budget-like change of a line item; the exposure is the difference for one day."""
    delta = (after or 0) - (before or 0)
    action = Action(
        kind=kind,
        channel=Channel.ADS,
        connection=ADS,
        campaign=CAMPAIGN,
        target=target,
        before=None if before is None else {"daily_budget_minor": before},
        after=None if after is None else {"daily_budget_minor": after},
        spend_delta=Money(minor=delta, currency="EUR"),
    )
    return propose(
        action,
        by or Actor.agent("optimizer"),
        "a test",
        now=now,
        expires_at=now + lasts,
        confidence=confidence,
        pack=pack,
        occasion=occasion,
    )
