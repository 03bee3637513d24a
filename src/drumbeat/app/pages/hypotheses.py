"""Hypotheses: the library by rank, and where each claim may be put to the test now."""

from drumbeat.app.library import ranked_library
from drumbeat.app.pages.ground import Ground
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.hypothesis_file import ClaimStatus
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.overlap import Collides, find_overlap
from drumbeat.core.experiments.rank import Ranked
from drumbeat.core.experiments.registered import Registered
from drumbeat.core.experiments.varied import settings_of
from drumbeat.web.views.experiment import HypothesisRow

_BY_HAND = "varies what agents do not set by themselves"


def hypothesis_rows(ground: Ground, kept: tuple[Registered, ...]) -> tuple[HypothesisRow, ...]:
    """The library by rank, each claim with the campaigns it may be started on."""
    library = ranked_library(ground.app)
    active = tuple(each.experiment for each in kept if each.is_running)
    return tuple(_row(ground, one, library.stake, active) for one in library.ranked)


def _row(ground: Ground, one: Ranked, stake: str, active: tuple[Experiment, ...]) -> HypothesisRow:
    claim = one.candidate.hypothesis
    own = [c for c in ground.campaigns.values() if claim.id in c.hypotheses]
    users = [c.title for c in own]
    met = {c.campaign: _collides(claim, c, active) for c in own}
    free = tuple(
        (c.campaign, c.title) for c in own if not met[c.campaign] and settings_of(claim, c.channels)
    )
    status = ground.app.files.hypotheses[claim.id].status
    impact = f"{one.impact:+,.0f}" if stake else f"{claim.expected:+.0%}"
    return HypothesisRow(
        id=claim.id,
        claim=claim.change,
        campaign=", ".join(users[:3]) or "no campaign yet",
        impact=impact,
        unit=f"{stake} a month" if stake else "",
        confidence=one.confidence,
        score=one.score,
        source=claim.reason if status is ClaimStatus.OPEN else f"{status} by {claim.reason}",
        starts=free,
        rule=f"{ground.app.files.hypotheses_in[claim.id]}#{claim.id}",
        collides="" if free else next(filter(None, met.values()), _BY_HAND if own else ""),
    )


def _collides(claim: Hypothesis, campaign: Campaign, active: tuple[Experiment, ...]) -> str:
    """Which running test it would meet on this campaign's surface, in words; empty for none."""
    mine = claim.model_copy(update={"surface": campaign.experiments.surface})
    found = find_overlap(mine, active)
    if not isinstance(found, Collides):
        return ""
    met = next(each.hypothesis for each in active if each.id == found.experiment)
    return "runs now" if met.id == claim.id else f"would meet the running test “{met.change}”"
