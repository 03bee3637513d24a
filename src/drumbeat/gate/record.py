"""Record: ledger lines about proposals and effects, always with the same particulars."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.core.campaign.placement_mix import in_words
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.proposal import Proposal
from drumbeat.store import ledger

# Fields that hold shares of a whole, told in one line.
_MIXES = frozenset({"placements"})


def about(
    connection: sa.Connection,
    kind: str,
    proposal: Proposal,
    *,
    at: datetime,
    actor: str,
    **more: Any,
) -> Entry:
    """One entry about a proposal's change: what, whose, from which state to which."""
    action = proposal.action
    return ledger.append(
        connection,
        kind,
        at=at,
        actor=actor,
        subject=proposal.id,
        campaign=action.campaign,
        cycle=action.cycle,
        action=action.kind,
        target=action.target,
        fingerprint=action.fingerprint,
        change=summary(action),
        **more,
    )


def summary(action: Action) -> dict[str, Any]:
    """The fields that change, old and new; long texts are cut, nothing personal is in them."""
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    fields = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    return {f: [_short(before.get(f)), _short(after.get(f))] for f in fields if _plain(after, f)}


def _plain(after: dict[str, Any], field: str) -> bool:
    value = after.get(field)
    return field in _MIXES or not isinstance(value, dict | list)


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 120:
        return value[:117] + "..."
    if isinstance(value, dict) and all(isinstance(share, int | float) for share in value.values()):
        return in_words(value) or "its own"
    return value if not isinstance(value, dict | list) else None
