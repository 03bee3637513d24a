"""Levels: how far agents may go with one kind of action, and the phase that is in force."""

from enum import StrEnum
from typing import Literal

from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.phase import Phase
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class Level(StrEnum):
    """From strictest to freest."""

    NEVER = "never"
    ASK = "ask"
    ALONE = "alone"


class PhaseOverride(Noun):
    """A promotion or demotion: ``phase`` is in force beside the file's ``declared`` one."""

    phase: Phase
    declared: Phase
    by: str
    at: Moment
    reason: str = ""


def effective(declared: Phase, override: PhaseOverride | None) -> Phase:
    """The phase in force. A promotion raises it, a demotion lowers it.

    When the file has changed since, two people have spoken: the stricter of both holds.
    """
    if override is None:
        return declared
    if override.declared is declared:
        return override.phase
    return min(override.phase, declared, key=lambda phase: phase.rank)


def level(
    row: Row | Literal["forbidden"] | None, phase: Phase | None, campaign_says: str = ""
) -> Level:
    """The strictest of matrix, phase and campaign file for what an agent wants by itself."""
    if not isinstance(row, Row) or not row.agents or campaign_says not in ("", "ask"):
        return Level.NEVER
    if row.always_ask or campaign_says == "ask" or phase is None:
        return Level.ASK
    return Level.ALONE if phase.reaches(row.phase) else Level.ASK


def above(phase: Phase) -> Phase | None:
    """The next freer phase; None at the top."""
    return next((other for other in Phase if other.rank == phase.rank + 1), None)


def below(phase: Phase) -> Phase:
    """The next stricter phase; draft stays draft."""
    return tuple(Phase)[max(0, phase.rank - 1)]
