"""Budget: no change may promise more than a cap allows, whoever asks for it."""

from drumbeat.core.governance.budget import first_overrun
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids spend that would pass a cap, that none covers, or whose budget could not be read."""
    delta = proposal.action.spend_delta
    if delta.minor <= 0:
        return None
    if facts.headrooms is None:
        return _finding("the budget could not be read", "run `drumbeat doctor`")
    if not facts.headrooms:
        return _finding("no cap covers this spend", "give the campaign a budget cap")
    over = first_overrun(delta, facts.headrooms)
    if over is None:
        return None
    text = f"{delta} more would pass the cap of {over.scope}: {over.left} of {over.cap} is left"
    return _finding(text, "lower the change, or raise the cap in the campaign file")


def _finding(text: str, fix: str) -> Finding:
    return Finding(check="budget", weight=Weight.FORBID, text=text, fix=fix)
