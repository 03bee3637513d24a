"""Stale: the target must still be in the state the proposal starts from."""

from drumbeat.core.governance.facts import Facts, Unread
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    if facts.current is Unread.UNREAD:
        return _finding("the target could not be read", "restore the connection and try again")
    if facts.current != proposal.action.before:
        return _finding("the target has changed since this was proposed", "propose it afresh")
    return None


def _finding(text: str, fix: str) -> Finding:
    return Finding(check="stale", weight=Weight.FORBID, text=text, fix=fix)
