"""Edit: a person changes what waits; the edited change is another one, for another person to judge.

The agent stays its proposer, so that every check that asked about the original asks again.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.teaching import context_of
from drumbeat.core.governance.verdict import Ask, Deny
from drumbeat.gate import demotion, record
from drumbeat.gate.answer import NotAnswered
from drumbeat.gate.door import Door
from drumbeat.gate.facts import gather, read_current
from drumbeat.gate.submit import judge
from drumbeat.gate.teach import teach
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Judged, Status

# What an edit may change: what the target becomes and what that costs, never which target.
_EDITABLE = frozenset({"after", "spend_delta", "audience_size"})


@dataclass(frozen=True)
class Edit:
    """What ``account`` makes of a proposal and why: another action, or other words in a launch
    (what of what, before, after)."""

    account: Account
    reason: str
    code: str = "other"
    instead: Action | None = None
    words: tuple[tuple[str, str, str], ...] = ()


def edit(
    door: Door,
    proposal_id: str,
    account_id: str,
    action: Action,
    reason: str,
    code: str = "other",
) -> Judged | NotAnswered:
    """Replace a waiting proposal by one for ``action``; both in one transaction.

    It has a fingerprint of its own, so approvals of the old one do not count; the editor's do not
    count for it either. What the rules forbid replaces nothing.
    """
    current = read_current(door, action)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        judged = proposals.load(transaction, proposal_id)
        if judged is None:
            return NotAnswered(f"there is no proposal {proposal_id}", is_missing=True)
        account = editor(door, judged, account_id, reason)
        if isinstance(account, NotAnswered):
            return account
        if why := _objection(judged.proposal.action, action):
            return NotAnswered(why)
        made = _revised(judged.proposal, action, account, reason, door.now)
        says = decide(made, door.checks, gather(door, transaction, made, current))
        if isinstance(says, Deny):
            why = "; ".join(found.text for found in says.findings if found.weight > 0)
            return NotAnswered(f"the gate does not let the changed one through: {why}")
        put_aside(door, transaction, judged, Edit(account, reason, code, action), by=made.id)
        return judge(door, transaction, made, current)


def editor(door: Door, judged: Judged, account_id: str, reason: str) -> Account | NotAnswered:
    """The person who may change what waits: whoever may propose it, or is asked to approve it."""
    account = door.rules.person(account_id)
    if account is None:
        return NotAnswered("only a person named in drumbeat.yaml can edit")
    if not reason.strip():
        return NotAnswered("an edit needs a reason: it is what the agents learn from")
    kind = judged.proposal.action.kind
    row = door.rules.matrix.row(kind)
    asked = set(judged.verdict.need.roles) if isinstance(judged.verdict, Ask) else set()
    if not account.roles & (asked | (row.proposers if isinstance(row, Row) else set())):
        return NotAnswered(f"{account_id} may neither propose nor approve {kind}, nor change it")
    if judged.status is not Status.WAITING:
        return NotAnswered("it is not waiting for an answer")
    return account


def put_aside(
    door: Door, transaction: sa.Connection, judged: Judged, made: Edit, *, by: str = ""
) -> None:
    """End the proposal that a person changed: another takes its place (``by``, where it is known
    already), the agents learn from it, and it counts as an override."""
    actor, asked, reason, code = (
        f"person:{made.account.id}",
        judged.proposal,
        made.reason,
        made.code,
    )
    proposals.settle(transaction, asked.id, Status.REPLACED, at=door.now, by=actor, reason=reason)
    told = {"words": [list(one) for one in made.words]} if made.words else {}
    entry = record.about(
        transaction,
        "edited",
        asked,
        at=door.now,
        actor=actor,
        reason=reason,
        code=code,
        context=context_of(asked.action),
        replaced_by=by,
        **told,
    )
    source, words = f"ledger#{entry.seq}", [(was, now) for _, was, now in made.words]
    teach(door, transaction, judged, reason, code, source, made.instead, words)
    demotion.after_override(door, transaction, judged, code, actor, source)


def _objection(asked: Action, action: Action) -> str:
    if action == asked:
        return "nothing was changed; approve it as it is"
    fixed = set(Action.model_fields) - _EDITABLE
    other = sorted(field for field in fixed if getattr(action, field) != getattr(asked, field))
    return f"an edit may not change {', '.join(other)}; propose it anew" if other else ""


def _revised(
    asked: Proposal, action: Action, account: Account, reason: str, now: datetime
) -> Proposal:
    return asked.model_copy(
        update={
            "id": name("prop", action.fingerprint, asked.id, account.person),
            "action": action,
            "why": f"{asked.why} (edited by {account.id}: {reason.strip()})",
            "proposed_at": now,
            # What was measured speaks for the size the agent chose, not for this one.
            "confidence": None,
            # No pack holds what a person has changed.
            "pack": "",
            "edits": asked.id,
            "editor": account.person,
        }
    )
