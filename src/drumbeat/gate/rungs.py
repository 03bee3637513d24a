"""Rungs: what agents have earned, on either ladder: the phase of a campaign, the level of a kind.

One rule for both. A promotion asks people and raises; a demotion lowers and asks nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.levels import LevelOverride, PhaseOverride
from drumbeat.core.governance.phase import Phase
from drumbeat.gate.door import Door
from drumbeat.store import ledger, settings


class Rung(Protocol):
    """A step of a ladder; a lower ``rank`` is stricter."""

    @property
    def rank(self) -> int: ...


@dataclass(frozen=True)
class Ladder:
    """``field`` names the rung in an action's states, and in the noun that is kept."""

    field: str
    rung: Callable[[str], Rung]
    noun: type[PhaseOverride] | type[LevelOverride]


PHASES = Ladder("phase", Phase, PhaseOverride)
LEVELS = Ladder("level", Level, LevelOverride)


@dataclass(frozen=True)
class Loss:
    """Why agents go a step down: ``by`` whom or what, the reason's code, and where it is told."""

    by: str
    code: str
    cause: str


def apply(
    connection: sa.Connection, ladder: Ladder, key: str, action: Action, by: str, now: datetime
) -> None:
    """Put a promotion or demotion in force, kept under ``key``.

    Raises ValueError for an unknown rung, and for a demotion that lowers nothing: it would slip
    past the people whom a promotion asks.
    """
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    was, wanted = (ladder.rung(str(state.get(ladder.field))) for state in (before, after))
    if (wanted.rank < was.rank) is not (action.kind == "autonomy.demote"):
        raise ValueError(f"{action.kind} cannot go from {before} to {after}")
    _keep(connection, ladder, key, {**after, "by": by, "at": now.isoformat()})


def lower(
    door: Door,
    transaction: sa.Connection,
    ladder: Ladder,
    key: str,
    change: tuple[Rung, Rung],
    loss: Loss,
    *,
    declared: Rung,
    subject: str,
    campaign: str = "",
) -> None:
    """Go from one rung to a lower one now, and say so: it only takes autonomy away, so it waits
    for nobody's consent."""
    before, after = change
    made = {ladder.field: after, "declared": declared, "by": loss.by, "at": door.now.isoformat()}
    _keep(transaction, ladder, key, {**made, "reason": f"{loss.code}: {loss.cause}"})
    ledger.append(
        transaction,
        "demoted",
        at=door.now,
        actor="system:gate",
        subject=subject,
        campaign=campaign,
        change={ladder.field: [str(before), str(after)]},
        code=loss.code,
        why=f"{loss.by}: {loss.cause}",
    )


def _keep(connection: sa.Connection, ladder: Ladder, key: str, value: dict[str, object]) -> None:
    settings.put(connection, key, ladder.noun.model_validate(value).model_dump(mode="json"))
