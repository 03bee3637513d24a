"""Audiences and segments: whom a campaign addresses, and the rules that select them."""

from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from drumbeat.core.campaign.text import Line, Plain, Slug
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class Audience(Noun):
    """Segments to address and segments to leave out; leaving out always wins."""

    include: tuple[Slug, ...] = Field(min_length=1)
    exclude: tuple[Slug, ...] = ()


class Condition(Noun):
    """One test on a contact's field; exactly one of ``equals``, ``one_of``, ``above``, ``below``
    and ``within`` (how recent a moment is)."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    field: Slug
    equals: Plain | None = Field(default=None, alias="is")
    one_of: tuple[Plain, ...] | None = None
    above: float | None = None
    below: float | None = None
    within: Duration | None = None

    @model_validator(mode="after")
    def _tests_one_thing(self) -> "Condition":
        tests = (self.equals, self.one_of, self.above, self.below, self.within)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("write exactly one of is, one_of, above, below and within")
        return self


class Segment(Noun):
    """Who belongs together, by which rule, and what is known to be true of them.

    ``rule`` holds conditions that must all be met. ``truths`` are the facts a plan may rest on;
    ``size`` is the last count.
    """

    id: Slug
    name: Line
    description: Line
    rule: tuple[Condition, ...] = Field(min_length=1)
    truths: tuple[Line, ...] = ()
    size: int | None = Field(default=None, ge=0)
    suppression: bool = Field(default=False, description="people we must not contact")
    stage: Slug | None = None


class SegmentsFile(Noun):
    """``data/segments.yaml``."""

    version: Literal[1]
    segments: tuple[Segment, ...] = Field(min_length=1)

    def segment(self, name: str) -> Segment | None:
        """The segment of this id, if the file names one."""
        return next((s for s in self.segments if s.id == name), None)


def belongs(segment: Segment, contact: dict[str, Any]) -> bool | None:
    """Whether a contact meets every condition; None when a field it needs is not known.

    A ``within`` condition reads the field as an age in seconds.
    """
    answers = [_meets(condition, contact.get(condition.field)) for condition in segment.rule]
    if False in answers:
        return False
    return None if None in answers else True


def _meets(condition: Condition, value: Any) -> bool | None:
    if value is None:
        return None
    if condition.equals is not None:
        return bool(value == condition.equals)
    if condition.one_of is not None:
        return value in condition.one_of
    if isinstance(value, (str, bool)):
        return None
    if condition.above is not None:
        return bool(value > condition.above)
    if condition.below is not None:
        return bool(value < condition.below)
    return bool(value <= condition.within.total_seconds()) if condition.within else None
