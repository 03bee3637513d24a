"""Data: nothing is optimized on numbers that cannot be trusted."""

from drumbeat.core.governance.action_kinds import only_takes_away
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids the optimizer to do more than take away while the campaign's data are in doubt."""
    rests_on_data = proposal.by.is_agent and proposal.by.id == "optimizer"
    if not rests_on_data or not facts.data_problems or only_takes_away(proposal):
        return None
    text = f"optimization is blocked: {facts.data_problems[0]}"
    return Finding(check="data", weight=Weight.FORBID, text=text, fix="repair the data source")
