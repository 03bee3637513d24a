"""Skips: days a calendar leaves out, as ``holidays DE-BE``, ``weekends`` or a blackout's name."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from drumbeat.core.campaign.text import Slug

_HOLIDAYS = re.compile(r"holidays ([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


class SkipKind(StrEnum):
    """What a skip refers to."""

    HOLIDAYS = "holidays"
    WEEKENDS = "weekends"
    BLACKOUT = "blackout"


@dataclass(frozen=True)
class Skip:
    """One skip, read: a country's holidays, week-ends, or a blackout of data/calendar.yaml."""

    kind: SkipKind
    country: str = ""
    subdivision: str | None = None
    blackout: Slug = ""


def read_skip(text: str) -> Skip:
    """Read one skip. Raises ValueError for what is none of the three."""
    if match := _HOLIDAYS.fullmatch(text):
        return Skip(SkipKind.HOLIDAYS, country=match[1], subdivision=match[2])
    if text == "weekends":
        return Skip(SkipKind.WEEKENDS)
    if _NAME.fullmatch(text):
        return Skip(SkipKind.BLACKOUT, blackout=text)
    raise ValueError(
        f"expected holidays DE, holidays DE-BE, weekends or a blackout of data/calendar.yaml, "
        f"got {text!r}"
    )


def _readable(text: str) -> str:
    read_skip(text)
    return text


SkipText = Annotated[
    str,
    AfterValidator(_readable),
    WithJsonSchema({"type": "string", "examples": ["holidays DE-BE", "weekends"]}),
]
