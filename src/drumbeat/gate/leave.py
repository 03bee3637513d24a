"""Leave: whether a change may take effect: allowed, unopposed, or approved by enough people."""

import sqlalchemy as sa

from drumbeat.core.governance.approval import OWNER, Approval, is_live, missing
from drumbeat.core.governance.verdict import Allow, Ask, Deny, Observe, Verdict
from drumbeat.gate.door import Door
from drumbeat.store import proposals
from drumbeat.store.proposals import Judged, Status


def has_leave(door: Door, transaction: sa.Connection, judged: Judged, verdict: Verdict) -> bool:
    """Allowed as things stand now, or asked and answered: enough people, this very content."""
    match verdict:
        case Allow():
            return True
        case Ask() if verdict.acts_after is not None and was_unopposed(judged):
            return True
        case Ask():
            asked = judged.proposal
            given = proposals.approvals(transaction, asked.id, used=None)
            policy = door.rules.bound_to(asked.action.kind, asked.action.campaign)
            live = [a for a in given if is_live(a, asked.fingerprint, policy, door.now)]
            able = [one for one in live if still_may(door, one)]
            enough = len({one.person for one in able}) >= verdict.need.count
            return enough and not missing(verdict.need, able)
        case Observe() | Deny():
            return False


def was_unopposed(judged: Judged) -> bool:
    """It was shown to people for as long as its row asks, and nobody objected."""
    said = judged.verdict
    is_soft = isinstance(said, Ask) and said.acts_after is not None
    return is_soft and judged.status is Status.ALLOWED


def still_may(door: Door, given: Approval) -> bool:
    """Whoever has lost the role, or the account, has lost the say."""
    account = door.rules.person(given.account)
    holder = door.rules.person(given.for_account or given.account)
    if account is None or holder is None:
        return False
    if given.role == OWNER:
        return any(own.owner == holder.id for own in door.rules.campaigns.values())
    return given.role in holder.roles
