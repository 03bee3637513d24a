"""Daily: the running line items never cost more on one day than the campaign's file allows."""

from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids a daily budget with which the campaign could pass its ceiling on one day, as far as
    its platform may overspend."""
    room = facts.daily_room
    before, after = _daily(proposal.action.before), _daily(proposal.action.after)
    if room is None or after <= before:
        return None
    # Google may spend twice a daily budget on one day, so the ceiling must hold for that.
    at_most = Money(
        minor=round((room.running.minor + after) * room.overspend), currency=room.ceiling.currency
    )
    if at_most.minor <= room.ceiling.minor:
        return None
    text = f"up to {at_most} could be spent on one day, {room.ceiling} is the most"
    if room.overspend > 1:
        text += f": the platform may spend {room.overspend:g} times a daily budget"
    return Finding(
        check="daily",
        weight=Weight.FORBID,
        text=text,
        fix="lower the daily budget, or raise `budget.per_day` in the campaign file",
    )


def _daily(state: JsonValue) -> int:
    """The daily budget in minor units; what is paused or not there costs nothing."""
    if not isinstance(state, dict) or state.get("status", "active") != "active":
        return 0
    daily = state.get("daily_budget_minor")
    return daily if isinstance(daily, int) and not isinstance(daily, bool) else 0
