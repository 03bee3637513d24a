"""Level: an agent goes as far as it has earned for this kind of action on this channel."""

from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Asks, or only records, where agents have not earned to act alone for this kind on this
    channel and no people approved it before; forbids where nobody knows what they earned."""
    if not proposal.by.is_agent:
        return None
    what = f"{proposal.action.kind} on {proposal.action.channel}"
    match facts.level:
        case Level.ACT:
            return None
        case Level.ASK if is_covered(proposal, facts):
            return None  # people approved it with its pack
        case Level.DRAFT if facts.is_agreed:
            return None  # people approved it before a freeze called it back
        case Level.ASK | Level.DRAFT as level:
            return _finding(Weight.ASK, f"agents have earned `{level}` for {what}")
        case Level.OBSERVE:
            return _finding(Weight.OBSERVE, f"agents only observe {what}")
        case _:
            return _finding(Weight.FORBID, f"nobody knows what agents have earned for {what}")


def _finding(weight: Weight, text: str) -> Finding:
    fix = "promote it where the evidence allows: `drumbeat autonomy promote --kind …`"
    return Finding(check="level", weight=weight, text=text, fix=fix)
