"""Field: what a bench needs of a market. The app hands one in; nothing here knows which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drumbeat.agents.improving.case import LiveLine
from drumbeat.core.json_value import JsonValue
from drumbeat.core.operations.day_signals import Measured
from drumbeat.lab.scenario_file import LabScenario


@dataclass(frozen=True)
class Move:
    """A change of one object; ``after`` holds the fields that change."""

    target: str
    after: Mapping[str, JsonValue]
    why: str


@dataclass(frozen=True)
class Balance:
    """What a stretch of time came to, in minor units. ``worth``: the margin of what would not
    have been sold otherwise, less spend, less the future of those who left the list."""

    worth: int
    spend: int
    revenue: int


class Readings(Protocol):
    """What platforms report, day by day: all that agents and rules ever see."""

    @property
    def now(self) -> datetime: ...

    @property
    def campaigns(self) -> Sequence[str]: ...

    def measured(self, campaign: str) -> Measured:
        """The campaign's and the site's days so far, as known now."""
        ...

    def lines(self, days: int = 14) -> Sequence[LiveLine]:
        """The line items with what they did in the last days."""
        ...


class Field(Readings, Protocol):
    """One market on its clock. ``balance`` and ``what_if`` are the hidden truth, for scoring and
    for the oracle alone."""

    def advance(self, to: datetime) -> None:
        """Let time pass."""
        ...

    def place(self, move: Move) -> bool:
        """Make a change, if the platform can be reached and takes it."""
        ...

    def balance(self, since: datetime, until: datetime) -> Balance: ...

    def what_if(self, moves: Sequence[Move], until: datetime) -> int:
        """The worth of the time up to ``until``, were these changes of line items made now and
        nothing else. What mails and posts bring is left out: it is the same whatever ads do."""
        ...


# A fresh field of a scenario and a seed.
Opener = Callable[[LabScenario, int], Field]
