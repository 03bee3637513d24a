"""Escalate: takes a failure in, in the caller's transaction: once a cause, to an owner, in order.

What is known stays as it is. What another failure explains, a silence covers or a group holds is
written down and shown, but calls nobody. Everything else takes the first step of its ladder at
once, in the same transaction, so that no failure is ever noticed and not told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Action
from drumbeat.core.operations.escalation import (
    AlertKind,
    EscalationState,
    Failure,
    Manner,
    OpenOne,
    Placed,
    Surroundings,
    place,
)
from drumbeat.core.operations.incident import Incident, IncidentNote, runbook_for
from drumbeat.core.operations.ladder import Ladder, due_at, to_people_at_once, unroll
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.gate import climb, demotion, promises
from drumbeat.gate.door import CLOCKS, Door
from drumbeat.gate.recipients import manager, people_of
from drumbeat.store import dues, escalations, incidents, ledger, silences
from drumbeat.store.escalations import EscalationRow

_ANSWER_WITHIN = {"critical": timedelta(minutes=15), "warning": timedelta(hours=4)}
# How long something that comes and goes must hold before it is treated as news again.
_FLAP_HOLD = timedelta(hours=1)
_KEPT_OPENINGS = 5


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
    kind: AlertKind = AlertKind.STAGE,
    connections: frozenset[str] = frozenset(),
) -> bool:
    """Open it unless the same cause is open already; returns whether it is new.

    ``connections`` are those the failure rests on; by default the campaign's own.
    """
    own = door.rules.campaigns.get(campaign)
    found = Failure(
        failure=failure,
        severity=severity,
        key=key,
        kind=kind,
        campaign=campaign,
        connections=connections or (own.connections if own else frozenset()),
    )
    ledger.serialize(transaction)
    before = _unless_worse(door, transaction, escalations.load(transaction, found.id), severity)
    placed = place(found, _surroundings(door, transaction, found, before))
    if placed.manner is Manner.KNOWN:
        return False
    row = _row(door, _Case(found, placed, text, cycle), before)
    if not escalations.open_one(transaction, row):
        return False
    _record(door, transaction, row, placed)
    _begin(door, transaction, row)
    _set_out(door, transaction, row, placed)
    return True


def escalate_effect(
    door: Door,
    transaction: sa.Connection,
    action: Action,
    text: str,
    key: str,
    *,
    severity: str,
) -> None:
    """A change that did not come out on its platform as it was wanted, once a ``key``."""
    escalate(
        door,
        transaction,
        failure="platform",
        severity=severity,
        text=text,
        key=key,
        campaign=action.campaign,
        cycle=action.cycle,
        kind=AlertKind.EFFECT,
    )


def _unless_worse(
    door: Door, transaction: sa.Connection, before: EscalationRow | None, severity: str
) -> EscalationRow | None:
    """What is known of the failure. One that turns critical starts over, for it is news again."""
    if before is None or before.severity == severity or severity != "critical":
        return before
    escalations.close(transaction, before.id, door.now)
    return escalations.load(transaction, before.id)


@dataclass(frozen=True)
class _Case:
    found: Failure
    placed: Placed
    text: str
    cycle: str


def _surroundings(
    door: Door, transaction: sa.Connection, found: Failure, before: EscalationRow | None
) -> Surroundings:
    rows = escalations.beside(transaction, found.campaign, found.failure, found.severity)
    if before is not None and before.state != EscalationState.RESOLVED:
        rows = [*rows, before]
    opened = before.detail.get("opened", []) if before else []
    return Surroundings(
        now=door.now,
        open_ones={row.id: _open_one(row) for row in rows},
        silences=silences.in_force(transaction, door.now),
        opened_before=tuple(map(datetime.fromisoformat, opened)),
    )


def _open_one(row: EscalationRow) -> OpenOne:
    return OpenOne(
        id=row.id,
        failure=row.failure,
        severity=row.severity,
        campaign=row.campaign,
        kind=AlertKind(row.kind),
        state=EscalationState(row.state),
        connections=frozenset(row.detail.get("connections", ())),
        group=row.leader,
        inhibited_by=row.inhibited_by,
    )


def _row(door: Door, case: _Case, before: EscalationRow | None) -> EscalationRow:
    found, now = case.found, door.now
    ladder = ladder_for(door, found)
    opened = [*(before.detail.get("opened", []) if before else []), now.isoformat()]
    member = case.placed.manner is Manner.MEMBER
    return EscalationRow(
        id=found.id,
        campaign=found.campaign,
        cycle=case.cycle,
        failure=found.failure,
        severity=found.severity,
        owner=_owner(door, found),
        state=EscalationState.OPEN,
        text=case.text,
        opened_at=now,
        due_at=now + _ANSWER_WITHIN.get(found.severity, timedelta(hours=24)),
        closed_at=None,
        detail={
            "key": found.key,
            "connections": sorted(found.connections),
            "ladder": ladder.model_dump(mode="json"),
            "opened": opened[-_KEPT_OPENINGS:],
            "runbook": runbook_for(found.kind, found.failure),
            "incident": _incident_of(found, case.placed),
        },
        kind=found.kind,
        next_at=_first_at(case.placed, ladder, now),
        leader=case.placed.of if member else "",
        inhibited_by=case.placed.of if case.placed.manner is Manner.INHIBITED else "",
    )


def ladder_for(door: Door, found: Failure) -> Ladder:
    """The steps in force for a failure; a breach goes to people, for no agent can undo it."""
    ladders, about = door.rules.ladders, (found.failure, found.severity)
    ladder = ladders.get((found.campaign, *about)) or ladders.get(("", *about))
    if ladder is None:
        tiers = (("owner", timedelta()), ("role:manager", timedelta(minutes=30)))
        severity = Severity.CRITICAL if found.severity == "critical" else Severity.WARNING
        ladder = unroll(tiers, repeat=3, severity=severity)
    return to_people_at_once(ladder) if found.kind is AlertKind.SLA else ladder


def _first_at(placed: Placed, ladder: Ladder, now: datetime) -> datetime | None:
    match placed.manner:
        case Manner.MEMBER | Manner.INHIBITED:
            return None
        case Manner.SILENCED:
            return placed.until
        case Manner.FLAPPING:
            return now + _FLAP_HOLD
        case _:
            return due_at(ladder, 0, now)


def _owner(door: Door, found: Failure) -> str:
    owners = door.rules.owners
    named = owners.get((found.campaign, found.failure)) or owners.get(("", found.failure))
    first = next(iter(people_of(door, "owner", found.campaign)), "")
    return named or first or manager(door)


def _incident_of(found: Failure, placed: Placed) -> str:
    """A critical failure has a story; what is grouped with it is part of that story."""
    if found.severity != "critical":
        return ""
    return name("inc", placed.of if placed.manner is Manner.MEMBER else found.id)


def _record(door: Door, transaction: sa.Connection, row: EscalationRow, placed: Placed) -> None:
    ledger.append(
        transaction,
        "escalated",
        at=door.now,
        actor="system:router",
        subject=row.id,
        campaign=row.campaign,
        cycle=row.cycle,
        failure=row.failure,
        severity=row.severity,
        owner=row.owner,
        text=row.text,
        taken_as=str(placed.manner),
        runbook=row.detail["runbook"],
    )


def _begin(door: Door, transaction: sa.Connection, row: EscalationRow) -> None:
    """Open or continue the incident, and start what was promised about it."""
    story = row.detail["incident"]
    if not story:
        return
    made = Incident(
        id=story,
        campaign=row.campaign,
        cycle=row.cycle,
        severity=row.severity,
        title=row.text[:160],
        runbook=row.detail["runbook"],
        opened_at=door.now,
    )
    is_new = incidents.open_one(transaction, made)
    if is_new:
        demotion.after_incident(door, transaction, row.campaign, row.failure, f"incident {story}")
    noted = IncidentNote(incident=story, at=door.now, actor="system:router", text=row.text)
    incidents.note(transaction, noted)
    begin = partial(
        promises.begin,
        door,
        transaction,
        at=door.now,
        campaign=row.campaign,
        cycle=row.cycle,
    )
    if is_new:
        begin(Milestone.INCIDENT, subject=story)
    if row.kind == AlertKind.METRIC:
        begin(Milestone.ANOMALY, subject=row.id)


def _set_out(door: Door, transaction: sa.Connection, row: EscalationRow, placed: Placed) -> None:
    """The first step where it is due already, a digest, or a place among the clocks."""
    if placed.manner is Manner.MEMBER:
        climb.join(door, transaction, row)
    if placed.manner is Manner.FLAPPING:
        climb.hold_back(door, transaction, row)
    if row.next_at is None:
        return
    if row.next_at <= door.now:
        climb.step(door, transaction, row)
    else:
        dues.schedule(transaction, CLOCKS, row.next_at)
