"""Dispatch: carries out what was allowed, at most once; the intent is written before the call.

Each effect goes through three short steps: take (judge once more, mark in flight, commit), call
(outside any transaction), settle (write what the platform said, commit). A crash between them
leaves ``in_flight``, which means "may have happened" and goes to reconcile.py.
"""

from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.facts import Unread
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.permit import Permit, PermitRefused, sealed
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.governance.verdict import Verdict, Weight
from drumbeat.core.json_value import JsonValue
from drumbeat.gate import record, sequence
from drumbeat.gate.call_back import call_back
from drumbeat.gate.door import Door, NoPlatform, platform_of
from drumbeat.gate.facts import gather, read_current
from drumbeat.gate.leave import has_leave
from drumbeat.gate.overtake import look_over
from drumbeat.gate.reconcile import reconcile, shows
from drumbeat.gate.sequence import Never, NotYet
from drumbeat.gate.settle import block, postpone, settle
from drumbeat.gate.shortfall import look_after
from drumbeat.gate.take_effect import take_effect
from drumbeat.gate.thaw import resume
from drumbeat.gate.verify import verify
from drumbeat.store import effects, holds, ledger, proposals
from drumbeat.store.effects import Effect, EffectStatus
from drumbeat.store.proposals import Judged

# A call that has not answered by then is taken as lost.
CALL_LIMIT = timedelta(minutes=5)
_PERMIT_LIFE = timedelta(minutes=10)
# While a freeze is being ordered; its commit wakes us sooner.
_BRAKED = timedelta(seconds=1)
# A definite "not now" is tried again this often, each time after a longer pause.
_MAX_ATTEMPTS = 6
_FIRST_PAUSE = timedelta(minutes=2)
# A part of a move whose turn has not come is looked at again this often.
_TURN = timedelta(minutes=5)


def pump(door: Door, limit: int = 100) -> datetime | None:
    """Work off the effects that are due; returns when the next one will be."""
    with door.database.read() as connection:
        frozen = holds.freezes(connection)
    owed = resume(door, frozen.lifted)
    take_effect(door)
    with door.database.read() as connection:
        waiting = effects.due(connection, door.now, limit)
    for effect in waiting:
        if not door.is_braked():
            _step(door, effect)
    # A freeze that came meanwhile has woken the effects once more.
    call_back(door, frozen.standing)
    with door.database.read() as connection:
        ahead = effects.next_wake(connection), proposals.next_acting(connection), owed
    due = min((at for at in ahead if at is not None), default=None)
    return max(due, door.now + _BRAKED) if due is not None and door.is_braked() else due


def _step(door: Door, effect: Effect) -> None:
    match effect.status:
        case EffectStatus.READY:
            _carry_out(door, effect)
        case EffectStatus.IN_FLIGHT | EffectStatus.UNKNOWN | EffectStatus.PENDING:
            reconcile(door, effect)
        case _:
            pass


def _carry_out(door: Door, effect: Effect) -> None:
    with door.database.read() as connection:
        judged = proposals.load(connection, effect.proposal)
    if judged is None:
        return
    whole = judged.proposal.part_of
    if not whole:
        _go_out(door, effect, judged)
        return
    match sequence.turn(door, judged):
        case None:
            _go_out(door, effect, judged)
        case NotYet(why):
            _later(door, effect, judged.proposal, why, _TURN)
        case Never(why):
            with door.database.write() as transaction:
                ledger.serialize(transaction)
                block(door, transaction, effect, judged.proposal, why)
    look_after(door, whole)


def _go_out(door: Door, effect: Effect, judged: Judged) -> None:
    current = read_current(door, judged.proposal.action)
    if current is Unread.UNREAD and _is_known_connection(door, effect):
        # The platform is away. Nothing was sent, so nothing is lost by waiting.
        _later(door, effect, judged.proposal, "the platform cannot be read")
        return
    if effect.attempt > 0 and shows(current, judged.proposal):
        # An earlier attempt did get through; its answer came after we had given it up.
        found = Receipt(outcome=Outcome.DONE, detail="found on the platform")
        settle(door, effect.permit, judged.proposal, found, seen=EffectStatus.READY)
        return
    permit = _take(door, effect, judged, current)
    if permit is not None:
        _call(door, effect, judged.proposal, permit)


