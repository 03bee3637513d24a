"""In hand: what people do about an escalation: acknowledge, snooze, resolve, silence.

An agent never answers one, and opening a link never does: each of these is a deliberate act of a
named account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import ValidationError

from drumbeat.core.canonical import name
from drumbeat.core.operations.escalation import EscalationState, Failure
from drumbeat.core.operations.incident import IncidentNote
from drumbeat.core.operations.ladder import due_at
from drumbeat.core.operations.silence import Silence
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.gate import climb, sla
from drumbeat.gate.climb import REMIND_AFTER
from drumbeat.gate.door import CLOCKS, Door
from drumbeat.store import dues, escalations, incidents, ledger, silences
from drumbeat.store.escalations import EscalationRow

LONGEST_SNOOZE = timedelta(days=7)
_STEERING = frozenset({"operator", "manager", "admin"})


@dataclass(frozen=True)
class Handled:
    """It counted; ``ids`` are the escalations (or the silence) it changed."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class NotHandled:
    """It did not count, and why; ``is_missing`` when there is no such escalation."""

    why: str
    is_missing: bool = False


Outcome = Handled | NotHandled


def acknowledge(door: Door, escalation_id: str, account: str) -> Outcome:
    """Take it in hand, with everything grouped under it: nobody else is called. Not resolved."""
    with door.database.write() as transaction:
        found = _answerable(door, transaction, escalation_id, account)
        if isinstance(found, NotHandled):
            return found
        again = door.now + REMIND_AFTER.get(found.severity, timedelta(hours=24))
        group = [found, *escalations.members(transaction, found.id)]
        for row in group:
            changes = {"state": EscalationState.ACKNOWLEDGED, "answered_by": account}
            next_at = again if row is found else None
            escalations.take(transaction, row, next_at=next_at, **changes)
        dues.schedule(transaction, CLOCKS, again)
        _record(door, transaction, found, "acknowledged", account, "")
        return Handled(tuple(row.id for row in group))


def snooze(door: Door, escalation_id: str, account: str, until: datetime, reason: str) -> Outcome:
    """Put it off; it comes back at ``until``, a week from now at the latest."""
    if not door.now < until <= door.now + LONGEST_SNOOZE:
        return NotHandled(f"snooze until later, by {LONGEST_SNOOZE.days} days at most")
    if not reason.strip():
        return NotHandled("a snooze needs a reason")
    with door.database.write() as transaction:
        found = _answerable(door, transaction, escalation_id, account)
        if isinstance(found, NotHandled):
            return found
        changes = {"state": EscalationState.SNOOZED, "answered_by": account, "next_at": until}
        escalations.take(transaction, found, **changes)
        dues.schedule(transaction, CLOCKS, until)
        _record(door, transaction, found, "snoozed", account, reason, until=until.isoformat())
        return Handled((found.id,))


def resolve(
    door: Door, escalation_id: str, account: str, reason: str, *, group: bool = False
) -> Outcome:
    """It is over, for this reason; with ``group``, so is everything grouped under it."""
    if not reason.strip():
        return NotHandled("say what was done: --reason '…'")
    with door.database.write() as transaction:
        found = _answerable(door, transaction, escalation_id, account)
        if isinstance(found, NotHandled):
            return found
        together = escalations.members(transaction, found.id) if group else []
        for row in (*together, found):
            close(door, transaction, row, f"person:{account}", reason)
        return Handled(tuple(row.id for row in (found, *together)))


def settle(door: Door, transaction: sa.Connection, cause: Failure, by: str, reason: str) -> bool:
    """The system saw that a cause is gone; False when nothing was open about it."""
    row = escalations.load(transaction, cause.id)
    if row is None or row.state == EscalationState.RESOLVED:
        return False
    close(door, transaction, row, by, reason)
    return True


def close(door: Door, transaction: sa.Connection, row: EscalationRow, by: str, why: str) -> None:
    """Resolve one; what it held back, led or told the story of goes on without it."""
    if not escalations.close(transaction, row.id, door.now):
        return
    ledger.append(
        transaction,
        "resolved",
        at=door.now,
        actor=by,
        subject=row.id,
        campaign=row.campaign,
        cycle=row.cycle,
        reason=why,
        text=row.text,
    )
    climb.note(door, transaction, row, by, f"resolved: {why}")
    _release(door, transaction, row)
    _end_story(door, transaction, row)


