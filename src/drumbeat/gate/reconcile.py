"""Reconcile: finds out what became of a call whose answer was lost, before anything else is done.

The rule, in order: found on the platform, or a later change began from it: it happened. Not found,
and the platform can be searched, has had time to show it, and nothing has changed the target since:
it did not, try again. Otherwise, where the platform honours our key for a while yet: send the same
key again. Otherwise a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.connectors.contract import Capability, ConnectorError, RemoteState
from drumbeat.core.governance.checks.c00_stale import agrees
from drumbeat.core.governance.facts import Unread
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.json_value import JsonValue
from drumbeat.gate.door import EFFECTS, Door, NoPlatform, Platform, platform_of
from drumbeat.gate.settle import done, to_a_person
from drumbeat.store import dues, effects, ledger, proposals
from drumbeat.store.effects import Effect, EffectStatus

# Kept back from the platform's promise, because its clock is not ours.
_WINDOW_MARGIN = timedelta(hours=1)
_LOOK_AGAIN = timedelta(minutes=5)
# Looking for this long without an answer is long enough.
_GIVE_UP = timedelta(hours=24)


@dataclass(frozen=True)
class Happened:
    """It was made after all; ``ref`` is what the platform calls it."""

    ref: str


@dataclass(frozen=True)
class DidNotHappen:
    """Safe to try again: absence is proven, or the key makes a repeat harmless."""


@dataclass(frozen=True)
class LookLater:
    """The platform cannot tell yet: look again ``at`` that moment."""

    at: datetime


@dataclass(frozen=True)
class AskAPerson:
    """Nobody but a person can find out; ``why`` says what was tried."""

    why: str


Conclusion = Happened | DidNotHappen | LookLater | AskAPerson


def conclude(
    effect: Effect,
    asked: Proposal,
    found: RemoteState | None,
    platform: Platform,
    now: datetime,
    later: Sequence[Proposal] = (),
) -> Conclusion:
    """What the look-up proves. Pure: ``found`` is what the platform shows now, ``later`` are the
    changes of the same target that may have been made since: they hide whether this one was."""
    first, last = effect.first_attempt_at or now, effect.last_attempt_at or now
    if shows(found.state if found else None, asked):
        return Happened(found.ref if found else "")
    # Each was held against the platform's state before it went out.
    if any(shows(one.action.before, asked) for one in later):
        return Happened("")
    if effect.status is EffectStatus.PENDING:
        return LookLater(now + _LOOK_AGAIN * 12)
    if Capability.LOOK_UP in platform.capabilities:
        settled_at = last + platform.look_up_lag
        if now < settled_at:
            return LookLater(settled_at)
        if not later:
            return DidNotHappen()
    window = platform.key_window
    honours = Capability.SERVER_IDEMPOTENCY in platform.capabilities
    if honours and window is not None and now < first + window - _WINDOW_MARGIN:
        return DidNotHappen()
    why = "another change of it has hidden" if later else "the platform cannot say"
    return AskAPerson(f"the answer was lost and {why} whether it happened")


def reconcile(door: Door, effect: Effect) -> None:
    """Look, conclude, and write the conclusion down."""
    with door.database.read() as connection:
        judged = proposals.load(connection, effect.proposal)
        if judged is None:
            return
        asked = judged.proposal
        later = _later(connection, effect)
    try:
        platform = platform_of(door, effect.connection)
        found = _look(platform, effect, asked)
        conclusion = conclude(effect, asked, found, platform, door.now, later)
    except (ConnectorError, NoPlatform) as error:
        conclusion = _unreachable(effect, door.now, error)
    _write(door, effect, asked, conclusion)


def _later(connection: sa.Connection, effect: Effect) -> list[Proposal]:
    """Other changes of the target that may have been made since this one was first tried."""
    if effect.first_attempt_at is None:
        return []
    since = effects.changes_of(connection, effect.target, effect.first_attempt_at)
    others = [one.proposal for one in since if one.permit != effect.permit and one.attempt]
    return [one.proposal for one in proposals.many(connection, others).values()]


def _look(platform: Platform, effect: Effect, asked: Proposal) -> RemoteState | None:
    # A removal leaves nothing to be found under its key, made or not: the target itself tells.
    if Capability.LOOK_UP in platform.capabilities and asked.action.after is not None:
        return platform.connector.find(asked.action.target, effect.permit)
    return platform.connector.read(asked.action.target)


def shows(current: JsonValue | Unread, asked: Proposal) -> bool:
    """Whether this read-back is the wanted state, or its absence where removal was wanted."""
    after = asked.action.after
    if current is None or after is None or isinstance(current, Unread):
        return current is None and after is None
    return agrees(current, after)


def _unreachable(effect: Effect, now: datetime, error: Exception) -> Conclusion:
    if now - (effect.first_attempt_at or now) > _GIVE_UP:
        return AskAPerson(f"the answer was lost and the platform is away ({error})")
    return LookLater(now + _LOOK_AGAIN)


def _write(door: Door, effect: Effect, asked: Proposal, conclusion: Conclusion) -> None:
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        fresh = effects.load(transaction, effect.permit)
        if fresh is None or fresh.status is not effect.status or fresh.attempt != effect.attempt:
            return
        match conclusion:
            case Happened(ref):
                receipt = Receipt(outcome=Outcome.DONE, ref=ref, detail="found on the platform")
                done(door, transaction, effect, asked, receipt)
            case DidNotHappen():
                effects.move(
                    transaction,
                    effect.permit,
                    effect.status,
                    EffectStatus.READY,
                    wake_at=door.now,
                    was_unknown=True,
                )
                dues.poke(transaction, EFFECTS, door.now)
            case LookLater(at):
                effects.move(transaction, effect.permit, effect.status, effect.status, wake_at=at)
                dues.poke(transaction, EFFECTS, at)
            case AskAPerson(why):
                to_a_person(door, transaction, effect, asked, why)
