"""Edit: a person changes what waits; the edited change is another one, for another person to judge.

The agent stays its proposer, so that every check that asked about the original asks again.
"""

from datetime import datetime

from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.teaching import context_of
from drumbeat.gate import demotion, record
from drumbeat.gate.answer import NotAnswered
from drumbeat.gate.door import Door
from drumbeat.gate.facts import read_current
from drumbeat.gate.submit import judge
from drumbeat.gate.teach import teach
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Judged, Status

# What an edit may change: what the target becomes and what that costs, never which target.
_EDITABLE = frozenset({"after", "spend_delta", "audience_size"})


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
    count for it either.
    """
    account = door.rules.accounts.get(account_id)
    if account is None or account.is_agent or not account.is_active:
        return NotAnswered("only a person named in drumbeat.yaml can edit")
    if not reason.strip():
        return NotAnswered("an edit needs a reason: it is what the agents learn from")
    current = read_current(door, action)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        judged = proposals.load(transaction, proposal_id)
        if judged is None:
            return NotAnswered(f"there is no proposal {proposal_id}", is_missing=True)
        why = _objection(judged, action) or _barred(door, account, action)
        if why:
            return NotAnswered(why)
        by, asked, now = f"person:{account_id}", judged.proposal, door.now
        proposals.settle(transaction, asked.id, Status.REPLACED, at=now, by=by, reason=reason)
        made = _revised(asked, action, account, reason, now)
        entry = record.about(
            transaction,
            "edited",
            asked,
            at=now,
            actor=by,
            reason=reason,
            code=code,
            context=context_of(asked.action),
            replaced_by=made.id,
        )
        teach(door, transaction, judged, reason, code, f"ledger#{entry.seq}", instead=action)
        demotion.after_override(door, transaction, judged, code, by, f"ledger#{entry.seq}")
        return judge(door, transaction, made, current)


def _objection(judged: Judged, action: Action) -> str:
    asked = judged.proposal.action
    if judged.status is not Status.WAITING:
        return "it is not waiting for an answer"
    if action == asked:
        return "nothing was changed; approve it as it is"
    fixed = set(Action.model_fields) - _EDITABLE
    other = sorted(field for field in fixed if getattr(action, field) != getattr(asked, field))
    return f"an edit may not change {', '.join(other)}; propose it anew" if other else ""


def _barred(door: Door, account: Account, action: Action) -> str:
    row = door.rules.matrix.row(action.kind)
    if isinstance(row, Row) and account.roles & row.proposers:
        return ""
    return f"{account.id} may not propose {action.kind}, nor change it"


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
