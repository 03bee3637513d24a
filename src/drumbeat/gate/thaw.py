"""Thaw: people end a hold; what it stopped is judged afresh, what it called back is made again.

The end of a freeze and what it still owes are one commit. The next look at the effects pays: it
proposes once more what was called back, as often as it is interrupted, and nothing twice. What
people had approved is not asked a second time (see agreed.py); the rest is judged like anything
else. A mail or post whose moment passed meanwhile stays unsent, and that is told once.
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
from drumbeat.store.proposals import Status

_LIFE = timedelta(days=1)
_LOOK_AGAIN = timedelta(minutes=1)
# A cancellation that may still be carried out: what it calls back has to wait for it.
_ON_ITS_WAY = {
    EffectStatus.READY,
    EffectStatus.IN_FLIGHT,
    EffectStatus.UNKNOWN,
    EffectStatus.PENDING,
}


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


def resume(door: Door, lifted: tuple[Hold, ...]) -> datetime | None:
    """Do what lifted freezes owe. A crash on the way leaves it owed, and what is done, done.

    Returns when to look again, where a cancellation is still on its way.
    """
    again = None
    for one in lifted:
        if not _send_again(door, one):
            again = door.now + _LOOK_AGAIN
            continue
        with door.database.write() as transaction:
            holds.resumed(transaction, one.id, door.now)
    return again


def _may_lift(door: Door, by: Actor) -> bool:
    account = door.rules.person(by.id) if by.is_person else None
    wanted = {"operator", "manager", "admin"}
    return account is not None and bool(wanted & account.roles)


def _send_again(door: Door, hold: Hold) -> bool:
    """Propose once more what this freeze called back, where its moment is still ahead; what it
    made too late is told, once. Whether that was all of it."""
    with door.database.read() as connection:
        cancels = [
            (judged.proposal, effects.of_proposal(connection, judged.proposal.id))
            for judged in proposals.by_actor(connection, str(FREEZER), hold.at)
            if occasion(hold) in judged.proposal.why
        ]
        status = {asked.takes_back: effect.status for asked, effect in cancels if effect}
        done = [made for made, came_to in status.items() if came_to is EffectStatus.DONE]
        made = proposals.many(connection, done)
        stopped = _stopped_again(door, connection, hold)
        wanted = [*stopped, *(_again(door, hold, judged.proposal) for judged in made.values())]
        known = proposals.many(connection, [one.id for one in wanted])
    wanted = [one for one in wanted if one.id not in known or known[one.id].status is Status.DENIED]
    late = [asked for asked in wanted if _is_late(asked.action, door.now)]
    for asked in wanted:
        if asked not in late:
            submit(door, asked)
    _tell(door, hold, late)
    return not any(came_to in _ON_ITS_WAY for came_to in status.values())


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


def _is_late(action: Action, now: datetime) -> bool:
    moment = _moment(action)
    return moment is not None and moment <= now


def _moment(action: Action) -> datetime | None:
    state = action.after if isinstance(action.after, dict) else {}
    at = state.get("send_at") or state.get("publish_at")
    return datetime.fromisoformat(at) if isinstance(at, str) else None
