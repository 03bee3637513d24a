"""Phases: the phase in force for a campaign, after promotions and demotions."""

from datetime import datetime

import sqlalchemy as sa
from pydantic import JsonValue

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.autonomy import after_override
from drumbeat.core.governance.levels import PhaseOverride, below, effective
from drumbeat.core.governance.phase import Phase
from drumbeat.gate.door import Door
from drumbeat.store import ledger, settings


def override_of(connection: sa.Connection, campaign: str) -> PhaseOverride | None:
    """The last promotion or demotion, if there was any."""
    kept = settings.get(connection, _key(campaign))
    return PhaseOverride.model_validate(kept) if kept else None


def phase_of(door: Door, connection: sa.Connection, campaign: str) -> Phase | None:
    """The phase in force; None for a campaign nobody declared."""
    own = door.rules.campaigns.get(campaign)
    return effective(own.phase, override_of(connection, campaign)) if own else None


def read(door: Door, connection: sa.Connection, action: Action) -> JsonValue:
    """The present state of the target ``autonomy:<campaign>``."""
    return {"phase": str(phase_of(door, connection, action.campaign) or "")}


def apply(connection: sa.Connection, action: Action, by: str, now: datetime) -> None:
    """Put a promotion or demotion in force.

    Raises ValueError for an unknown phase, and for a demotion that lowers nothing: it would slip
    past the people whom a promotion asks.
    """
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    lowers = Phase(str(after.get("phase"))).rank < Phase(str(before.get("phase"))).rank
    if lowers is not (action.kind == "autonomy.demote"):
        raise ValueError(f"{action.kind} cannot go from {before} to {after}")
    _keep(connection, action.campaign, {**after, "by": by, "at": now.isoformat()})


def demote_for(
    door: Door, transaction: sa.Connection, campaign: str, code: str, by: str, cause: str
) -> Phase | None:
    """Lower the campaign's phase when the override's reason is grave; returns the new phase.

    It only takes autonomy away, so it waits for nobody's consent.
    """
    before = phase_of(door, transaction, campaign)
    if before is None or after_override(before, code) is before:
        return None
    return lower(door, transaction, campaign, by, code, cause)


def lower(
    door: Door, transaction: sa.Connection, campaign: str, by: str, code: str, cause: str
) -> Phase | None:
    """One step down, where there is one; returns the new phase."""
    own, now = door.rules.campaigns.get(campaign), door.now
    before = phase_of(door, transaction, campaign)
    if own is None or before is None or below(before) is before:
        return None
    after = below(before)
    reason = f"{code}: {cause}"
    _keep(
        transaction,
        campaign,
        {"phase": after, "declared": own.phase, "by": by, "at": now.isoformat(), "reason": reason},
    )
    ledger.append(
        transaction,
        "demoted",
        at=now,
        actor="system:gate",
        subject=f"autonomy:{campaign}",
        campaign=campaign,
        change={"phase": [str(before), str(after)]},
        code=code,
        why=f"{by}: {cause}",
    )
    return after


def _keep(connection: sa.Connection, campaign: str, value: dict[str, object]) -> None:
    made = PhaseOverride.model_validate(value)
    settings.put(connection, _key(campaign), made.model_dump(mode="json"))


def _key(campaign: str) -> str:
    return f"phase:{campaign}"
