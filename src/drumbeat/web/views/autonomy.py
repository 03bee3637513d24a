"""Autonomy: who may do what alone, how that is earned, and who is told when it goes wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from drumbeat.core.governance.phase import Phase
from drumbeat.web.views.value import Value


class Level(StrEnum):
    """What an agent may do with one kind of action in one phase."""

    NEVER = "never"
    OBSERVE = "observe"
    ASK = "ask"
    ACT = "act"


@dataclass(frozen=True)
class MatrixRow:
    """``levels`` by phase, from draft to full; ``limits`` in words."""

    kind: str
    title: str
    channel: str
    agents: tuple[str, ...]
    risk: str
    levels: tuple[Level, ...]
    approvers: str
    limits: str = ""


@dataclass(frozen=True)
class LevelRow:
    """The rung of one kind on its channel: since when (None: as declared) and by whose word, what
    people have answered since, and what the ``next`` rung lacks (empty: nothing)."""

    kind: str
    title: str
    channel: str
    level: Level
    evidence: str
    next: str = ""
    lacking: str = ""
    since: datetime | None = None
    by: str = ""
    granted_on: str = ""
    # Nobody was ever asked: it stands where the matrix put it.
    is_quiet: bool = False


@dataclass(frozen=True)
class PromiseRow:
    """A promise of the workspace: the ``rule`` names its place, ``text`` says it."""

    rule: str
    name: str
    text: str


@dataclass(frozen=True)
class Rung:
    """One step of the confidence ladder: from which confidence on what happens."""

    at_least: float
    text: str


@dataclass(frozen=True)
class PhaseRow:
    """A campaign's phase, and how far it is from the ``next`` one (None: there is none)."""

    campaign_id: str
    campaign: str
    phase: Phase
    progress: str
    proposal_id: str = ""
    next: Phase | None = None


@dataclass(frozen=True)
class EscalationPath:
    """Who is told in which order when a kind of failure happens, by the ``policy`` of that name."""

    failure: str
    steps: tuple[str, ...]
    policy: str = ""


@dataclass(frozen=True)
class ApprovalLoad:
    """Approvals a person was asked for today against the budget for a day, and how fast."""

    person: str
    asked: int
    budget: int
    median_seconds: Value
    hasty: int


@dataclass(frozen=True)
class Drills:
    """How a person answered what was wrong on purpose, of late."""

    person: str
    caught: int
    missed: int


@dataclass(frozen=True)
class Simulation:
    """What last quarter would have looked like with one cell changed."""

    title: str
    asked_before: int
    asked_after: int
    different: int
    text: str


@dataclass(frozen=True)
class AutonomyView:
    """The rules in force, by the ``version`` of the policy: the action matrix, the rungs agents
    stand on, the campaigns' phases (the first 50 of ``campaigns``), who is told of failures, the
    promises, and how people answered today (``load``) and in a quarter's ``drills``."""

    version: str
    matrix: tuple[MatrixRow, ...]
    ladder: tuple[Rung, ...]
    phases: tuple[PhaseRow, ...]
    paths: tuple[EscalationPath, ...]
    load: tuple[ApprovalLoad, ...]
    campaigns: int = 0
    levels: tuple[LevelRow, ...] = ()
    promises: tuple[PromiseRow, ...] = ()
    # Where a new promise or claim may be written: the start of its place, and what that is.
    addable: tuple[tuple[str, str], ...] = ()
    drills: tuple[Drills, ...] = ()


@dataclass(frozen=True)
class RuleField:
    """One input of a row; ``choices`` where only these can be said."""

    name: str
    label: str
    hint: str
    value: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleForm:
    """A row of the action matrix, a promise or a claim as a person may propose it otherwise.

    ``kind`` is the action, or the place of another entry; ``box`` is the field of the box that
    ``is_forbidden`` says is ticked: it forbids the action, or takes the entry away.
    """

    kind: str
    title: str
    fields: tuple[RuleField, ...]
    is_forbidden: bool = False
    file: str = "policy/actions.yaml"
    box: str = "forbidden"
    is_new: bool = False


class AutonomyReads(Protocol):
    """What the autonomy page needs of the policy and the ledger. It only reads: changes are
    proposed through ``Verbs``."""

    def autonomy(self) -> AutonomyView: ...

    def rule(self, kind: str, typed: Mapping[str, str] | None = None) -> RuleForm | None:
        """The row as it is, or as it was typed; None for a kind there is not."""
        ...

    def simulate(self, kind: str, phase: str, level: str) -> Simulation | None:
        """Nothing is changed by it; None for a cell there is not."""
        ...