def _take(door: Door, effect: Effect, judged: Judged, current: JsonValue | Unread) -> Permit | None:
    """Judge once more and mark in flight, in one transaction; None when it may not go out."""
    asked, now = judged.proposal, door.now
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        verdict = decide(asked, door.checks, gather(door, transaction, asked, current))
        if not has_leave(door, transaction, judged, verdict):
            _stop(door, transaction, effect, asked, verdict)
            return None
        attempt = effect.attempt + 1
        taken = effects.move(
            transaction,
            effect.permit,
            EffectStatus.READY,
            EffectStatus.IN_FLIGHT,
            attempt=attempt,
            first_attempt_at=effect.first_attempt_at or now,
            last_attempt_at=now,
            wake_at=now + CALL_LIMIT,
        )
        if not taken:
            return None
        proposals.use_approvals(transaction, asked.id, now)
        record.about(
            transaction,
            "attempted",
            asked,
            at=now,
            actor="system:gate",
            permit=effect.permit,
            attempt=attempt,
            over=effect.connection,
        )
    permit = Permit(
        number=effect.permit,
        fingerprint=asked.fingerprint,
        connection=effect.connection,
        attempt=attempt,
        expires_at=now + _PERMIT_LIFE,
    )
    return sealed(permit, door.key)


def _stop(
    door: Door, transaction: sa.Connection, effect: Effect, asked: Proposal, verdict: Verdict
) -> None:
    """A frozen change waits for the thaw; anything else that may not go out is over."""
    strict = [f for f in verdict.findings if f.weight >= Weight.ASK]
    why = "; ".join(f.text for f in strict)
    if any(f.check == "held" for f in strict):
        effects.move(
            transaction, effect.permit, EffectStatus.READY, EffectStatus.HELD, wake_at=None
        )
        record.about(transaction, "held_back", asked, at=door.now, actor="system:gate", why=why)
        return
    block(door, transaction, effect, asked, why)


def _call(door: Door, effect: Effect, asked: Proposal, permit: Permit) -> None:
    try:
        receipt = platform_of(door, effect.connection).connector.apply(asked.action, permit)
    except (PermitRefused, NoPlatform) as error:
        receipt = Receipt(outcome=Outcome.REFUSED, detail=str(error))
    except ConnectorError as error:
        if error.kind is ErrorKind.FROZEN:
            _again(door, effect, asked, str(error), timedelta())
            return
        if error.kind in _NOT_NOW and permit.attempt < _MAX_ATTEMPTS and not effect.was_unknown:
            pause = _pause(permit.attempt, error.retry_after_seconds)
            _again(door, effect, asked, str(error), pause)
            return
        receipt = _receipt_of(error)
    except Exception as error:  # a connector's own defect: the call may have gone out
        receipt = Receipt(outcome=Outcome.UNKNOWN, detail=f"{type(error).__name__}: {error}")
    settle(door, effect.permit, asked, receipt)
    if receipt.outcome is not Outcome.DONE:
        return
    if asked.takes_back:
        verify(door, asked)
    if asked.action.channel is Channel.WORKSPACE:
        look_over(door, asked)


# Definitely not done, and worth another try.
_NOT_NOW = frozenset({ErrorKind.RETRY_AFTER, ErrorKind.QUOTA, ErrorKind.DISCONNECTED})


def _receipt_of(error: ConnectorError) -> Receipt:
    lost = error.kind is ErrorKind.UNKNOWN_OUTCOME
    outcome = Outcome.UNKNOWN if lost else Outcome.REFUSED
    return Receipt(outcome=outcome, detail=f"{error.kind}: {error}")


def _again(door: Door, effect: Effect, asked: Proposal, why: str, pause: timedelta) -> None:
    with door.database.write() as transaction:
        move = partial(effects.move, transaction, effect.permit)
        if move(EffectStatus.IN_FLIGHT, EffectStatus.READY, wake_at=door.now + pause):
            postpone(door, transaction, asked, why, door.now + pause)


def _later(
    door: Door, effect: Effect, asked: Proposal, why: str, pause: timedelta = _FIRST_PAUSE
) -> None:
    """Wait for the platform or for its turn; past the proposal's expiry, the checks will end it."""
    again = door.now + pause
    # Said once, and not at every look.
    is_news = effect.attempt == 0 and (not asked.part_of or door.now - asked.proposed_at < pause)
    with door.database.write() as transaction:
        if door.now >= asked.expires_at:
            ledger.serialize(transaction)
            block(door, transaction, effect, asked, f"{why}, and the proposal has expired")
            return
        effects.move(
            transaction, effect.permit, EffectStatus.READY, EffectStatus.READY, wake_at=again
        )
        postpone(door, transaction, asked, why, again, note=is_news)


def _pause(attempt: int, asked_seconds: float) -> timedelta:
    return max(_FIRST_PAUSE * (1 << (attempt - 1)), timedelta(seconds=asked_seconds))


def _is_known_connection(door: Door, effect: Effect) -> bool:
    return effect.connection in door.platforms
