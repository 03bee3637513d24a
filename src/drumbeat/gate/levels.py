"""Levels: what agents have earned for each action kind on each channel, and how they lose it."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.levels import LevelOverride, effective_level
from drumbeat.core.governance.matrix import Row
from drumbeat.core.json_value import JsonValue
from drumbeat.gate import rungs
from drumbeat.gate.door import Door
from drumbeat.gate.rungs import LEVELS, Loss
from drumbeat.store import settings

# The targets of promotions and demotions of one kind on one channel.
PREFIX = "level:"


def target_of(kind: str, channel: str) -> str:
    """``level:ads.set_budget@ads``: what a promotion or demotion of a level changes."""
    return f"{PREFIX}{kind}@{channel}"


def override_of(connection: sa.Connection, target: str) -> LevelOverride | None:
    """The last promotion or demotion of a level, if there was any."""
    kept = settings.get(connection, target)
    return LevelOverride.model_validate(kept) if kept else None


def overrides_of(connection: sa.Connection, targets: Collection[str]) -> dict[str, LevelOverride]:
    """The same of many levels; one that was never changed is left out."""
    kept = settings.many(connection, list(targets))
    return {target: LevelOverride.model_validate(one) for target, one in kept.items() if one}


def level_of(door: Door, connection: sa.Connection, kind: str, channel: str) -> Level | None:
    """The level in force; None for a kind without a row."""
    declared = declared_level(door, kind)
    if declared is None:
        return None
    return effective_level(declared, override_of(connection, target_of(kind, channel)))


def declared_level(door: Door, kind: str) -> Level | None:
    """Where the action matrix lets agents start."""
    row = door.rules.matrix.row(kind)
    return row.level if isinstance(row, Row) else None


def read(door: Door, connection: sa.Connection, action: Action) -> JsonValue:
    """The present state of the target ``level:<kind>@<channel>``."""
    kind, _, channel = action.target.removeprefix(PREFIX).partition("@")
    return {"level": str(level_of(door, connection, kind, channel) or "")}


def apply(connection: sa.Connection, action: Action, by: str, now: datetime) -> None:
    """Put a promotion or demotion in force; see ``rungs.apply``."""
    rungs.apply(connection, LEVELS, action.target, action, by, now)


def lower(
    door: Door, transaction: sa.Connection, kind: str, channel: str, loss: Loss
) -> Level | None:
    """Take agents one rung down for a kind on a channel; the new level, None at the bottom."""
    declared, target = declared_level(door, kind), target_of(kind, channel)
    before = level_of(door, transaction, kind, channel)
    if declared is None or before is None or before.below is before:
        return None
    change = (before, before.below)
    rungs.lower(door, transaction, LEVELS, target, change, loss, declared=declared, subject=target)
    return before.below
