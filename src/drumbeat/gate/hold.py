"""Hold: people freeze or observe a scope; in force from its commit on."""

from collections.abc import Iterable

import sqlalchemy as sa

from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import Hold, HoldMode, Scope, ScopeKind
from drumbeat.gate import demotion
from drumbeat.gate.door import CLOCKS, EFFECTS, Door
from drumbeat.gate.teach import teach_freeze
from drumbeat.store import dues, holds, ledger


class HoldRefused(ValueError):
    """The order names nothing that exists, or comes from nobody who may give it."""


class ProofNeeded(HoldRefused):
    """The order counts only from a person who has just confirmed that it is them."""


def hold(
    door: Door, mode: HoldMode, scope: Scope, by: Actor, reason: str, code: str = "other"
) -> Hold:
    """Put a freeze or an observation in force. Anyone may freeze; a reason is needed.

    Raises HoldRefused for an unknown scope or an empty reason.
    """
    _known(door, scope)
    if not reason.strip():
        raise HoldRefused(f"to {mode} needs a reason: --reason '…'")
    with door.database.write() as transaction:
        return hold_in(door, transaction, mode, scope, by, reason, code)


def hold_in(
    door: Door,
    transaction: sa.Connection,
    mode: HoldMode,
    scope: Scope,
    by: Actor,
    reason: str,
    code: str = "other",
) -> Hold:
    """The same, inside the caller's transaction, for a scope and reason known to be good."""
    made = Hold(
        # The head makes it one of a kind: frozen, lifted and frozen again in one moment.
        id=name("hold", str(mode), str(scope), ledger.head(transaction)[1]),
        mode=mode,
        scope=scope,
        by=by,
        reason=reason.strip(),
        at=door.now,
    )
    if holds.add(transaction, made):
        entry = ledger.append(
            transaction,
            "froze" if mode is HoldMode.FREEZE else "observed",
            at=door.now,
            actor=str(by),
            subject=str(scope),
            campaign=scope.of if scope.kind is ScopeKind.CAMPAIGN else "",
            reason=made.reason,
            code=code,
        )
        if mode is HoldMode.FREEZE and by.is_person:
            cause = f"ledger#{entry.seq}"
            demotion.after_freeze(door, transaction, scope, code, str(by), cause)
            teach_freeze(door, transaction, scope, reason.strip(), code, cause)
        # What platforms hold for us is called back at once.
        dues.schedule(transaction, EFFECTS, door.now)
        # SLA clocks of what is held stand still.
        dues.schedule(transaction, CLOCKS, door.now)
    return made


def scope_named(name: str | None) -> Scope:
    """The scope a person names: (None) the whole workspace, a campaign, or ``channel:email``,
    ``action:ads.set_budget``, ``agent:optimizer``."""
    if name is None:
        return Scope(kind=ScopeKind.WORKSPACE)
    kind, colon, of = name.partition(":")
    if colon and kind in set(ScopeKind):
        return Scope(kind=ScopeKind(kind), of=of)
    return Scope(kind=ScopeKind.CAMPAIGN, of=name)


def _known(door: Door, scope: Scope) -> None:
    known: dict[ScopeKind, Iterable[str]] = {
        ScopeKind.CAMPAIGN: door.rules.campaigns,
        ScopeKind.CHANNEL: map(str, Channel),
        ScopeKind.ACTION_KIND: KINDS,
        ScopeKind.AGENT: door.rules.declared_kinds,
    }
    if scope.kind is ScopeKind.WORKSPACE:
        return
    names = sorted(known[scope.kind])
    if scope.of not in names:
        raise HoldRefused(f"no {scope.kind} is named {scope.of!r}; known are {', '.join(names)}")
