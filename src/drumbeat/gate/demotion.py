"""Demotion: an override, an incident or drift takes agents down a step, without asking anybody."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa

from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.action_kinds import KINDS, is_for_review
from drumbeat.core.governance.autonomy import GRAVE, Case, drift, realised
from drumbeat.core.governance.freeze import Scope, ScopeKind
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.levels import effective_level
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.shadow import ShadowCase
from drumbeat.gate import levels, phases
from drumbeat.gate.door import Door
from drumbeat.gate.rungs import Loss
from drumbeat.store import ledger, proposals, shadow
from drumbeat.store.proposals import AnsweredAgent, Judged, Status

# Failures that speak of what agents do; a platform that is away, or broken data, do not.
_AGENTS_OWN = frozenset({"copy", "legal", "budget", "brand_crisis", "security"})
# As many of the latest cases as drift is judged by.
_LATEST = 20
# As many of the latest verdicts in shadow, of all kinds together, as are looked through for them.
_LATEST_SHOWN = 400
# The same of changes that were carried out and measured afterwards.
_LATEST_CHECKED = 100
_Dated: TypeAlias = tuple[datetime, Case]


def after_override(
    door: Door, transaction: sa.Connection, judged: Judged, code: str, by: str, cause: str
) -> None:
    """A person took an agent's proposal, or change, another way: rejected, edited, rolled back.

    What is only ever proposed for the review costs nothing: there is no autonomy in it to lose.
    """
    asked = judged.proposal
    action, loss = asked.action, Loss(by, code, cause)
    if not asked.by.is_agent or is_for_review(action.kind):
        return
    phases.demote_for(door, transaction, action.campaign, loss)
    kind, channel = action.kind, str(action.channel)
    if code in GRAVE:
        levels.lower(door, transaction, kind, channel, loss)
    else:
        _judge_drift(door, transaction, (kind, channel), _latest(transaction, kind))


def after_freeze(
    door: Door, transaction: sa.Connection, scope: Scope, code: str, by: str, cause: str
) -> None:
    """A person stopped something because agents were wrong; every scope loses its own step."""
    if code not in GRAVE:
        return
    loss = Loss(by, code, cause)
    if scope.kind in (ScopeKind.CAMPAIGN, ScopeKind.WORKSPACE):
        names = (scope.of,) if scope.kind is ScopeKind.CAMPAIGN else tuple(door.rules.campaigns)
        for name in names:
            phases.demote_for(door, transaction, name, loss)
        return
    for kind, channel in _of_scope(door, scope):
        levels.lower(door, transaction, kind, channel, loss)


def after_incident(
    door: Door, transaction: sa.Connection, campaign: str, failure: str, cause: str
) -> None:
    """Something critical that speaks of what agents did: the campaign goes a step down."""
    if failure in _AGENTS_OWN and campaign in door.rules.campaigns:
        phases.lower(door, transaction, campaign, Loss("system:router", "incident", cause))


def look_for_drift(door: Door, transaction: sa.Connection) -> None:
    """Whether agents and people, or agents and what pays, have come apart for any kind.

    A clock asks: results come in, and people answer well, without anybody overriding anything.
    """
    found = _latest(transaction)
    for pair in dict.fromkeys((case.kind, case.channel) for _, case in found):
        _judge_drift(door, transaction, pair, found)


def _judge_drift(
    door: Door, transaction: sa.Connection, pair: tuple[str, str], found: list[_Dated]
) -> None:
    """One kind on one channel, by its latest cases since its level last changed: what took a level
    away, or was forgiven with a promotion, takes nothing again."""
    declared = levels.declared_level(door, pair[0])
    if is_for_review(pair[0]) or declared is None:
        return
    override = levels.override_of(transaction, levels.target_of(*pair))
    if effective_level(declared, override) is not Level.ACT:
        return
    since = override.at if override else None
    mine = [
        case
        for at, case in sorted(found, key=lambda one: one[0], reverse=True)
        if (case.kind, case.channel) == pair and (since is None or at > since)
    ]
    answered = [case for case in mine if case.agreed is not None][:_LATEST]
    measured = [case for case in mine if case.agreed is None][:_LATEST]
    why = drift([*answered, *measured])
    if why:
        levels.lower(door, transaction, *pair, Loss("system:gate", "drift", why))


def _latest(transaction: sa.Connection, kind: str = "") -> list[_Dated]:
    """The latest answers of people, verdicts in shadow and measured changes, of one kind or all."""
    answered = proposals.latest_answered(transaction, _LATEST, kind)
    checked = ledger.latest(transaction, kinds=("move_checked",), limit=_LATEST_CHECKED)
    measured = [(one.at, case) for one in checked if (case := realised(one)) is not None]
    return _dated(answered, shadow.latest(transaction, _LATEST_SHOWN)) + measured


def _dated(answered: Iterable[AnsweredAgent], judged: Iterable[ShadowCase]) -> list[_Dated]:
    """People's answers to agents, and the verdicts in shadow, each with its moment."""
    agreed = (Status.APPROVED, Status.AGREED)
    found = [(one.at, Case(one.kind, one.channel, one.status in agreed)) for one in answered]
    shown = [(o.at, Case(o.kind, o.channel, o.is_for_the_agent, o.effect)) for o in judged]
    return found + shown


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
