"""Silences: a person's order not to be called about something known, for a while and no longer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import Field, model_validator

from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

LONGEST = timedelta(days=14)
_FIELDS = ("campaign", "failure", "severity", "kind", "key")


class Speaks(Protocol):
    """What a silence is held against: the particulars of a failure."""

    @property
    def campaign(self) -> str: ...
    @property
    def failure(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...


class Silence(Noun):
    """Covers failures whose particulars equal every one of ``matchers``; it always ends.

    Security is never silenced, and a silence that covers everything is refused.
    """

    id: str
    matchers: dict[str, str] = Field(min_length=1)
    until: Moment
    by: str
    reason: str = Field(min_length=1)
    at: Moment

    @model_validator(mode="after")
    def _is_bounded(self) -> "Silence":
        unknown = sorted(set(self.matchers) - set(_FIELDS))
        if unknown:
            raise ValueError(f"cannot match {', '.join(unknown)}; match {', '.join(_FIELDS)}")
        if not self.at < self.until <= self.at + LONGEST:
            raise ValueError(
                f"a silence lasts {LONGEST.days} days at most, and ends after it began"
            )
        if self.matchers.get("failure") == "security":
            raise ValueError("security is never silenced")
        return self

    def covers(self, failure: Speaks) -> bool:
        """Whether the failure is one of those it speaks of."""
        if failure.failure == "security":
            return False
        return all(str(getattr(failure, field)) == value for field, value in self.matchers.items())


def silencing(silences: Iterable[Silence], failure: Speaks, now: datetime) -> Silence | None:
    """The silence in force that covers the failure, the longest where there are several."""
    covering = [s for s in silences if s.at <= now < s.until and s.covers(failure)]
    return max(covering, key=lambda silence: silence.until, default=None)
