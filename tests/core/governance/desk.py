"""A proposal the gate would let pass, and the facts beside it; tests change one thing at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.budget import Headroom
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import ApprovedPack, Facts
from drumbeat.core.governance.freeze import Hold, HoldMode, Scope, ScopeKind
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.money import Money

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TARGET = "line_item:retargeting/main"
BEFORE = {"daily_budget_minor": 40_00}
AFTER = {"daily_budget_minor": 44_00}
SURE = Confidence(effect=1.0, standard_error=0.1, sample_size=5000, signals=("cpa", "orders"))
OPTIMIZER = Actor.agent("optimizer")
ANA = Actor.person("ana")
PACK = "a pack's digest"


def euros(amount: int) -> Money:
    return Money(minor=amount * 100, currency="EUR")


def row(**changes: Any) -> Row:
    """A row the optimizer may use alone from the conditional phase."""
    fields = {
        "agents": ("optimizer", "monitor"),
        "risk": "medium",
        "phase": "conditional",
        "approvals": {"roles": ("performance",), "count": 1},
        "min_confidence": 0.6,
        "limits": {"per_change": 0.2, "per_day": 0.3},
    }
    return Row.model_validate({**fields, **changes})


def action(**changes: Any) -> Action:
    """A budget raised by a tenth: four euros more a day."""
    fields = {
        "kind": "ads.set_budget",
        "channel": Channel.ADS,
        "connection": "ads-account",
        "campaign": "retargeting",
        "target": TARGET,
        "before": BEFORE,
        "after": AFTER,
        "spend_delta": euros(4),
    }
    return Action.model_validate({**fields, **changes})


def proposal(**changes: Any) -> Proposal:
    """The optimizer proposes it, sure of itself; ``changes`` to the action or the proposal."""
    own = {name: changes.pop(name) for name in tuple(changes) if name in Action.model_fields}
    fields = {
        "id": "prop-1",
        "action": action(**own),
        "by": OPTIMIZER,
        "why": "a test",
        "proposed_at": NOW,
        "expires_at": NOW + timedelta(days=2),
        "confidence": SURE,
    }
    return Proposal.model_validate({**fields, **changes})


def facts(**changes: Any) -> Facts:
    """Nothing speaks against it: conditional phase, a live connection, EUR 100 left."""
    fields = {
        "now": NOW,
        "policy": "policy-1",
        "row": row(),
        "phase": Phase.CONDITIONAL,
        "connection_mode": ConnectionMode.LIVE,
        "level": Level.ACT,
        "current": BEFORE,
        "proposer": account(),
        "headrooms": (headroom(left=100),),
        "declared_kinds": frozenset({"ads.set_budget", "ads.pause", "ads.enable"}),
    }
    return Facts(**{**fields, **changes})


def account(*roles: str, **changes: Any) -> Account:
    """Ana's account; a manager's when nothing else is said."""
    fields = {"id": "ana", "person": "ana", "roles": frozenset(roles or ("manager",))}
    return Account.model_validate({**fields, **changes})


def headroom(left: int, scope: str = "campaign:retargeting/month:2026-03") -> Headroom:
    return Headroom(scope=scope, cap=euros(1000), committed=euros(1000 - left))


def hold(mode: HoldMode, kind: ScopeKind = ScopeKind.WORKSPACE, of: str = "") -> Hold:
    scope = Scope(kind=kind, of=of)
    return Hold(id="hold-1", mode=mode, scope=scope, by=ANA, reason="a fire drill", at=NOW)


def pack_of(state: object = AFTER, target: str = TARGET) -> ApprovedPack:
    """People approved a pack that wants ``target`` in this state."""
    return ApprovedPack(digest=PACK, wanted={target: (digest(state),)})
