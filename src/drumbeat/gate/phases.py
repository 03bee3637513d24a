"""Phases: the phase in force for a campaign, after promotions and demotions."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.autonomy import after_override
from drumbeat.core.governance.levels import PhaseOverride, below, effective
from drumbeat.core.governance.phase import Phase
from drumbeat.core.json_value import JsonValue
from drumbeat.gate import rungs
from drumbeat.gate.door import Door
from drumbeat.gate.rungs import PHASES, Loss
from drumbeat.store import settings


def override_of(connection: sa.Connection, campaign: str) -> PhaseOverride | None:
    """The last promotion or demotion, if there was any."""
    kept = settings.get(connection, _key(campaign))
    return PhaseOverride.model_validate(kept) if kept else None


def phase_of(door: Door, connection: sa.Connection, campaign: str) -> Phase | None:
    """The phase in force; None for a campaign nobody declared."""
    own = door.rules.campaigns.get(campaign)
    return effective(own.phase, override_of(connection, campaign)) if own else None


def phases_of(
    door: Door, connection: sa.Connection, campaigns: Collection[str]
) -> dict[str, Phase]:
    """The phases in force for many at once; a campaign nobody declared is left out."""
    known = [name for name in campaigns if name in door.rules.campaigns]
    kept = settings.many(connection, [_key(name) for name in known])
    changed = {key: PhaseOverride.model_validate(one) for key, one in kept.items() if one}
    return {
        name: effective(door.rules.campaigns[name].phase, changed.get(_key(name))) for name in known
    }


def read(door: Door, connection: sa.Connection, action: Action) -> JsonValue:
    """The present state of the target ``autonomy:<campaign>``."""
    return {"phase": str(phase_of(door, connection, action.campaign) or "")}


def apply(connection: sa.Connection, action: Action, by: str, now: datetime) -> None:
    """Put a promotion or demotion in force; see ``rungs.apply``."""
    rungs.apply(connection, PHASES, _key(action.campaign), action, by, now)


def demote_for(door: Door, transaction: sa.Connection, campaign: str, loss: Loss) -> Phase | None:
    """Lower the campaign's phase when the override's reason is grave; returns the new phase."""
    before = phase_of(door, transaction, campaign)
    if before is None or after_override(before, loss.code) is before:
        return None
    return lower(door, transaction, campaign, loss)


def lower(door: Door, transaction: sa.Connection, campaign: str, loss: Loss) -> Phase | None:
    """One step down, where there is one; returns the new phase."""
    own, before = door.rules.campaigns.get(campaign), phase_of(door, transaction, campaign)
    if own is None or before is None or below(before) is before:
        return None
    rungs.lower(
        door,
        transaction,
        PHASES,
        _key(campaign),
        (before, below(before)),
        loss,
        declared=own.phase,
        subject=target_of(campaign),
        campaign=campaign,
    )
    return below(before)


def target_of(campaign: str) -> str:
    """``autonomy:<campaign>``: what a promotion or demotion of a phase changes."""
    return f"autonomy:{campaign}"


def _key(campaign: str) -> str:
    return f"phase:{campaign}"
