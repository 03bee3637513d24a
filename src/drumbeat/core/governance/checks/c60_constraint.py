"""Constraint: what a person corrected before asks again, until the lesson expires."""

from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    if not proposal.by.is_agent or is_covered(proposal, facts):
        return None
    action = proposal.action
    for taught in facts.constraints:
        same = taught.kind == action.kind and taught.campaign == action.campaign
        if same and facts.now < taught.until:
            text = f"a person said before: {taught.reason} ({taught.entry})"
            return Finding(check="constraint", weight=Weight.ASK, text=text)
    return None
