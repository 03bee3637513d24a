"""Thaw: people end a hold; what it stopped is judged afresh, what it called back is made again.

What people had approved is not asked a second time (see agreed.py); the rest is judged like
anything else. A mail or post whose moment passed meanwhile stays unsent, and that is told once.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import Hold, HoldMode, Scope, ScopeKind, covers
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.gate.agreed import FREEZER
from drumbeat.gate.call_back import occasion
from drumbeat.gate.door import CLOCKS, EFFECTS, Door
from drumbeat.gate.escalate import escalate
from drumbeat.gate.hold import HoldRefused, ProofNeeded
from drumbeat.gate.submit import submit
from drumbeat.store import cycles, dues, effects, holds, ledger, proposals
from drumbeat.store.effects import EffectStatus

_LIFE = timedelta(days=1)


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
    with door.database.read() as connection:
        lifted = [h for h in holds.in_force(connection) if (h.mode, h.scope) == (mode, scope)]
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
    for one in lifted if mode is HoldMode.FREEZE else ():
        _send_again(door, one)
    return count


def _may_lift(door: Door, by: Actor) -> bool:
    account = door.rules.accounts.get(by.id) if by.is_person else None
    wanted = {"operator", "manager", "admin"}
    return account is not None and account.is_active and bool(wanted & account.roles)


def _send_again(door: Door, hold: Hold) -> None:
    """Propose once more what this freeze called back, where its moment is still ahead; what it
    made too late is told, once."""
    with door.database.read() as connection:
        cancelled = [
            judged.proposal
            for judged in proposals.by_actor(connection, str(FREEZER), hold.at)
            if occasion(hold) in judged.proposal.why and _is_done(connection, judged.proposal.id)
        ]
        made = proposals.many(connection, [one.takes_back for one in cancelled])
        stopped = _stopped_again(door, connection, hold)
    wanted = [*stopped, *(_again(door, hold, judged.proposal) for judged in made.values())]
    late = [asked for asked in wanted if _is_late(asked.action, door.now)]
    for asked in wanted:
        if asked not in late:
            submit(door, asked)
    _tell(door, hold, late)


def _again(door: Door, hold: Hold, made: Proposal) -> Proposal:
    why = made.why if made.resumes else f"{made.why}; once more, after a freeze of {hold.scope}"
    return propose(
        made.action,
        made.by,
        why,
        now=door.now,
        expires_at=max(made.expires_at, door.now + _LIFE),
        evidence=made.evidence,
        confidence=made.confidence,
        if_nothing=made.if_nothing,
        pack=made.pack,
        occasion=f"after {hold.id}",
    ).model_copy(update={"resumes": made.id})


def _stopped_again(door: Door, connection: sa.Connection, hold: Hold) -> list[Proposal]:
    """What an earlier thaw proposed while this freeze still stood in its way."""
    denied = (one.proposal for one in proposals.denied(connection, hold.at))
    return [
        one
        for one in denied
        if one.resumes and one.expires_at > door.now and covers(hold, one.action, one.by)
    ]


def _tell(door: Door, hold: Hold, late: list[Proposal]) -> None:
    """One line a cycle, to its owner. A launch that still goes on names what it missed itself."""
    missed: dict[tuple[str, str], list[str]] = {}
    for asked in late:
        whose = asked.action.campaign, asked.action.cycle
        missed.setdefault(whose, []).append(asked.action.target)
    for (campaign, cycle), targets in missed.items():
        with door.database.write() as transaction:
            row = cycles.load(transaction, cycle) if cycle else None
            if row is not None and row.stage == "launch":
                continue
            escalate(
                door,
                transaction,
                failure="platform",
                severity="warning",
                campaign=campaign,
                cycle=cycle,
                text=f"the freeze of {hold.scope} outlasted their moment, so these stay unsent: "
                f"{', '.join(sorted(targets))}",
                key=f"{cycle or campaign}/missed in {hold.id}",
            )


def _is_done(connection: sa.Connection, proposal_id: str) -> bool:
    effect = effects.of_proposal(connection, proposal_id)
    return effect is not None and effect.status is EffectStatus.DONE


def _is_late(action: Action, now: datetime) -> bool:
    moment = _moment(action)
    return moment is not None and moment <= now


def _moment(action: Action) -> datetime | None:
    state = action.after if isinstance(action.after, dict) else {}
    at = state.get("send_at") or state.get("publish_at")
    return datetime.fromisoformat(at) if isinstance(at, str) else None
