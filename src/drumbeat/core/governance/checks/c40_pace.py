"""Pace: cool-downs and size limits, so that agents do not thrash and small steps do not add up."""

from datetime import timedelta

from drumbeat.core.governance.action_kinds import KINDS, only_takes_away
from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts, PastChange
from drumbeat.core.governance.matrix import Limits, Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.size import relative_size
from drumbeat.core.governance.verdict import Finding, Weight

_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Asks where an agent changes a target too soon after the last time, by too large a share, or
    promises too much within a day; for a part of a move it forbids."""
    if not proposal.by.is_agent or not isinstance(facts.row, Row) or only_takes_away(proposal):
        return None
    if is_covered(proposal, facts):
        return None  # people have approved exactly this state
    said = (
        _too_soon(facts, facts.row)
        or _too_much(proposal, facts, facts.row.limits)
        or _too_dear(proposal, facts, facts.row.limits)
    )
    # A whole move waits for its parts to have rested: people are not asked to hurry one along.
    weight = Weight.FORBID if proposal.part_of else Weight.ASK
    return Finding(check="pace", weight=weight, text=said) if said else None


def _too_soon(facts: Facts, row: Row) -> str | None:
    last = max((change.at for change in facts.past_changes), default=None)
    if row.cooldown is None or last is None or facts.now - last >= row.cooldown:
        return None
    return f"changed at {last:%Y-%m-%d %H:%M} UTC; the cool-down lasts {row.cooldown}"


def _too_much(proposal: Proposal, facts: Facts, limits: Limits) -> str | None:
    size = relative_size(proposal.action)
    # The campaign's own limit is about money; a test that starts is no step of anything.
    kind = KINDS.get(proposal.action.kind)
    own = None if kind is not None and kind.is_internal else facts.most_change
    most = [one for one in (limits.per_change, own) if one is not None]
    if most and size > min(most):
        return f"a change of {size:.0%} is over {min(most):.0%} at once"
    today = [change for change in facts.past_changes if facts.now - change.at < _DAY]
    if limits.per_day is not None and size + _total(today) > limits.per_day:
        return f"with today's changes this makes more than {limits.per_day:.0%} in 24 hours"
    if limits.changes_per_day is not None and len(today) >= limits.changes_per_day:
        return f"{len(today)} changes in 24 hours is the limit"
    month = [change for change in facts.past_changes if facts.now - change.at < _MONTH]
    if limits.changes_per_month is not None and len(month) >= limits.changes_per_month:
        return f"{len(month)} changes in 30 days is the limit"
    return None


def _too_dear(proposal: Proposal, facts: Facts, limits: Limits) -> str | None:
    """What the change adds to spend, alone and with everything promised in the last 24 hours."""
    adds, once, daily = proposal.action.spend_delta, limits.spend_per_change, limits.spend_per_day
    if adds.minor <= 0:
        return None
    if once is not None and not adds <= once:
        return f"{adds} more is over {once} at once"
    if daily is None:
        return None
    if facts.promised_lately is None:
        return "what was promised in the last 24 hours is not known"
    total = facts.promised_lately + adds
    return None if total <= daily else f"with the last 24 hours this adds {total}; {daily} is free"


def _total(changes: list[PastChange]) -> float:
    return sum(change.relative_size for change in changes)
