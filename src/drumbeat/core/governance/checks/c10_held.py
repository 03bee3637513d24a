"""Held: a freeze stops all but risk-reducing changes; observation records without doing."""

from drumbeat.core.governance.action_kinds import only_takes_away
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.freeze import Hold, HoldMode, covers
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids under a freeze, and records under observation, what does not merely lower risk."""
    holds = [hold for hold in facts.holds if covers(hold, proposal.action, proposal.by)]
    if not holds or may_pass(proposal, facts):
        return None
    freeze = next((hold for hold in holds if hold.mode is HoldMode.FREEZE), None)
    return _finding(freeze, Weight.FORBID) if freeze else _finding(holds[0], Weight.OBSERVE)


def may_pass(proposal: Proposal, facts: Facts) -> bool:
    """Risk-reducing changes pass, but an agent's pause of an evergreen campaign is not one:
    it costs revenue."""
    if not only_takes_away(proposal):
        return False
    return not (proposal.by.is_agent and facts.is_evergreen and proposal.action.kind == "ads.pause")


def _finding(hold: Hold, weight: Weight) -> Finding:
    done = "frozen" if hold.mode is HoldMode.FREEZE else "only observed"
    return Finding(
        check="held",
        weight=weight,
        text=f"{hold.scope} is {done} by {hold.by.id}: {hold.reason}",
        fix=f"lift the {hold.mode} of {hold.scope}",
    )
