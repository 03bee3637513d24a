"""Lifecycle: the stages people pass through and the events that move them."""

from typing import Literal

from pydantic import Field

from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.noun import Noun


class Event(Noun):
    """Something that happens to a contact, where it is reported, and exactly what counts."""

    id: Slug
    definition: Line
    source: Slug | None = Field(default=None, description="the connection that reports it")


class Stage(Noun):
    """Where a contact stands, and the events that bring them there."""

    id: Slug
    name: Line
    description: Line
    entered_by: tuple[Slug, ...] = ()


class Lifecycle(Noun):
    """``policy/lifecycle.yaml``."""

    version: Literal[1]
    stages: tuple[Stage, ...] = Field(min_length=1)
    events: tuple[Event, ...] = Field(min_length=1)
