"""Demotion: an override, an incident or drift takes agents down a step, without asking anybody."""

from collections.abc import Iterator

import sqlalchemy as sa

from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.autonomy import GRAVE, Case, drift
from drumbeat.core.governance.freeze import Scope, ScopeKind
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.matrix import Row
from drumbeat.gate import levels, phases
from drumbeat.gate.door import Door
from drumbeat.store import proposals, shadow
from drumbeat.store.proposals import Judged, Status

# Failures that speak of what agents do; a platform that is away, or broken data, do not.
_AGENTS_OWN = frozenset({"copy", "legal", "budget", "brand_crisis", "security"})
# As many of the latest cases as drift is judged by.
_LATEST = 20


def after_override(
    door: Door, transaction: sa.Connection, judged: Judged, code: str, by: str, cause: str
) -> None:
    """A person took an agent's proposal, or change, another way: rejected, edited, rolled back."""
    asked = judged.proposal
    if not asked.by.is_agent:
        return
    action = asked.action
    phases.demote_for(door, transaction, action.campaign, code, by, cause)
    if code in GRAVE:
        levels.lower(door, transaction, action.kind, str(action.channel), by, code, cause)
    else:
        look_for_drift(door, transaction, action)


def after_freeze(
    door: Door, transaction: sa.Connection, scope: Scope, code: str, by: str, cause: str
) -> None:
    """A person stopped something because agents were wrong; every scope loses its own step."""
    if code not in GRAVE:
        return
    if scope.kind in (ScopeKind.CAMPAIGN, ScopeKind.WORKSPACE):
        names = (scope.of,) if scope.kind is ScopeKind.CAMPAIGN else tuple(door.rules.campaigns)
        for name in names:
            phases.demote_for(door, transaction, name, code, by, cause)
        return
    for kind, channel in _of_scope(door, scope):
        levels.lower(door, transaction, kind, channel, by, code, cause)


def after_incident(
    door: Door, transaction: sa.Connection, campaign: str, failure: str, cause: str
) -> None:
    """Something critical that speaks of what agents did: the campaign goes a step down."""
    if failure in _AGENTS_OWN and campaign in door.rules.campaigns:
        phases.lower(door, transaction, campaign, "system:router", "incident", cause)


def look_for_drift(door: Door, transaction: sa.Connection, action: Action) -> None:
    """Whether agents and people, or agents and what pays, have come apart for this kind."""
    kind, channel = action.kind, str(action.channel)
    if levels.level_of(door, transaction, kind, channel) is not Level.ACT:
        return
    why = drift(_latest(transaction, kind, channel))
    if why:
        levels.lower(door, transaction, kind, channel, "system:gate", "drift", why)


def _latest(transaction: sa.Connection, kind: str, channel: str) -> list[Case]:
    """The latest answers and verdicts in shadow, newest first."""
    answered = proposals.latest_answered(transaction, kind, _LATEST)
    agreed = (Status.APPROVED, Status.AGREED)
    found = [
        ((one.decided_at or one.proposal.proposed_at), Case(kind, channel, one.status in agreed))
        for one in answered
        if one.proposal.by.is_agent and str(one.proposal.action.channel) == channel
    ]
    found += [
        (one.at, Case(kind, channel, one.is_for_the_agent, one.effect))
        for one in shadow.latest(transaction, _LATEST * 2)
        if (one.kind, one.channel) == (kind, channel)
    ]
    newest = sorted(found, key=lambda pair: pair[0], reverse=True)[:_LATEST]
    return [case for _, case in newest]


def _of_scope(door: Door, scope: Scope) -> Iterator[tuple[str, str]]:
    """The kinds on their channels that a scope covers."""
    for name, kind in KINDS.items():
        row = door.rules.matrix.row(name)
        if not isinstance(row, Row):
            continue
        covered = {
            ScopeKind.CHANNEL: kind.channel == scope.of and kind.channel is not Channel.WORKSPACE,
            ScopeKind.ACTION_KIND: name == scope.of,
            ScopeKind.AGENT: scope.of in row.agents,
        }
        if covered.get(scope.kind):
            yield name, str(kind.channel)
