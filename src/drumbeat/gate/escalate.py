"""Escalate: opens an escalation for an owner, in the caller's transaction, once a cause."""

from datetime import timedelta

import sqlalchemy as sa

from drumbeat.core.canonical import name
from drumbeat.gate.door import Door
from drumbeat.store import escalations, ledger
from drumbeat.store.escalations import EscalationRow

_ANSWER_WITHIN = {"critical": timedelta(minutes=15), "warning": timedelta(hours=4)}


def escalate(
    door: Door,
    transaction: sa.Connection,
    *,
    failure: str,
    severity: str,
    text: str,
    key: str,
    campaign: str = "",
    cycle: str = "",
) -> bool:
    """Open it unless the same cause is open already; returns whether it is new."""
    now, owners = door.now, door.rules.owners
    owner = owners.get((campaign, failure)) or owners.get(("", failure)) or _manager(door)
    row = EscalationRow(
        id=name("esc", failure, campaign, key),
        campaign=campaign,
        cycle=cycle,
        failure=failure,
        severity=severity,
        owner=owner,
        state="open",
        text=text,
        opened_at=now,
        due_at=now + _ANSWER_WITHIN.get(severity, timedelta(hours=24)),
        closed_at=None,
        detail={"key": key},
    )
    if not escalations.open_one(transaction, row):
        return False
    ledger.append(
        transaction,
        "escalated",
        at=now,
        actor="system:router",
        subject=row.id,
        campaign=campaign,
        cycle=cycle,
        failure=failure,
        severity=severity,
        owner=owner,
        text=text,
    )
    return True


def _manager(door: Door) -> str:
    """Nobody is named for it, so it is a manager's: an escalation always has an owner."""
    managers = (a.id for a in door.rules.accounts.values() if "manager" in a.roles)
    return next(managers, "manager")
