"""Pace: cool-downs and size limits, so that agents do not thrash and small steps do not add up."""

from datetime import timedelta

from drumbeat.core.governance.action_kinds import lowers_risk
from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts, PastChange
from drumbeat.core.governance.matrix import Limits, Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.size import relative_size
from drumbeat.core.governance.verdict import Finding, Weight

_DAY = timedelta(days=1)


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    if proposal.by.is_person or not isinstance(facts.row, Row) or lowers_risk(proposal.action):
        return None
    if is_covered(proposal, facts):
        return None  # people have approved exactly this state
    said = _too_soon(facts, facts.row) or _too_much(proposal, facts, facts.row.limits)
    return Finding(check="pace", weight=Weight.ASK, text=said) if said else None


def _too_soon(facts: Facts, row: Row) -> str | None:
    last = max((change.at for change in facts.past_changes), default=None)
    if row.cooldown is None or last is None or facts.now - last >= row.cooldown:
        return None
    return f"changed at {last:%Y-%m-%d %H:%M} UTC; the cool-down lasts {row.cooldown}"


def _too_much(proposal: Proposal, facts: Facts, limits: Limits) -> str | None:
    size = relative_size(proposal.action)
    if limits.per_change is not None and size > limits.per_change:
        return f"a change of {size:.0%} is over {limits.per_change:.0%} at once"
    today = [change for change in facts.past_changes if facts.now - change.at < _DAY]
    if limits.per_day is not None and size + _total(today) > limits.per_day:
        return f"with today's changes this makes more than {limits.per_day:.0%} in 24 hours"
    if limits.changes_per_day is not None and len(today) >= limits.changes_per_day:
        return f"{len(today)} changes in 24 hours is the limit"
    return None


def _total(changes: list[PastChange]) -> float:
    return sum(change.relative_size for change in changes)
