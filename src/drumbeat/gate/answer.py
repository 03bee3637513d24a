"""Answer: a person approves or rejects; one way in for every surface."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.canonical import name
from drumbeat.core.governance.approval import (
    CHANGED,
    Accepted,
    Answer,
    Approval,
    Refused,
    accept,
)
from drumbeat.core.governance.delegation import lent
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import Risk, Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.teaching import context_of
from drumbeat.core.governance.undo_hold import takes_effect_at
from drumbeat.core.governance.verdict import Ask, Deny, Observe, Weight
from drumbeat.gate import demotion, overtake, record
from drumbeat.gate.door import EFFECTS, Door
from drumbeat.gate.facts import gather, is_away, read_current
from drumbeat.gate.submit import reserve, set_going
from drumbeat.gate.teach import teach
from drumbeat.store import delegations, dues, ledger, proposals
from drumbeat.store.proposals import Judged, Status

APPROVAL_LIFE = timedelta(hours=72)


@dataclass(frozen=True)
class Answered:
    """The answer counted. ``complete`` is False while another person must still agree;
    ``takes_effect_at`` is until when a complete approval can be undone."""

    judged: Judged
    complete: bool
    takes_effect_at: datetime | None = None


@dataclass(frozen=True)
class NotAnswered:
    """The answer did not count, and why; ``is_missing`` when there is no such proposal,
    ``needs_proof`` when it would count from a person who has just confirmed that it is them."""

    why: str
    is_missing: bool = False
    needs_proof: bool = False


def approve(
    door: Door,
    proposal_id: str,
    account_id: str,
    fingerprint: str,
    reason: str = "",
    via: str = "",
    *,
    is_fresh: bool = False,
) -> Answered | NotAnswered:
    """Approve exactly what ``fingerprint`` names; what changed meanwhile is not approved.

    ``is_fresh``: the person has confirmed within minutes that it is them; high risk takes that.
    """
    judged = _find(door, proposal_id)
    if judged is None:
        return NotAnswered(f"there is no proposal {proposal_id}", is_missing=True)
    current = read_current(door, judged.proposal.action)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        judged = proposals.load(transaction, proposal_id) or judged
        asked = judged.proposal
        answer = Answer(door.rules.accounts.get(account_id), fingerprint, is_fresh)
        accepted = _accept(door, transaction, judged, answer)
        if isinstance(accepted, Refused):
            if not accepted.needs_proof:
                _note_refusal(door, transaction, judged, account_id, accepted.why, via)
            return NotAnswered(accepted.why, needs_proof=accepted.needs_proof)
        now_says = decide(asked, door.checks, gather(door, transaction, asked, current))
        if isinstance(now_says, Deny | Observe):
            why = "; ".join(f.text for f in now_says.findings if f.weight >= Weight.OBSERVE)
            _note_refusal(door, transaction, judged, account_id, why, via)
            is_stale = any(finding.check == "stale" for finding in now_says.findings)
            if is_stale and not is_away(asked.action, current):
                overtake.end(door, transaction, asked, why)
            return NotAnswered(why)
        at = takes_effect_at(asked.action, door.rules.matrix, door.now)
        _give(door, transaction, judged, answer, accepted, reason, via, at)
        if not accepted.complete:
            return Answered(judged, complete=False)
        _complete(door, transaction, judged, account_id, reason, at)
        return Answered(judged, complete=True, takes_effect_at=at if at > door.now else None)


def reject(
    door: Door,
    proposal_id: str,
    account_id: str,
    reason: str,
    code: str = "other",
    via: str = "",
    *,
    fingerprint: str = "",
) -> Answered | NotAnswered:
    """Say no, with a reason; the next proposal of this kind will be measured against it.

    With a ``fingerprint``, only to exactly what it names.
    """
    account = door.rules.person(account_id)
    if account is None:
        return NotAnswered("only a person named in drumbeat.yaml can reject")
    if not account.roles - {"viewer"}:
        return NotAnswered(f"{account_id} may look on, not answer")
    if not reason.strip():
        return NotAnswered("a rejection needs a reason: it is what the agents learn from")
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        judged = proposals.load(transaction, proposal_id)
        if judged is None:
            return NotAnswered(f"there is no proposal {proposal_id}", is_missing=True)
        if fingerprint and fingerprint != judged.proposal.fingerprint:
            return NotAnswered(CHANGED)
        by, now = f"person:{account_id}", door.now
        settled = proposals.settle(
            transaction, proposal_id, Status.REJECTED, at=now, by=by, reason=reason
        )
        if not settled:
            return NotAnswered("it is not waiting for an answer")
        entry = record.about(
            transaction,
            "rejected",
            judged.proposal,
            at=now,
            actor=by,
            reason=reason,
            code=code,
            context=context_of(judged.proposal.action),
            via=via,
        )
        teach(door, transaction, judged, reason, code, f"ledger#{entry.seq}")
        demotion.after_override(door, transaction, judged, code, by, f"ledger#{entry.seq}")
        dues.wake_cycle(transaction, judged.proposal.action.cycle, now)
        return Answered(judged, complete=True)


def _find(door: Door, proposal_id: str) -> Judged | None:
    with door.database.read() as connection:
        return proposals.load(connection, proposal_id)


def _accept(
    door: Door, transaction: sa.Connection, judged: Judged, answer: Answer
) -> Accepted | Refused:
    if not isinstance(judged.verdict, Ask):
        return Refused("it is not waiting for an answer")
    by = judged.proposal.by
    proposer = door.rules.accounts.get(by.id) if by.is_person else None
    return accept(
        answer,
        judged.proposal,
        judged.verdict.need,
        proposals.approvals(transaction, judged.proposal.id),
        is_waiting=judged.status is Status.WAITING,
        policy=_bound_to(door, judged.proposal),
        now=door.now,
        proposer_person=proposer.person if proposer else "",
        risk=risk_of(door, judged),
        lent=_lent(door, transaction, judged, answer),
    )


def _bound_to(door: Door, asked: Proposal) -> str:
    return door.rules.bound_to(asked.action.kind, asked.action.campaign)


def risk_of(door: Door, judged: Judged) -> Risk:
    """The action matrix's word on what is asked; a kind it does not know counts as high."""
    row = door.rules.matrix.row(judged.proposal.action.kind)
    return row.risk if isinstance(row, Row) else Risk.HIGH


