"""Variables: what a test may change, and how hypotheses are numbered."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema


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
    POSTING_CADENCE = "posting_cadence"


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
