"""Freeze and observe: a person's order that stops, or only records, what a scope would do."""

from enum import StrEnum

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class HoldMode(StrEnum):
    """Freeze: only what lowers risk goes through. Observe: all is recorded, nothing is done."""

    FREEZE = "freeze"
    OBSERVE = "observe"


class ScopeKind(StrEnum):
    """What a hold can cover."""

    WORKSPACE = "workspace"
    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    ACTION_KIND = "action"
    AGENT = "agent"


class Scope(Noun):
    """What a hold covers; ``of`` is empty for the whole workspace."""

    kind: ScopeKind
    of: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.of}" if self.of else str(self.kind)


class Hold(Noun):
    """A freeze or an observation in force, until somebody lifts it."""

    id: str
    mode: HoldMode
    scope: Scope
    by: Actor
    reason: str
    at: Moment


def covers(hold: Hold, action: Action, by: Actor) -> bool:
    """Whether the hold speaks of this action by this actor."""
    match hold.scope.kind:
        case ScopeKind.WORKSPACE:
            return True
        case ScopeKind.CAMPAIGN:
            return action.campaign == hold.scope.of
        case ScopeKind.CHANNEL:
            return action.channel == hold.scope.of
        case ScopeKind.ACTION_KIND:
            return action.kind == hold.scope.of
        case ScopeKind.AGENT:
            return by.is_agent and by.id == hold.scope.of
