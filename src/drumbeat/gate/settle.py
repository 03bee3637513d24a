"""Settle: writes what came of an effect, in one transaction with the ledger and the watch list."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.gate import doubt, record, sequence
from drumbeat.gate.door import EFFECTS, Door
from drumbeat.gate.escalate import escalate_effect
from drumbeat.store import budgets, dues, effects, ledger, objects
from drumbeat.store.effects import Effect, EffectStatus
from drumbeat.store.objects import LiveObject

_LOOK_AGAIN = timedelta(minutes=1)
_REVIEW_AGAIN = timedelta(hours=1)


def settle(
    door: Door,
    permit: str,
    asked: Proposal,
    receipt: Receipt,
    *,
    seen: EffectStatus = EffectStatus.IN_FLIGHT,
) -> None:
    """The platform's answer decides the effect's status; a definite one ends it.

    Nothing happens when the effect no longer stands where it was ``seen``.
    """
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        effect = effects.load(transaction, permit)
        if effect is None or effect.status is not seen:
            return
        match receipt.outcome:
            case Outcome.DONE:
                done(door, transaction, effect, asked, receipt)
            case Outcome.PENDING:
                _wait(door, transaction, effect, asked, receipt, EffectStatus.PENDING)
            case Outcome.UNKNOWN:
                _wait(door, transaction, effect, asked, receipt, EffectStatus.UNKNOWN)
            case Outcome.REFUSED if effect.was_unknown:
                # An earlier attempt may have got through: a refusal now proves nothing.
                _wait(door, transaction, effect, asked, receipt, EffectStatus.UNKNOWN)
            case Outcome.REFUSED:
                _refuse(door, transaction, effect, asked, receipt)


def done(
    door: Door, transaction: sa.Connection, effect: Effect, asked: Proposal, receipt: Receipt
) -> None:
    """The change is made: remember the object, tell the ledger and wake who waits for it."""
    now = door.now
    _finish(transaction, effect, EffectStatus.DONE, receipt, now)
    remember(transaction, asked.action, now)
    if asked.part_of:
        sequence.made(door, transaction, asked)
    _tell(transaction, "applied", effect, asked, receipt, now)
    doubt.ask(door, transaction, asked, receipt)
    dues.wake_cycle(transaction, asked.action.cycle, now)


def block(
    door: Door, transaction: sa.Connection, effect: Effect, asked: Proposal, why: str
) -> None:
    """The change may not go out any more; what it reserved is given back."""
    receipt = Receipt(outcome=Outcome.REFUSED, detail=why)
    _finish(transaction, effect, EffectStatus.CANCELLED, receipt, door.now)
    _give_back(transaction, asked)
    _tell(transaction, "blocked", effect, asked, receipt, door.now)
    dues.wake_cycle(transaction, asked.action.cycle, door.now)


def to_a_person(
    door: Door, transaction: sa.Connection, effect: Effect, asked: Proposal, why: str
) -> None:
    """Nobody can tell by looking whether it happened: at most once, so a person decides."""
    receipt = Receipt(outcome=Outcome.UNKNOWN, detail=why)
    _finish(transaction, effect, EffectStatus.HUMAN, receipt, door.now)
    _tell(transaction, "unresolved", effect, asked, receipt, door.now)
    text = f"{asked.action.kind} on {asked.action.target}: {why}"
    escalate_effect(door, transaction, asked.action, text, effect.permit, severity="critical")
    dues.wake_cycle(transaction, asked.action.cycle, door.now)


def postpone(
    door: Door,
    transaction: sa.Connection,
    asked: Proposal,
    why: str,
    until: datetime,
    *,
    note: bool = True,
) -> None:
    """It will be tried again at ``until``."""
    if note:
        record.about(
            transaction,
            "postponed",
            asked,
            at=door.now,
            actor="system:gate",
            why=why,
            until=until.isoformat(),
        )
    dues.poke(transaction, EFFECTS, until)


def _refuse(
    door: Door, transaction: sa.Connection, effect: Effect, asked: Proposal, receipt: Receipt
) -> None:
    _finish(transaction, effect, EffectStatus.REFUSED, receipt, door.now)
    _give_back(transaction, asked)
    _tell(transaction, "refused", effect, asked, receipt, door.now)
    text = f"{effect.connection} refused {asked.action.kind}: {receipt.detail}"
    escalate_effect(door, transaction, asked.action, text, effect.permit, severity="warning")
    dues.wake_cycle(transaction, asked.action.cycle, door.now)


def _wait(
    door: Door,
    transaction: sa.Connection,
    effect: Effect,
    asked: Proposal,
    receipt: Receipt,
    status: EffectStatus,
) -> None:
    lost = status is EffectStatus.UNKNOWN
    again = door.now + (_LOOK_AGAIN if lost else _REVIEW_AGAIN)
    effects.move(
        transaction,
        effect.permit,
        effect.status,
        status,
        wake_at=again,
        was_unknown=effect.was_unknown or lost,
        receipt=receipt,
    )
    _tell(transaction, str(status), effect, asked, receipt, door.now)
    dues.poke(transaction, EFFECTS, again)


def _finish(
    transaction: sa.Connection,
    effect: Effect,
    status: EffectStatus,
    receipt: Receipt,
    now: datetime,
) -> None:
    values: dict[str, Any] = {"wake_at": None, "receipt": receipt, "finished_at": now}
    effects.move(transaction, effect.permit, effect.status, status, **values)


def _give_back(transaction: sa.Connection, asked: Proposal) -> None:
    budgets.release(transaction, asked.id, asked.action.spend_delta.currency)


def _tell(
    transaction: sa.Connection,
    kind: str,
    effect: Effect,
    asked: Proposal,
    receipt: Receipt,
    now: datetime,
) -> None:
    record.about(
        transaction,
        kind,
        asked,
        at=now,
        actor="system:gate",
        permit=effect.permit,
        attempt=effect.attempt,
        ref=receipt.ref,
        detail=receipt.detail[:500],
    )


def remember(transaction: sa.Connection, action: Action, now: datetime) -> None:
    """Keep what a change left on its platform, so that it is watched from now on."""
    if action.channel is Channel.WORKSPACE:
        return  # a rule is no object with results of its own
    if action.after is None:
        objects.end(transaction, action.target, now)
        return
    objects.save(
        transaction,
        LiveObject(
            target=action.target,
            campaign=action.campaign,
            cycle=action.cycle,
            channel=str(action.channel),
            connection=action.connection,
            state=action.after,
            since=now,
            goes_out_at=_moment(action.after) or now,
            ends_at=_ends(action.after),
        ),
    )


# How long after its moment an object is still watched: conversions come in late.
_AFTERGLOW = {
    "send_at": timedelta(days=7),
    "publish_at": timedelta(days=5),
    "until": timedelta(days=3),
}


def _moment(state: Any) -> datetime | None:
    """When a mail or post reaches people; None for what runs on."""
    moments = state if isinstance(state, dict) else {}
    moment = moments.get("send_at") or moments.get("publish_at")
    return datetime.fromisoformat(moment) if isinstance(moment, str) else None


def _ends(state: Any) -> datetime | None:
    moments = state if isinstance(state, dict) else {}
    for field, after in _AFTERGLOW.items():
        if isinstance(moments.get(field), str):
            return datetime.fromisoformat(moments[field]) + after
    return None
