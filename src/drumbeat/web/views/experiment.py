"""Experiment: what is believed, what is tested, what it said, and what was promised beforehand."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from drumbeat.web.views.campaign import Setting
from drumbeat.web.views.decision import CheckLine
from drumbeat.web.views.value import Page, Tone, Value


class ExperimentState(StrEnum):
    """How far a test is. Decided is by the rule registered before it began, stopped by a person
    before that rule spoke."""

    WAITING = "waiting"
    RUNNING = "running"
    DECIDED = "decided"
    STOPPED = "stopped"


@dataclass(frozen=True)
class HypothesisRow:
    """A claim nobody has tested yet, ranked by ``score`` = expected impact x confidence.

    ``starts`` are the campaigns it may be started on, by id and name; ``collides`` says which
    running test it would meet on all of them, or that agents cannot vary it; ``unit`` goes with
    ``impact``.
    """

    id: str
    claim: str
    campaign: str
    impact: Value
    confidence: float
    score: float
    source: str = ""
    starts: tuple[tuple[str, str], ...] = ()
    collides: str = ""
    unit: str = ""
    # The claim's place in its file, by which a change of it is asked for.
    rule: str = ""


@dataclass(frozen=True)
class ExperimentRow:
    """``leaning`` is the state in words (\"leaning B, not decided yet\")."""

    id: str
    name: str
    campaign_id: str
    campaign: str
    state: ExperimentState
    leaning: str
    metric: str
    effect: Value = None
    low: Value = None
    high: Value = None
    day: int = 0
    days: int = 0
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Overlap:
    """Two tests that touch the same people or field; ``share`` is that of the smaller one."""

    one: str
    other: str
    share: float
    text: str
    is_allowed: bool


@dataclass(frozen=True)
class RegistryView:
    """Every registered test and the library: ``running`` the oldest first, ``decided`` (stopped
    ones too) the newest first, ``library`` by rank."""

    running: tuple[ExperimentRow, ...]
    decided: Page[ExperimentRow]
    library: tuple[HypothesisRow, ...]
    overlaps: tuple[Overlap, ...] = ()


class MetricRole(StrEnum):
    """What a metric is there for: the one the rule decides by, one that explains it, or one that
    must not fall."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    GUARDRAIL = "guardrail"


@dataclass(frozen=True)
class Effect:
    """A relative difference of B against A with its interval (fractions). ``limit`` is where a
    guardrail is broken."""

    metric: str
    role: MetricRole
    value: float
    low: float
    high: float
    word: str
    tone: Tone = Tone.PLAIN
    limit: float | None = None


@dataclass(frozen=True)
class SegmentEffect:
    """How the goal's rate differs among one segment's people: ``low`` to ``high`` in points."""

    segment: str
    people: int
    control: Value
    treatment: Value
    low: Value
    high: Value
    is_clear: bool


@dataclass(frozen=True)
class Arm:
    """``shown`` of its ``units`` were shown anything, where an arm leaves some of its own out."""

    name: str
    what: str
    units: int
    rate: Value
    shown: int | None = None


@dataclass(frozen=True)
class ExperimentView:
    """``verdict`` is one heading, ``sentence`` the numbers behind it; ``proposal_id`` leads to
    the decision, where one waits. ``advice`` is what the rule registered before launch says;
    ``can_ship``, ``can_keep`` and ``can_stop`` are what people may do beside it, ``ships`` what
    shipping sets, ``is_advised`` whether shipping is what the rule says. ``unit`` is what was
    counted: people, posts or days; ``segments`` is the goal by segment, where people were."""

    row: ExperimentRow
    verdict: str
    sentence: str
    registered_at: datetime
    registered_by: str
    approved_by: str
    effects: tuple[Effect, ...]
    arms: tuple[Arm, ...]
    health: tuple[CheckLine, ...]
    registered: tuple[Setting, ...]
    lesson: str = ""
    proposal_id: str = ""
    advice: str = ""
    can_ship: bool = False
    can_keep: bool = False
    can_stop: bool = False
    is_advised: bool = False
    ships: str = ""
    unit: str = "people"
    segments: tuple[SegmentEffect, ...] = ()


class ExperimentReads(Protocol):
    """What the experiment pages and the API need of the registry. ``after`` and ``limit`` page the
    tests that are over; one test is None where there is none."""

    def registry(self, *, after: str | None, limit: int) -> RegistryView: ...

    def experiment(self, experiment_id: str) -> ExperimentView | None: ...
