"""Proposer: people propose within their role; the system's own clockwork only takes risk away."""

from drumbeat.core.governance.action_kinds import only_takes_away
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids proposals of people who are unknown, disabled or without a role the row names, and
    those of the system that do more than take risk away."""
    if proposal.by.is_agent:
        return None  # the matrix names the agents
    if not proposal.by.is_person:
        return None if only_takes_away(proposal) else _finding("only people and agents propose")
    account = facts.proposer
    if account is None or account.is_agent:
        return _finding(f"nobody here is called {proposal.by.id}")
    if not account.is_active:
        return _finding(f"the account of {account.id} is disabled")
    if isinstance(facts.row, Row) and not account.roles & facts.row.proposers:
        roles = ", ".join(sorted(facts.row.proposers)) or "nobody"
        return _finding(f"{proposal.action.kind} may be proposed by: {roles}")
    return None


def _finding(text: str) -> Finding:
    return Finding(check="proposer", weight=Weight.FORBID, text=text, fix="ask somebody who may")
