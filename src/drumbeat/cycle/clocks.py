"""Clocks: ends what nobody answered in time, and tells the owner what is late."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from drumbeat.cycle.desk import Office
from drumbeat.gate import record
from drumbeat.gate.door import CLOCKS
from drumbeat.gate.escalate import escalate
from drumbeat.store import dues, proposals
from drumbeat.store.proposals import Judged

SUBJECT = CLOCKS
# Which failure an unanswered approval is, by the channel it would have acted on.
_CLASS = {"ads": "budget", "email": "copy", "social": "copy", "workspace": "copy"}

Commit = Callable[[Callable[[sa.Connection], None], datetime | None], None]


def look(office: Office, commit: Commit) -> None:
    """One look at everything that waits for a person."""
    now = office.now
    with office.database.read() as connection:
        waiting = proposals.waiting(connection)
    late = [j for j in waiting if j.decide_by is not None and j.decide_by <= now]

    def write(transaction: sa.Connection) -> None:
        for judged in proposals.expire(transaction, now):
            _end(office, transaction, judged)
        for judged in late:
            _tell(office, transaction, judged)

    commit(write, _next_look(waiting, now))


def _next_look(waiting: list[Judged], now: datetime) -> datetime | None:
    """The earliest deadline ahead. Whoever sets a new one wakes the clocks for it."""
    ahead = [at for j in waiting for at in (j.decide_by, j.proposal.expires_at) if at and at > now]
    return min(ahead, default=None)


def _end(office: Office, transaction: sa.Connection, judged: Judged) -> None:
    asked = judged.proposal
    record.about(transaction, "expired", asked, at=office.now, actor="system:clock")
    if asked.action.cycle:
        dues.poke(transaction, f"cycle:{asked.action.cycle}", office.now)


def _tell(office: Office, transaction: sa.Connection, judged: Judged) -> None:
    asked = judged.proposal
    escalate(
        office.gate.door,
        transaction,
        failure=_CLASS.get(asked.action.channel, "data"),
        severity="warning",
        campaign=asked.action.campaign,
        cycle=asked.action.cycle,
        text=f"nobody has answered {asked.action.kind} ({asked.id}) in time",
        key=asked.id,
    )
