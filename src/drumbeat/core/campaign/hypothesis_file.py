"""Hypothesis files: claims written down before they are tested, with the arms that test them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.text import Line, Plain, Slug
from drumbeat.core.noun import Noun
from drumbeat.core.units import Percent


class Variable(StrEnum):
    """What a test changes."""

    CREATIVE = "creative"
    SUBJECT = "subject"
    SEND_TIME = "send_time"
    OFFER_FRAMING = "offer_framing"
    LANDING_PAGE_CTA = "landing_page_cta"
    AUDIENCE = "audience"
    AUDIENCE_EXCLUSION = "audience_exclusion"
    BIDDING = "bidding"
    BUDGET_PACING = "budget_pacing"


def _hypothesis_id(value: str) -> str:
    head, dash, number = value.partition("-")
    if head != "H" or not dash or not number.isdigit():
        raise ValueError(f"expected an id such as H-07, got {value!r}")
    return value


HypothesisId = Annotated[
    str,
    AfterValidator(_hypothesis_id),
    WithJsonSchema({"type": "string", "pattern": "^H-[0-9]+$", "examples": ["H-07"]}),
]


class ArmSpec(Noun):
    """One side of a test: what people see, and the settings that make it so."""

    id: Slug
    description: Line
    settings: dict[Slug, Plain] = Field(default_factory=dict)


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
    owner: Line | None = None


class HypothesesFile(Noun):
    """``hypotheses/*.yaml``."""

    version: Literal[1]
    hypotheses: tuple[HypothesisSpec, ...] = Field(min_length=1)
