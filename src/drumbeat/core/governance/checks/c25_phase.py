"""Phase: an agent acts alone only where the campaign has earned it, or inside an approved pack."""

from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Asks where the campaign's phase is below the one the row wants agents to have earned; forbids
    where there is no phase."""
    if not proposal.by.is_agent or is_covered(proposal, facts):
        return None
    if not proposal.action.campaign:
        # What concerns the workspace as a whole has no phase to be earned in: people decide.
        return Finding(check="phase", weight=Weight.ASK, text="it concerns every campaign")
    if facts.phase is None:
        return Finding(check="phase", weight=Weight.FORBID, text="the campaign has no phase")
    if not isinstance(facts.row, Row) or facts.phase.reaches(facts.row.phase):
        return None
    text = (
        f"{proposal.action.kind} is done alone from phase {facts.row.phase}; this is {facts.phase}"
    )
    return Finding(check="phase", weight=Weight.ASK, text=text)
