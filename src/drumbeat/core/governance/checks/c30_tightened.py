"""Tightened: a campaign file may only make the matrix stricter."""

from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Asks where the campaign file says ``ask`` for the kind; forbids for any other word of it."""
    rule = facts.tightened.get(proposal.action.kind)
    if rule is None:
        return None
    if rule == "ask":
        text = "the campaign file asks for a person here"
        covered = is_covered(proposal, facts)
        return None if covered else Finding(check="tightened", weight=Weight.ASK, text=text)
    # "never", and anything this version does not understand.
    text = f"the campaign file says {rule!r} for {proposal.action.kind}"
    return Finding(check="tightened", weight=Weight.FORBID, text=text)
