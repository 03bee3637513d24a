"""Registered tests: what was frozen, what it shows so far, and how it ended."""

from typing import Literal

from pydantic import Field

from drumbeat.core.campaign.lesson import Effect
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

Status = Literal["running", "stopped", "decided"]


class Shown(Noun):
    """What a test showed at a moment.

    ``control`` and ``treatment`` are the goal's means; ``effect`` is the treatment's relative
    difference with the interval that holds however often it is read, None while nothing can be
    said; ``guardrails`` the same of the metrics that must not fall. ``units`` counts both arms,
    ``look`` the boundaries passed; ``split`` is the p-value of the designed split.
    """

    at: Moment
    answer: Answer
    reason: str
    look: int = 0
    units: int = 0
    control: float = 0.0
    treatment: float = 0.0
    effect: Effect | None = None
    guardrails: dict[str, Effect] = Field(default_factory=dict)
    split: float | None = None
    is_split_broken: bool = False
    lost: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Ended(Noun):
    """Who or what ended a test. ``answer`` is its rule's, None where a person stopped it early;
    ``entry`` is the ledger entry that says so; ``taught`` is what the library makes of it."""

    at: Moment
    by: str
    reason: str
    answer: Answer | None = None
    shown: Shown | None = None
    taught: str = ""
    entry: int = 0


class Registered(Noun):
    """A test of the registry. It runs until its rule, or somebody, ends it."""

    experiment: Experiment
    shown: Shown | None = None
    ended: Ended | None = None

    @property
    def is_running(self) -> bool:
        return self.ended is None

    @property
    def advice(self) -> Answer:
        """What its rule says now, or said when it ended; while nothing was read: keep going."""
        ended = self.ended.answer if self.ended else None
        return ended or (self.shown.answer if self.shown else Answer.KEEP_GOING)

    @property
    def status(self) -> Status:
        if self.ended is None:
            return "running"
        return "stopped" if self.ended.answer is None else "decided"
