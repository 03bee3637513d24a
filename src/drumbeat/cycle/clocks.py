"""Clocks: one look at every deadline: promises, decisions, and escalations on their way.

Everything a look finds commits at once with what it leads to, so a breach is never noticed and
not told. Between looks nothing runs: the next deadline is a column.
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.operations.escalation import AlertKind, Failure
from drumbeat.cycle.desk import Office
from drumbeat.gate import climb, in_hand, record, sla
from drumbeat.gate.door import CLOCKS, Door
from drumbeat.gate.escalate import escalate
from drumbeat.gate.facts import PACK_KIND
from drumbeat.store import clocks, dues, escalations, proposals
from drumbeat.store.proposals import Judged

SUBJECT = CLOCKS
AUDIT = escalations.AUDIT
# Which failure an unanswered approval is, by the channel it would have acted on.
_CLASS = {"ads": "budget", "email": "copy", "social": "copy", "workspace": "copy"}

Commit = Callable[[Callable[[sa.Connection], None], datetime | None], None]


def look(office: Office, commit: Commit) -> None:
    """One look at everything that can be late."""
    door, now = office.gate.door, office.now
    with office.database.read() as connection:
        waiting = proposals.waiting(connection)
        ahead = [*_deadlines(waiting, now), *_next_steps(connection, now)]
    late = [j for j in waiting if j.decide_by is not None and j.decide_by <= now]

    def write(transaction: sa.Connection) -> None:
        for judged in proposals.expire(transaction, now):
            _end(door, transaction, judged)
        for judged in late:
            _tell(door, transaction, judged)
        _answered(door, transaction, {j.proposal.id for j in waiting})
        steps(door, transaction)

    commit(write, min(ahead, default=None))


def steps(door: Door, transaction: sa.Connection) -> None:
    """What promises and escalations want done by now. Whatever that sets ahead wakes the clocks."""
    sla.follow_holds(door, transaction)
    sla.look(door, transaction)
    for row in escalations.due(transaction, door.now):
        climb.step(door, transaction, row)


def audit(office: Office, commit: Commit) -> None:
    """Find escalations that were not carried on in time, from outside the clocks themselves.

    Every next step that is written down wakes the auditor for the moment by which it must be done.
    Of several workers only one commits what it found.
    """
    door, since = office.gate.door, office.now - escalations.GRACE
    with office.database.read() as connection:
        missed = escalations.overdue(connection, since)
        ahead = escalations.next_after(connection, since)
    again = [at + escalations.GRACE for at in (ahead, door.now if missed else None) if at]

    def write(transaction: sa.Connection) -> None:
        if not missed:
            return
        dues.schedule(transaction, CLOCKS, door.now)
        escalate(
            door,
            transaction,
            failure="platform",
            severity="critical",
            text=_not_carried_on(len(missed), missed[0].next_at),
            key="clocks",
            kind=AlertKind.SYSTEM,
        )

    commit(write, min(again, default=None))


def _not_carried_on(count: int, since: datetime | None) -> str:
    what = "an escalation was" if count == 1 else f"{count} escalations were"
    return f"{what} not carried on since {since:%Y-%m-%d %H:%M} UTC: do the clocks run?"


def _deadlines(waiting: list[Judged], now: datetime) -> list[datetime]:
    """The deadlines ahead. Whoever sets a new one wakes the clocks for it."""
    return [at for j in waiting for at in (j.decide_by, j.proposal.expires_at) if at and at > now]


def _next_steps(connection: sa.Connection, now: datetime) -> list[datetime]:
    """What is due after this look; what this look leaves over is due at once."""
    found = (clocks.next_after(connection, now), escalations.next_after(connection, now))
    return [at for at in found if at is not None]


def _end(door: Door, transaction: sa.Connection, judged: Judged) -> None:
    asked = judged.proposal
    record.about(transaction, "expired", asked, at=door.now, actor="system:clock")
    dues.wake_cycle(transaction, asked.action.cycle, door.now)


def _tell(door: Door, transaction: sa.Connection, judged: Judged) -> None:
    asked = judged.proposal
    if asked.action.kind == PACK_KIND and asked.action.campaign in door.rules.campaigns:
        return  # the approval stage has a clock of its own
    failure = _CLASS.get(asked.action.channel, "data")
    cause = Failure(failure, "warning", asked.id, AlertKind.DECISION, asked.action.campaign)
    known = escalations.load(transaction, cause.id)
    if known is not None and judged.decide_by and known.opened_at >= judged.decide_by:
        return  # somebody resolved it, knowing that the question is still open
    escalate(
        door,
        transaction,
        failure=failure,
        severity="warning",
        campaign=asked.action.campaign,
        cycle=asked.action.cycle,
        text=f"nobody has answered in time: {_title(asked.action.kind)}",
        key=asked.id,
        kind=AlertKind.DECISION,
    )


def _title(kind: str) -> str:
    known = KINDS.get(kind)
    return known.title.lower() if known else kind


def _answered(door: Door, transaction: sa.Connection, waiting: set[str]) -> None:
    """A late question that has its answer by now is nobody's trouble any more."""
    for row in escalations.of_kind(transaction, AlertKind.DECISION):
        if row.detail.get("key") not in waiting:
            in_hand.close(door, transaction, row, "system:clock", "it was answered, or expired")
