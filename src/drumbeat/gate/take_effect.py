"""Take effect: what was approved, or not objected to, is put on its way when its hold is over."""

from datetime import timedelta

import sqlalchemy as sa

from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Ask, Deny, Observe, Verdict, Weight
from drumbeat.gate import record
from drumbeat.gate.door import Door
from drumbeat.gate.facts import gather, read_current
from drumbeat.gate.leave import has_leave
from drumbeat.gate.submit import set_going
from drumbeat.store import budgets, dues, ledger, proposals
from drumbeat.store.proposals import Judged, Status

# What a freeze holds back is looked at again this often, until the thaw.
_FROZEN_PAUSE = timedelta(minutes=5)


def take_effect(door: Door) -> None:
    """Judge once more everything whose hold is over, and let it go where it still may."""
    with door.database.read() as connection:
        due = proposals.acting(connection, door.now)
    for proposal_id in due:
        _one(door, proposal_id)


def _one(door: Door, proposal_id: str) -> None:
    with door.database.read() as connection:
        judged = proposals.load(connection, proposal_id)
    if judged is None:
        return
    current = read_current(door, judged.proposal.action)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        fresh = proposals.load(transaction, proposal_id)
        if fresh is None or fresh.acts_at is None or fresh.acts_at > door.now:
            return  # undone, objected to, or put off meanwhile
        facts = gather(door, transaction, fresh.proposal, current)
        verdict = decide(fresh.proposal, door.checks, facts)
        if any(f.check == "held" and f.weight is Weight.FORBID for f in verdict.findings):
            proposals.put_off(transaction, proposal_id, door.now + _FROZEN_PAUSE)
        elif fresh.status is Status.AGREED:
            _agreed(door, transaction, fresh, verdict)
        else:
            _unopposed(door, transaction, fresh, verdict)


def _agreed(door: Door, transaction: sa.Connection, judged: Judged, verdict: Verdict) -> None:
    """People approved it and nobody took that back; what changed meanwhile can still stop it."""
    asked = judged.proposal
    if isinstance(verdict, Deny | Observe):
        why = "; ".join(f.text for f in verdict.findings if f.weight >= Weight.OBSERVE)
        _end(door, transaction, asked, why)
    elif not has_leave(door, transaction, judged, verdict):
        proposals.leave_hold(transaction, asked.id, Status.WAITING)
        why = "the rules, or the roles of who approved, have changed since"
        record.about(transaction, "voided", asked, at=door.now, actor="system:gate", why=why)
    elif why := _go(door, transaction, asked):
        _end(door, transaction, asked, why)
    else:
        proposals.leave_hold(transaction, asked.id, Status.APPROVED)
    dues.wake_cycle(transaction, asked.action.cycle, door.now)


def _unopposed(door: Door, transaction: sa.Connection, judged: Judged, verdict: Verdict) -> None:
    """Nobody objected. Where the rules ask harder by now, it goes on waiting for an answer."""
    asked = judged.proposal
    proposals.put_off(transaction, asked.id, None)
    is_soft = not isinstance(verdict, Ask) or verdict.acts_after is not None
    if judged.status is not Status.WAITING or isinstance(verdict, Deny | Observe) or not is_soft:
        return
    if _go(door, transaction, asked):
        return  # it cannot be done any more; whoever answers it is told why
    proposals.settle(
        transaction, asked.id, Status.ALLOWED, at=door.now, by="system:gate", reason="no objection"
    )
    record.about(transaction, "unopposed", asked, at=door.now, actor="system:gate")
    dues.wake_cycle(transaction, asked.action.cycle, door.now)


def _go(door: Door, transaction: sa.Connection, asked: Proposal) -> str:
    """Put it on its way; why it cannot be done, where its content makes no sense any more. One bad
    change must not keep the others from their turn."""
    try:
        set_going(door, transaction, asked)
    except ValueError as error:
        return str(error)
    return ""


def _end(door: Door, transaction: sa.Connection, asked: Proposal, why: str) -> None:
    proposals.leave_hold(transaction, asked.id, Status.EXPIRED, why)
    budgets.release(transaction, asked.id, asked.action.spend_delta.currency)
    record.about(transaction, "overtaken", asked, at=door.now, actor="system:gate", why=why)
