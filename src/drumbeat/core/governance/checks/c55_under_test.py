"""Under test: nobody changes a unit while an experiment measures it."""

from drumbeat.core.governance.action_kinds import only_takes_away
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids agents and the system to change a unit of a running experiment, unless its launch is
    carried out or risk taken away."""
    if proposal.by.is_person or proposal.action.target not in facts.under_test:
        return None
    if proposal.pack or only_takes_away(proposal):
        return None
    text = f"{proposal.action.target} is part of a running experiment"
    return Finding(check="under_test", weight=Weight.FORBID, text=text, fix="stop the experiment")
