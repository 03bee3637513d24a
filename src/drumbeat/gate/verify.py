"""Verify: what was taken back is read once more; a platform's word for it is not enough."""

from drumbeat.core.governance.facts import Unread
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate import record
from drumbeat.gate.door import Door
from drumbeat.gate.escalate import escalate_effect
from drumbeat.gate.facts import read_current
from drumbeat.gate.reconcile import shows
from drumbeat.store import ledger


def verify(door: Door, asked: Proposal) -> bool:
    """Whether the target now is as the roll back wanted it; if not, a person is told."""
    current = read_current(door, asked.action)
    is_back = current is not Unread.UNREAD and shows(current, asked)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        record.about(
            transaction,
            "verified" if is_back else "unverified",
            asked,
            at=door.now,
            actor="system:gate",
            of=asked.takes_back,
        )
        if not is_back:
            text = f"{asked.action.target} does not read back as rolled back"
            key = f"{asked.id}/verify"
            escalate_effect(door, transaction, asked.action, text, key, severity="critical")
    return is_back
