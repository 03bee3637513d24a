"""Second copy: what may reach somebody twice goes out on a person's word alone."""

from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Asks before anything is sent again to people who may have it already."""
    after = proposal.action.after
    if not isinstance(after, dict) or not after.get("in_doubt_of"):
        return None
    text = "some of them may have it already: a person decides whether it is sent again"
    return Finding(check="second copy", weight=Weight.ASK, text=text)
