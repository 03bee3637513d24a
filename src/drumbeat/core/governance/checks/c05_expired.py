"""Expired: a proposal is only good for as long as it said."""

from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids what is asked after the moment it was good for."""
    if facts.now < proposal.expires_at:
        return None
    text = f"the proposal expired at {proposal.expires_at:%Y-%m-%d %H:%M} UTC"
    return Finding(check="expired", weight=Weight.FORBID, text=text, fix="propose it afresh")
