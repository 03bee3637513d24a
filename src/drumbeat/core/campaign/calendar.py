"""Calendar: the blackouts and marked days a workspace plans around (``data/calendar.yaml``)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.noun import Noun


class Days(Noun):
    """A run of local dates, both ends included."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    start: date = Field(alias="from")
    end: date = Field(alias="to")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Days":
        if self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it starts on {self.start}")
        return self

    def dates(self) -> Iterator[date]:
        """Every date of the run, first to last."""
        return (self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1))

    def holds(self, day: date) -> bool:
        """Whether the run includes a date."""
        return self.start <= day <= self.end


class Blackout(Days):
    """Days on which nothing goes out, such as an inventory week."""

    id: Slug
    reason: Line
    channels: tuple[CampaignChannel, ...] = ()


class MarkedDays(Days):
    """Days worth planning around: a fair, a harvest, a gifting season."""

    id: Slug
    name: Line
    note: Line | None = None


class CalendarFile(Noun):
    """``data/calendar.yaml``."""

    version: Literal[1]
    blackouts: tuple[Blackout, ...] = ()
    marked: tuple[MarkedDays, ...] = ()

    def blackout(self, name: str) -> Blackout | None:
        """The blackout of this id, if the file names one."""
        return next((b for b in self.blackouts if b.id == name), None)
