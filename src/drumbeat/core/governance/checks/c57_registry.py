"""Registry: a test starts only where it meets no other; what merely leans, a person believes."""

from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids what the registry of experiments objects to; asks where a test only leans, or a
    person goes against the rule registered before launch."""
    if facts.registry:
        fix = "see `drumbeat experiment list`"
        return Finding(check="registry", weight=Weight.FORBID, text=facts.registry, fix=fix)
    if facts.is_leaning and proposal.by.is_agent:
        text = "the test behind it is directional: it leans, and does not prove"
        return Finding(check="registry", weight=Weight.ASK, text=text)
    if facts.is_against_rule and not proposal.by.is_agent:
        text = "the rule registered before launch does not say so: somebody else agrees to it"
        return Finding(check="registry", weight=Weight.ASK, text=text)
    return None
