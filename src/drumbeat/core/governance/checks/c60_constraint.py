"""Constraint: what a person's override taught holds in its context, until the lesson expires."""

from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.teaching import concerns
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Holds agents to what a person's override taught: forbids for the very target, asks for its
    like."""
    if not proposal.by.is_agent or is_covered(proposal, facts):
        return None
    found = [t for t in facts.constraints if concerns(t, proposal.action, facts.now)]
    binding = next((taught for taught in found if taught.target), None)
    taught = binding or next(iter(found), None)
    if taught is None:
        return None
    return Finding(
        check="constraint",
        weight=Weight.FORBID if taught.target else Weight.ASK,
        text=f"a person said before: {taught.reason} ({taught.entry})",
        fix=f"it holds until {taught.until:%Y-%m-%d}; propose something else",
    )
