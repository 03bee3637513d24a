"""Delegate: a person lets another answer in their place, for one decision or for a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.canonical import name
from drumbeat.core.governance.approval import UNPROVEN
from drumbeat.core.governance.delegation import Delegation, lent
from drumbeat.core.governance.matrix import Risk
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.verdict import Ask
from drumbeat.gate.answer import NotAnswered, risk_of
from drumbeat.gate.door import Door
from drumbeat.store import delegations, ledger, proposals
from drumbeat.store.proposals import Judged, Status


@dataclass(frozen=True)
class Delegated:
    """It is in force until ``made.until``, or until whoever lent it takes it back."""

    made: Delegation


def delegate(
    door: Door,
    account_id: str,
    to_id: str,
    reason: str,
    *,
    proposal_id: str = "",
    until: datetime | None = None,
    via: str = "",
    is_fresh: bool = False,
) -> Delegated | NotAnswered:
    """Lend one's say: in one waiting decision, or (``until``) in everything for a while.

    To lend what is of high risk, or everything, takes a person who ``is_fresh``: who has confirmed
    within minutes that it is them.
    """
    giver, to = door.rules.person(account_id), door.rules.person(to_id)
    policy, now = door.rules.matrix.delegation, door.now
    why = _objection(door, giver, to)
    if giver is None or to is None or why:
        return NotAnswered(why)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        judged = proposals.load(transaction, proposal_id) if proposal_id else None
        if proposal_id and judged is None:
            return NotAnswered(f"there is no proposal {proposal_id}", is_missing=True)
        if judged is not None and (why := _about(door, judged, giver, to)):
            return NotAnswered(why)
        if not is_fresh and (judged is None or risk_of(door, judged) is Risk.HIGH):
            return NotAnswered(UNPROVEN, needs_proof=True)
        ends = until or (judged.proposal.expires_at if judged else now)
        if not now < ends <= now + policy.longest and judged is None:
            longest = policy.longest.days
            return NotAnswered(f"say until when: a later moment, {longest} days from now at most")
        made = Delegation(
            id=name("dlg", account_id, to_id, proposal_id, now),
            giver=account_id,
            to=to_id,
            proposal=proposal_id,
            since=now,
            until=ends,
            reason=reason.strip(),
        )
        delegations.add(transaction, made, now)
        _note(door, transaction, "delegated", made, judged, via)
    return Delegated(made)


def take_back(door: Door, account_id: str, to_id: str, proposal_id: str = "") -> int:
    """End what one lent somebody; returns how many delegations ended."""
    with door.database.write() as transaction:
        ended = delegations.end(transaction, account_id, to_id, proposal_id, door.now)
        for made in ended:
            _note(door, transaction, "delegation_ended", made, None, "")
    return len(ended)


def lent_to(
    door: Door, connection: sa.Connection, account: Account, proposal_id: str
) -> Iterator[tuple[Account, frozenset[str]]]:
    """Who lends this account a say in the proposal now, and in which roles."""
    kept, policy = delegations.in_force(connection, door.now), door.rules.matrix.delegation
    return lent(account, proposal_id, kept, door.rules.accounts, policy, door.now)


def _objection(door: Door, giver: Account | None, to: Account | None) -> str:
    policy = door.rules.matrix.delegation
    if giver is None:
        return "only a person named in drumbeat.yaml can delegate"
    if to is None:
        return "it can only be delegated to a person named in drumbeat.yaml"
    if to.person == giver.person:
        return "that is the same person"
    if not to.roles & set(policy.to):
        return f"{to.id} may not be lent a say: it takes one of {', '.join(policy.to)}"
    return ""


def _about(door: Door, judged: Judged, giver: Account, to: Account) -> str:
    """Why this decision cannot be lent by the one, or answered by the other."""
    asked, policy = judged.proposal, door.rules.matrix.delegation
    if judged.status is not Status.WAITING or not isinstance(judged.verdict, Ask):
        return "it is not waiting for an answer"
    proposer = door.rules.accounts.get(asked.by.id) if asked.by.is_person else None
    barred = {proposer.person if proposer else "", asked.editor}
    if {giver.person, to.person} & barred:
        return "neither the proposer nor the editor can answer it, nor lend that"
    if not giver.roles & set(judged.verdict.need.roles):
        return f"{giver.id} has no say in it to lend"
    if not giver.roles & set(judged.verdict.need.roles) - set(policy.never):
        return "this role cannot be lent"
    return ""


def _note(
    door: Door,
    transaction: sa.Connection,
    kind: str,
    made: Delegation,
    judged: Judged | None,
    via: str,
) -> None:
    action = judged.proposal.action if judged else None
    ledger.append(
        transaction,
        kind,
        at=door.now,
        actor=f"person:{made.giver}",
        subject=made.proposal or made.id,
        campaign=action.campaign if action else "",
        cycle=action.cycle if action else "",
        to=made.to,
        until=made.until.isoformat(),
        reason=made.reason,
        via=via,
    )
