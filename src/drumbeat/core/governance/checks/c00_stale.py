"""Stale: the target must still be in the state the proposal starts from."""

from drumbeat.core.governance.facts import Facts, Unread
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight
from drumbeat.core.json_value import JsonValue


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids what starts from another state than the target's, or from one nobody could read."""
    if facts.current is Unread.UNREAD:
        return _finding("the target could not be read", "restore the connection and try again")
    if not agrees(facts.current, proposal.action.before):
        return _finding("the target has changed since this was proposed", "propose it afresh")
    return None


def agrees(current: JsonValue, before: JsonValue) -> bool:
    """Whether a read-back fits what a change starts from.

    A platform need not hold every field we do (a post's topic is our own label), so only the
    fields it reports count; presence and absence must always match.
    """
    if isinstance(current, dict) and isinstance(before, dict):
        return all(before.get(field) == value for field, value in current.items())
    return current == before


def _finding(text: str, fix: str) -> Finding:
    return Finding(check="stale", weight=Weight.FORBID, text=text, fix=fix)
