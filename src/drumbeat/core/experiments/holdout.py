"""Hold-outs: units kept from the treatment, so that what it adds can be measured at all."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field, model_validator

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.experiments.assignment import arm_of, point_of
from drumbeat.core.governance.action import Channel
from drumbeat.core.noun import Noun


class Treatment(StrEnum):
    """What a unit of the hold-out gets."""

    AGENT = "agent"
    BUSINESS_AS_USUAL = "business-as-usual"
    NOTHING = "nothing"


class Block(StrEnum):
    """What is drawn: people where we know them, else regions or stretches of time."""

    CONTACT = "contact"
    GEO = "geo"
    TIME = "time"


class Holdout(Noun):
    """How much of a campaign goes without the agent, and in which blocks.

    The shares are those of ``block``; what neither share keeps back is the agent's. A campaign
    keeps its hold-out over all of its experiments, so ``salt`` names the campaign (and, to give
    other people their turn, the season).
    """

    salt: str = Field(min_length=1)
    block: Block = Block.CONTACT
    business_as_usual: float = Field(default=0.1, ge=0, lt=1)
    nothing: float = Field(default=0.1, ge=0, lt=1)

    @model_validator(mode="after")
    def _leaves_most_to_the_agent(self) -> "Holdout":
        if self.business_as_usual + self.nothing >= 1:
            raise ValueError("the hold-out leaves nothing to the agent")
        return self

    @property
    def shares(self) -> dict[str, float]:
        """The share of each treatment; those without a share are left out."""
        shares = {
            Treatment.AGENT: 1 - self.business_as_usual - self.nothing,
            Treatment.BUSINESS_AS_USUAL: self.business_as_usual,
            Treatment.NOTHING: self.nothing,
        }
        return {treatment.value: share for treatment, share in shares.items() if share > 0}

    def held_out(self, units: Sequence[str]) -> tuple[str, ...]:
        """The few of few blocks that get nothing: exactly the share of them, at least one, those
        the hash puts first. (A chance of a tenth might spare all of ten regions.)"""
        if not self.nothing or len(units) < 2:
            return ()
        count = max(1, round(self.nothing * len(units)))
        return tuple(sorted(sorted(units, key=lambda unit: point_of(unit, self.salt))[:count]))

    def treatment_of(self, unit: str) -> Treatment:
        """What the contact, region or stretch of time gets; the same every time."""
        return Treatment(arm_of(unit, f"holdout:{self.salt}", self.shares))


def usual_holdout(channel: CampaignChannel, salt: str, share: float = 0.1) -> Holdout:
    """The hold-out a campaign gets unless it says otherwise.

    E-mail knows its people: three arms, ``share`` with business as usual and ``share`` with
    nothing. Ads reach people nobody can name: ``share`` of the regions go without. Posts are
    seen by all: ``share`` of the days go on as usual.
    """
    match channel:
        case Channel.EMAIL:
            return Holdout(salt=salt, business_as_usual=share, nothing=share)
        case Channel.ADS:
            return Holdout(salt=salt, block=Block.GEO, business_as_usual=0, nothing=share)
        case _:
            return Holdout(salt=salt, block=Block.TIME, business_as_usual=share, nothing=0)
