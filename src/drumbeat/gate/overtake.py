"""Overtake: what a later change has made impossible is asked of nobody any more."""

import sqlalchemy as sa

from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate import record
from drumbeat.gate.door import Door, platform_of
from drumbeat.store import dues, ledger, proposals
from drumbeat.store.proposals import Status


def look_over(door: Door, made: Proposal) -> None:
    """A rule was changed: end the waiting changes of rules that can no longer be made as they were
    proposed. Those whose own rule is untouched go on waiting, under the same fingerprint."""
    over = made.action.connection
    with door.database.read() as connection:
        waiting = [one.proposal for one in proposals.waiting(connection)]
    platform = platform_of(door, over).connector
    asked = [one for one in waiting if one.action.connection == over and one.id != made.id]
    found = [(one, platform.preview(one.action)) for one in asked]
    gone = [(one, preview.detail) for one, preview in found if not preview.accepted]
    if not gone:
        return
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        for one, why in gone:
            end(door, transaction, one, f"{why}; propose it afresh if it is still wanted")


def end(door: Door, transaction: sa.Connection, asked: Proposal, why: str) -> None:
    """A target that moved on will not move back: nobody should be asked about it again."""
    by, now = "system:gate", door.now
    if proposals.settle(transaction, asked.id, Status.EXPIRED, at=now, by=by, reason=why):
        record.about(transaction, "overtaken", asked, at=now, actor=by, why=why)
        dues.wake_cycle(transaction, asked.action.cycle, now)
