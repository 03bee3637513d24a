"""Coverage: whether an approved LaunchPack already contains exactly this change."""

from drumbeat.core.canonical import digest
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Proposal


def is_covered(proposal: Proposal, facts: Facts) -> bool:
    """True when people approved a pack that holds this target in exactly this after-state.

    In the draft phase nothing is covered: people approve every action.
    """
    pack = facts.pack
    if pack is None or pack.digest != proposal.pack or facts.phase in (None, Phase.DRAFT):
        return False
    return digest(proposal.action.after) in pack.wanted.get(proposal.action.target, ())