def _lent(
    door: Door, transaction: sa.Connection, judged: Judged, answer: Answer
) -> Iterator[tuple[Account, frozenset[str]]]:
    """Who delegated their say in it to this account; asked once nothing else objects."""
    if answer.account is None:
        return
    kept, matrix = delegations.in_force(transaction, door.now), door.rules.matrix
    accounts, now = door.rules.accounts, door.now
    yield from lent(answer.account, judged.proposal.id, kept, accounts, matrix.delegation, now)


def _give(
    door: Door,
    transaction: sa.Connection,
    judged: Judged,
    answer: Answer,
    accepted: Accepted,
    reason: str,
    via: str,
    at: datetime,
) -> None:
    asked, account, now = judged.proposal, answer.account, door.now
    assert account is not None
    given = Approval(
        id=name("appr", asked.id, asked.fingerprint, account.person, now),
        proposal=asked.id,
        fingerprint=asked.fingerprint,
        policy=_bound_to(door, asked),
        account=account.id,
        person=account.person,
        role=accepted.role,
        at=now,
        expires_at=min(now + APPROVAL_LIFE, asked.expires_at),
        reason=reason,
        for_account=accepted.giver.id if accepted.giver else "",
        for_person=accepted.giver.person if accepted.giver else "",
    )
    proposals.add_approval(transaction, given)
    record.about(
        transaction,
        "approved",
        asked,
        at=now,
        actor=f"person:{account.id}",
        role=accepted.role,
        in_place_of=given.for_account,
        complete=accepted.complete,
        takes_effect_at=at.isoformat() if accepted.complete else None,
        reason=reason,
        via=via,
    )


def _complete(
    door: Door,
    transaction: sa.Connection,
    judged: Judged,
    account_id: str,
    reason: str,
    at: datetime,
) -> None:
    """The last person agreed: the money is promised now, the change follows when the hold ends."""
    asked, is_held = judged.proposal, at > door.now
    proposals.settle(
        transaction,
        asked.id,
        Status.AGREED if is_held else Status.APPROVED,
        at=door.now,
        by=f"person:{account_id}",
        reason=reason,
        acts_at=at if is_held else None,
    )
    proposals.note_policy(transaction, asked.id, door.rules.version_for(asked.action.campaign))
    if is_held:
        reserve(door, transaction, asked)
        dues.schedule(transaction, EFFECTS, at)
    else:
        set_going(door, transaction, asked)
    dues.wake_cycle(transaction, asked.action.cycle, door.now)


def _note_refusal(
    door: Door, transaction: sa.Connection, judged: Judged, account: str, why: str, via: str
) -> None:
    record.about(
        transaction,
        "answer_refused",
        judged.proposal,
        at=door.now,
        actor=f"person:{account}",
        why=why,
        via=via,
    )
