"""Parts: a change made of others may do what the strictest answer to one of them lets it."""

from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """The strictest answer to any part, with what was said of all parts that got it; None for what
    has no parts."""
    strictest = max((one.weight for one in facts.parts), default=None)
    if strictest is None:
        return None
    alike = [one for one in facts.parts if one.weight == strictest]
    told = "; ".join(dict.fromkeys(one.text for one in alike))
    fix = next((one.fix for one in alike if one.fix), "")
    return Finding(check="parts", weight=strictest, text=told, fix=fix)
