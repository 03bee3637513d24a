"""Undo: who approved takes it back while it has not taken effect; the question is open again."""

from datetime import timedelta

from drumbeat.gate import record
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.door import CLOCKS, Door
from drumbeat.store import budgets, dues, ledger, proposals
from drumbeat.store.proposals import Status

# Taking an approval back does not free its headroom at once, or approving and undoing in turn
# would slip past every limit that looks back over a day.
TRAILING_WINDOW = timedelta(hours=24)


def undo(
    door: Door, proposal_id: str, account_id: str, reason: str = "", via: str = ""
) -> Answered | NotAnswered:
    """Withdraw one's own approval during its hold; the decision waits to be decided again.

    Nothing has left the house, so there is no change to take back. Repeating it is refused.
    """
    account = door.rules.person(account_id)
    if account is None:
        return NotAnswered("only a person named in drumbeat.yaml can undo an approval")
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        judged = proposals.load(transaction, proposal_id)
        if judged is None:
            return NotAnswered(f"there is no proposal {proposal_id}", is_missing=True)
        if judged.status in (Status.APPROVED, Status.ALLOWED):
            return NotAnswered("it has taken effect already; roll it back instead")
        if judged.status is not Status.AGREED:
            return NotAnswered("there is no approval to undo")
        if not proposals.withdraw_approvals(transaction, proposal_id, account.person):
            return NotAnswered("only who approved it can undo that; anybody can freeze or reject")
        proposals.leave_hold(transaction, proposal_id, Status.WAITING)
        budgets.free_later(transaction, proposal_id, TRAILING_WINDOW)
        record.about(
            transaction,
            "undone",
            judged.proposal,
            at=door.now,
            actor=f"person:{account_id}",
            reason=reason.strip(),
            via=via,
        )
        dues.schedule(transaction, CLOCKS, door.now)
        dues.wake_cycle(transaction, judged.proposal.action.cycle, door.now)
        return Answered(judged, complete=False)
