"""Hypothesis files: claims written down before they are tested, with the arms that test them."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.text import Line, Plain, Slug
from drumbeat.core.campaign.variable import HypothesisId as HypothesisId
from drumbeat.core.campaign.variable import Variable as Variable
from drumbeat.core.noun import Noun
from drumbeat.core.units import Percent


class ArmSpec(Noun):
    """One side of a test: what people see, and the settings that make it so."""

    id: Slug
    description: Line
    settings: dict[Slug, Plain] = Field(default_factory=dict)


class ClaimStatus(StrEnum):
    """What tests have made of a claim; agents test only what is open."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    RETIRED = "retired"


class HypothesisSpec(Noun):
    """A claim: change these variables for these people, and this metric moves this much.

    ``expected`` is the relative effect; ``evidence`` says why anybody believes it.
    """

    id: HypothesisId
    claim: Line
    variables: tuple[Variable, ...] = Field(min_length=1, max_length=2)
    channels: tuple[CampaignChannel, ...] = Field(min_length=1)
    segments: tuple[Slug, ...] = ()
    metric: MetricName
    guardrails: tuple[MetricName, ...] = ()
    expected: Percent
    evidence: Line
    control: ArmSpec
    treatment: ArmSpec
    min_weeks: int = Field(default=2, ge=1)
    pre_approved: bool = False
    status: ClaimStatus = ClaimStatus.OPEN
    owner: Line | None = None


class HypothesesFile(Noun):
    """``hypotheses/*.yaml``."""

    version: Literal[1]
    hypotheses: tuple[HypothesisSpec, ...] = Field(min_length=1)