def silence(
    door: Door, account: str, matchers: dict[str, str], lasts: timedelta, reason: str
) -> Outcome:
    """Nobody is called about what matches, for a while; it is still shown and written down."""
    refusal = _may(door, account, _STEERING)
    if refusal:
        return refusal
    try:
        made = Silence(
            id=name("sil", matchers, account, door.now),
            matchers=matchers,
            until=door.now + lasts,
            by=account,
            reason=reason.strip(),
            at=door.now,
        )
    except ValidationError as error:
        return NotHandled(str(error.errors()[0]["msg"]).removeprefix("Value error, "))
    with door.database.write() as transaction:
        silences.add(transaction, made)
        ledger.append(
            transaction,
            "silenced",
            at=door.now,
            actor=f"person:{account}",
            subject=made.id,
            campaign=matchers.get("campaign", ""),
            matchers=matchers,
            until=made.until.isoformat(),
            reason=made.reason,
        )
    return Handled((made.id,))


def add_note(door: Door, incident_id: str, account: str, text: str) -> Outcome:
    """A person's line on an incident's timeline."""
    if not text.strip():
        return NotHandled("an empty note says nothing")
    refusal = _may(door, account, frozenset())
    if refusal:
        return refusal
    with door.database.write() as transaction:
        found = incidents.load(transaction, incident_id)
        if found is None:
            return NotHandled(f"there is no incident {incident_id}", is_missing=True)
        line = IncidentNote(
            incident=incident_id, at=door.now, actor=f"person:{account}", text=text.strip()[:2000]
        )
        incidents.note(transaction, line)
    return Handled((incident_id,))


def _answerable(
    door: Door, transaction: sa.Connection, escalation_id: str, account: str
) -> EscalationRow | NotHandled:
    refusal = _may(door, account, frozenset())
    if refusal:
        return refusal
    ledger.serialize(transaction)
    row = escalations.load(transaction, escalation_id)
    if row is None:
        return NotHandled(f"there is no escalation {escalation_id}", is_missing=True)
    if row.state == EscalationState.RESOLVED:
        return NotHandled(f"{escalation_id} is resolved already")
    return row


def _may(door: Door, account: str, roles: frozenset[str]) -> NotHandled | None:
    """Whoever has a role beyond looking on may answer; steering takes one of ``roles``."""
    known = door.rules.accounts.get(account)
    if known is None or not known.is_active:
        return NotHandled(f"there is nobody with the name {account}")
    if known.is_agent:
        return NotHandled("an agent cannot answer an escalation")
    if not known.roles - {"viewer"}:
        return NotHandled(f"{account} may look on, not answer")
    if roles and not roles & known.roles:
        return NotHandled(f"it takes one of these roles: {', '.join(sorted(roles))}")
    return None


def _release(door: Door, transaction: sa.Connection, row: EscalationRow) -> None:
    """What it explained is looked at by itself; what it led gets a new leader, the oldest."""
    for held in escalations.inhibited(transaction, row.id):
        _set_free(door, transaction, held, inhibited_by="")
    group = escalations.members(transaction, row.id)
    for leader in group[:1]:
        _set_free(door, transaction, leader, leader="")
    for other in group[1:]:
        escalations.take(transaction, other, leader=group[0].id)


def _set_free(door: Door, transaction: sa.Connection, row: EscalationRow, **changes: str) -> None:
    """It steps by itself from now on; one that was acknowledged with its group stays in hand."""
    is_open = row.state == EscalationState.OPEN
    remind = door.now + REMIND_AFTER.get(row.severity, timedelta(hours=24))
    at = due_at(climb.ladder_of(row), row.position, door.now) if is_open else remind
    escalations.take(transaction, row, next_at=at, **changes)
    if at is not None:
        dues.schedule(transaction, CLOCKS, at)


def _end_story(door: Door, transaction: sa.Connection, row: EscalationRow) -> None:
    """An incident is over with the last of its escalations."""
    story = row.detail.get("incident")
    if not story:
        return
    left = escalations.open_about(transaction, [row.campaign])
    if any(one.detail.get("incident") == story for one in left):
        return
    if incidents.resolve(transaction, story, door.now):
        sla.hear(
            door,
            transaction,
            Milestone.RECOVERED,
            subject=story,
            campaign=row.campaign,
            cycle=row.cycle,
        )


def _record(
    door: Door,
    transaction: sa.Connection,
    row: EscalationRow,
    kind: str,
    account: str,
    reason: str,
    **body: str,
) -> None:
    ledger.append(
        transaction,
        kind,
        at=door.now,
        actor=f"person:{account}",
        subject=row.id,
        campaign=row.campaign,
        cycle=row.cycle,
        reason=reason.strip(),
        text=row.text,
        **body,
    )
    climb.note(door, transaction, row, f"person:{account}", f"{kind} {reason}".strip())
