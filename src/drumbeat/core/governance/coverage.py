"""Coverage: whether people already approved exactly this change: in a LaunchPack, or before a
freeze that called it back."""

from drumbeat.core.canonical import digest
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Proposal


def is_covered(proposal: Proposal, facts: Facts) -> bool:
    """True when people approved a pack that holds this target in exactly this after-state.

    In the draft phase no pack covers anything: people approve every action. What they agreed to
    before a freeze is not asked twice, whatever the phase: who ended the freeze let it go on.
    """
    if facts.is_agreed and facts.phase is not None:
        return True
    pack = facts.pack
    if pack is None or pack.digest != proposal.pack or facts.phase in (None, Phase.DRAFT):
        return False
    return digest(proposal.action.after) in pack.wanted.get(proposal.action.target, ())
