"""Hold: people freeze or observe a scope, and lift that again; in force from its commit on."""

import sqlalchemy as sa

from drumbeat.core.canonical import name
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import Hold, HoldMode, Scope, ScopeKind
from drumbeat.gate.door import CLOCKS, EFFECTS, Door
from drumbeat.store import dues, effects, holds, ledger


class HoldRefused(ValueError):
    """The order names nothing that exists, or comes from nobody who may give it."""


class ProofNeeded(HoldRefused):
    """The order counts only from a person who has just confirmed that it is them."""


def hold(door: Door, mode: HoldMode, scope: Scope, by: Actor, reason: str) -> Hold:
    """Put a freeze or an observation in force. Anyone may freeze; a reason is needed.

    Raises HoldRefused for an unknown scope or an empty reason.
    """
    _known(door, scope)
    if not reason.strip():
        raise HoldRefused(f"to {mode} needs a reason: --reason '…'")
    with door.database.write() as transaction:
        return hold_in(door, transaction, mode, scope, by, reason)


def hold_in(
    door: Door, transaction: sa.Connection, mode: HoldMode, scope: Scope, by: Actor, reason: str
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
        ledger.append(
            transaction,
            "froze" if mode is HoldMode.FREEZE else "observed",
            at=door.now,
            actor=str(by),
            subject=str(scope),
            campaign=scope.of if scope.kind is ScopeKind.CAMPAIGN else "",
            reason=made.reason,
        )
        # SLA clocks of what is held stand still.
        dues.schedule(transaction, CLOCKS, door.now)
    return made


def lift(
    door: Door, mode: HoldMode, scope: Scope, by: Actor, reason: str, *, is_fresh: bool = False
) -> int:
    """End a hold; what it stopped is judged afresh. Returns how many holds were lifted.

    Raises HoldRefused when ``by`` may not: it takes an operator, manager or admin, and to end a
    freeze one who ``is_fresh``: has confirmed within minutes that it is them.
    """
    if not _may_lift(door, by):
        raise HoldRefused(f"{by.id} may not lift a {mode}: it takes an operator or manager")
    if mode is HoldMode.FREEZE and not is_fresh:
        raise ProofNeeded("to unfreeze, sign in and confirm that it is you")
    with door.database.write() as transaction:
        count = holds.lift(transaction, mode, scope, door.now)
        if count:
            effects.wake_held(transaction, door.now)
            dues.schedule(transaction, EFFECTS, door.now)
            dues.schedule(transaction, CLOCKS, door.now)
            ledger.append(
                transaction,
                "lifted",
                at=door.now,
                actor=str(by),
                subject=str(scope),
                campaign=scope.of if scope.kind is ScopeKind.CAMPAIGN else "",
                mode=str(mode),
                reason=reason.strip(),
            )
    return count


def scope_named(campaign: str | None) -> Scope:
    """The scope a person names: one campaign, or (None) the whole workspace."""
    if campaign is None:
        return Scope(kind=ScopeKind.WORKSPACE)
    return Scope(kind=ScopeKind.CAMPAIGN, of=campaign)


def _known(door: Door, scope: Scope) -> None:
    if scope.kind is ScopeKind.CAMPAIGN and scope.of not in door.rules.campaigns:
        known = ", ".join(sorted(door.rules.campaigns))
        raise HoldRefused(f"no campaign is named {scope.of!r}; known are {known}")


def _may_lift(door: Door, by: Actor) -> bool:
    account = door.rules.accounts.get(by.id) if by.is_person else None
    wanted = {"operator", "manager", "admin"}
    return account is not None and account.is_active and bool(wanted & account.roles)
