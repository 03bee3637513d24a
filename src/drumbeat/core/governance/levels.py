"""Levels: how far agents may go with one kind of action, and the phase that is in force."""

from typing import Literal, TypeVar

from drumbeat.core.governance.level import Level as Level
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.phase import Phase
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

_Rung = TypeVar("_Rung", Level, Phase)


class PhaseOverride(Noun):
    """A promotion or demotion: ``phase`` is in force beside the file's ``declared`` one."""

    phase: Phase
    declared: Phase
    by: str
    at: Moment
    reason: str = ""


class LevelOverride(Noun):
    """A level earned or lost: in force beside the matrix's ``declared`` one."""

    level: Level
    declared: Level
    by: str
    at: Moment
    reason: str = ""


def effective_level(declared: Level, override: LevelOverride | None) -> Level:
    """The level in force for a kind on its channel; see ``_in_force``."""
    return _in_force(declared, override.declared, override.level) if override else declared


def effective(declared: Phase, override: PhaseOverride | None) -> Phase:
    """The phase in force for a campaign; see ``_in_force``."""
    return _in_force(declared, override.declared, override.phase) if override else declared


def _in_force(declared: _Rung, then: _Rung, given: _Rung) -> _Rung:
    """A promotion raises what was declared, a demotion lowers it. When the file has changed since,
    two people have spoken: the stricter of both holds."""
    return given if then is declared else min(given, declared, key=lambda rung: rung.rank)


def level(
    row: Row | Literal["forbidden"] | None,
    phase: Phase | None,
    campaign_says: str = "",
    earned: Level = Level.ACT,
) -> Level:
    """The strictest of matrix, phase, earned level and campaign file for what an agent wants by
    itself."""
    if not isinstance(row, Row) or not row.agents or campaign_says not in ("", "ask"):
        return Level.NEVER
    asks = row.always_ask or campaign_says == "ask" or phase is None or not phase.reaches(row.phase)
    return min(Level.ASK if asks else Level.ACT, earned, key=lambda one: one.rank)


def above(phase: Phase) -> Phase | None:
    """The next freer phase; None at the top."""
    return next((other for other in Phase if other.rank == phase.rank + 1), None)


def below(phase: Phase) -> Phase:
    """The next stricter phase; draft stays draft."""
    return tuple(Phase)[max(0, phase.rank - 1)]
