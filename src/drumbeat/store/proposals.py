"""Proposals: what was asked of the gate, what it said, and who answered."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from drumbeat.core.governance.approval import Approval
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Verdict
from drumbeat.store.columns import Json
from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import approval, proposal

# Built once: every judgement asks.
_LOAD = Prepared(sa.select(proposal).where(proposal.c.id == sa.bindparam("wanted")))
_OF_TARGET = Prepared(
    sa.select(proposal)
    .where(proposal.c.target == sa.bindparam("about"))
    .order_by(proposal.c.proposed_at.desc())
    .limit(1)
)
_DROP = Prepared(proposal.delete().where(proposal.c.id == sa.bindparam("dropped")))
_ADD = proposal.insert()


class Status(StrEnum):
    """Where a proposal stands. Only ``waiting`` can be answered; ``agreed`` is approved and can
    still be undone, because it takes effect a little later."""

    WAITING = "waiting"
    AGREED = "agreed"
    ALLOWED = "allowed"
    APPROVED = "approved"
    REJECTED = "rejected"
    DENIED = "denied"
    OBSERVED = "observed"
    EXPIRED = "expired"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Judged:
    """A proposal with the gate's answer and its present status.

    ``acts_at`` is when it takes effect unless somebody undoes the approval, or objects.
    """

    proposal: Proposal
    verdict: Verdict
    status: Status
    policy: str
    decide_by: datetime | None
    decided_at: datetime | None
    decided_by: str
    reason: str
    acts_at: datetime | None = None


_OF = proposal.c.campaign == sa.bindparam("among")
_IS_WAITING = proposal.c.status == Status.WAITING
_WAITING = sa.select(proposal).where(_IS_WAITING)
_WAITING = _WAITING.order_by(proposal.c.decide_by, proposal.c.proposed_at, proposal.c.id)
_ALL_WAITING, _WAITING_OF = Prepared(_WAITING), Prepared(_WAITING.where(_OF))
_MANY = sa.select(proposal).where(proposal.c.id.in_(sa.bindparam("among", expanding=True)))
_PENDING = sa.select(proposal.c.body).where(
    _OF, proposal.c.status.in_((Status.WAITING, Status.AGREED))
)
_LATE = sa.select(proposal).where(
    _IS_WAITING, proposal.c.expires_at <= sa.bindparam("now", type_=proposal.c.expires_at.type)
)
_SETTLE = proposal.update().where(
    proposal.c.id == sa.bindparam("settled"), proposal.c.status == Status.WAITING
)
_APPROVALS = sa.select(approval.c.body).where(approval.c.proposal == sa.bindparam("answered"))
_APPROVALS_BY_USE = {
    None: Prepared(_APPROVALS),
    False: Prepared(_APPROVALS.where(approval.c.used_at.is_(None))),
    True: Prepared(_APPROVALS.where(approval.c.used_at.is_not(None))),
}
_USE = approval.update().where(
    approval.c.proposal == sa.bindparam("answered"), approval.c.used_at.is_(None)
)
_USE = _USE.values(used_at=sa.bindparam("moment", type_=approval.c.used_at.type))


def load(connection: sa.Connection, proposal_id: str) -> Judged | None:
    """A proposal as it was judged and stands; None for an id nobody proposed."""
    row = _LOAD.first(connection, wanted=proposal_id)
    return read(row) if row else None


def of_target(connection: sa.Connection, target: str) -> Judged | None:
    """The newest proposal about a target."""
    row = _OF_TARGET.first(connection, about=target)
    return read(row) if row else None


def save(connection: sa.Connection, judged: Judged) -> None:
    """Insert, or judge again what was denied or only observed before."""
    asked = judged.proposal
    _DROP.run(connection, dropped=asked.id)
    connection.execute(
        _ADD,
        {
            "id": asked.id,
            "fingerprint": asked.fingerprint,
            "campaign": asked.action.campaign,
            "cycle": asked.action.cycle,
            "kind": asked.action.kind,
            "target": asked.action.target,
            "status": judged.status,
            "body": asked,
            "verdict": judged.verdict,
            "policy": judged.policy,
            "proposed_at": asked.proposed_at,
            "expires_at": asked.expires_at,
            "decide_by": judged.decide_by,
            "acts_at": judged.acts_at,
            "decided_at": judged.decided_at,
            "decided_by": judged.decided_by,
            "reason": judged.reason,
        },
    )


def settle(
    connection: sa.Connection,
    proposal_id: str,
    status: Status,
    *,
    at: datetime,
    by: str,
    reason: str = "",
    acts_at: datetime | None = None,
) -> bool:
    """End the waiting; False when somebody else did so first."""
    ended = {"status": status, "decided_at": at, "decided_by": by, "reason": reason}
    given = {"settled": proposal_id, **ended, "acts_at": acts_at}
    return connection.execute(_SETTLE, given).rowcount == 1


def leave_hold(
    connection: sa.Connection, proposal_id: str, status: Status, reason: str | None = None
) -> bool:
    """End an approval's undo hold; False when it is not in one. Waiting again, nobody decided."""
    values: dict[str, Any] = {"status": status, "acts_at": None}
    if status is Status.WAITING:
        values |= {"decided_at": None, "decided_by": "", "reason": ""}
    elif reason is not None:
        values |= {"reason": reason}
    agreed = proposal.update().where(
        proposal.c.id == proposal_id, proposal.c.status == Status.AGREED
    )
    return connection.execute(agreed.values(**values)).rowcount == 1


def put_off(connection: sa.Connection, proposal_id: str, acts_at: datetime | None) -> None:
    """Let it take effect at another moment, or (None) not by itself."""
    changed = proposal.update().where(proposal.c.id == proposal_id)
    connection.execute(changed.values(acts_at=acts_at))


# Built once: it is asked at every pump.
_ACTING = sa.select(proposal.c.id).where(
    proposal.c.acts_at <= sa.bindparam("now", type_=proposal.c.acts_at.type)
)
_ACTING = _ACTING.order_by(proposal.c.acts_at, proposal.c.id)
_NEXT_ACTING = sa.select(sa.type_coerce(sa.func.min(proposal.c.acts_at), proposal.c.acts_at.type))


def acting(connection: sa.Connection, now: datetime) -> list[str]:
    """The ids of what takes effect by itself by now."""
    return list(connection.execute(_ACTING, {"now": now}).scalars())


def is_undoable(connection: sa.Connection, by: str, since: datetime) -> bool:
    """Whether ``by`` has approved something since then that can still be undone."""
    mine = proposal.c.status == Status.AGREED, proposal.c.decided_by == by
    query = sa.select(proposal.c.id).where(*mine, proposal.c.decided_at >= since).limit(1)
    return connection.execute(query).first() is not None


def next_acting(connection: sa.Connection) -> datetime | None:
    """When the next proposal takes effect by itself."""
    return connection.execute(_NEXT_ACTING).scalar()


def note_policy(connection: sa.Connection, proposal_id: str, policy: str) -> None:
    """The policy version under which people agreed."""
    changed = proposal.update().where(proposal.c.id == proposal_id)
    connection.execute(changed.values(policy=policy))


def expire(connection: sa.Connection, now: datetime) -> list[Judged]:
    """End what nobody answered in time; returns it."""
    late = [read(row) for row in connection.execute(_LATE, {"now": now})]
    for judged in late:
        settle(connection, judged.proposal.id, Status.EXPIRED, at=now, by="system:clock")
    return late


def waiting(connection: sa.Connection, campaign: str = "") -> list[Judged]:
    """What people still have to answer, the most urgent first."""
    query, given = (_WAITING_OF, {"among": campaign}) if campaign else (_ALL_WAITING, {})
    return [read(row) for row in query.all(connection, **given)]


def pending(connection: sa.Connection, campaign: str) -> list[Proposal]:
    """What waits for people, or is approved and can still be undone."""
    rows = connection.execute(_PENDING, {"among": campaign})
    return [body for (body,) in rows]


def of_cycle(connection: sa.Connection, cycle: str) -> list[Judged]:
    """Everything proposed in a cycle, the oldest first."""
    query = sa.select(proposal).where(proposal.c.cycle == cycle)
    ordered = query.order_by(proposal.c.proposed_at, proposal.c.id)
    return [read(row) for row in connection.execute(ordered)]


def add_approval(connection: sa.Connection, given: Approval) -> None:
    """Keep one person's approval, unused. A second one of the same id is an error."""
    row = {"id": given.id, "proposal": given.proposal, "body": given}
    connection.execute(approval.insert(), row)


def approvals(
    connection: sa.Connection, proposal_id: str, *, used: bool | None = False
) -> list[Approval]:
    """The approvals of a proposal: unused ones, used ones, or (None) both."""
    rows = _APPROVALS_BY_USE[used].all(connection, answered=proposal_id)
    return [body for (body,) in rows]


def withdraw_approvals(connection: sa.Connection, proposal_id: str, person: str) -> int:
    """Take back this person's unused approvals; the ledger keeps that they were given."""
    mine = [a.id for a in approvals(connection, proposal_id) if a.person == person]
    if mine:
        connection.execute(approval.delete().where(approval.c.id.in_(mine)))
    return len(mine)


def use_approvals(connection: sa.Connection, proposal_id: str, at: datetime) -> None:
    """Consume them: an approval lets one change through, once."""
    connection.execute(_USE, {"answered": proposal_id, "moment": at})


def read(row: Any) -> Judged:
    """A row of the table as it was judged."""
    return Judged(
        proposal=row.body,
        verdict=row.verdict,
        status=Status(row.status),
        policy=row.policy,
        decide_by=row.decide_by,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        acts_at=row.acts_at,
    )


def many(connection: sa.Connection, ids: Collection[str]) -> dict[str, Judged]:
    """The proposals of these ids that there are."""
    rows = connection.execute(_MANY, {"among": sorted(ids)}) if ids else ()
    return {row.id: read(row) for row in rows}


def bodies(connection: sa.Connection, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The proposals' JSON as it is kept, unchecked: for lists that only quote from it."""
    body = sa.type_coerce(proposal.c.body, Json).label("body")
    query = sa.select(proposal.c.id, body).where(proposal.c.id.in_(sorted(ids)))
    return {row.id: row.body for row in connection.execute(query)} if ids else {}


def agreed(connection: sa.Connection, ids: Collection[str]) -> frozenset[str]:
    """Those of the proposals that were approved and have not taken effect: they can be undone."""
    held = proposal.c.id.in_(sorted(ids)), proposal.c.status == Status.AGREED
    query = sa.select(proposal.c.id).where(*held)
    return frozenset(connection.execute(query).scalars()) if ids else frozenset()


def answers(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """How many proposals people answered, by (campaign, status)."""
    wanted = proposal.c.decided_by.like("person:%")
    query = sa.select(proposal.c.campaign, proposal.c.status, sa.func.count()).where(wanted)
    grouped = query.group_by(proposal.c.campaign, proposal.c.status)
    return {(row[0], row[1]): row[2] for row in connection.execute(grouped)}


def answered_since(connection: sa.Connection, since: datetime) -> list[Judged]:
    """What people answered from then on, oldest first."""
    wanted = proposal.c.decided_at >= since, proposal.c.decided_by.like("person:%")
    query = sa.select(proposal).where(*wanted).order_by(proposal.c.decided_at, proposal.c.id)
    return [read(row) for row in connection.execute(query)]


def of_kind(connection: sa.Connection, kind: str, since: datetime) -> list[Judged]:
    """Every proposal of an action kind made from then on, oldest first."""
    wanted = proposal.c.kind == kind, proposal.c.proposed_at >= since
    query = sa.select(proposal).where(*wanted).order_by(proposal.c.proposed_at, proposal.c.id)
    return [read(row) for row in connection.execute(query)]


def by_actor(connection: sa.Connection, actor: str, since: datetime) -> list[Judged]:
    """What one actor (``system:freeze``) proposed from then on, oldest first."""
    query = sa.select(proposal).where(proposal.c.proposed_at >= since)
    ordered = query.order_by(proposal.c.proposed_at, proposal.c.id)
    found = (read(row) for row in connection.execute(ordered))
    return [one for one in found if str(one.proposal.by) == actor]


def denied(connection: sa.Connection, since: datetime) -> list[Judged]:
    """What was proposed from then on and may not happen as things stand, oldest first."""
    query = sa.select(proposal).where(
        proposal.c.proposed_at >= since, proposal.c.status == Status.DENIED
    )
    ordered = query.order_by(proposal.c.proposed_at, proposal.c.id)
    return [read(row) for row in connection.execute(ordered)]


class AnsweredAgent(NamedTuple):
    """A person's answer to an agent, in so many words as drift is judged by."""

    at: datetime
    kind: str
    channel: str
    status: Status


@cache
def _latest_answered(one_kind: bool) -> sa.Select[Any]:
    wanted: list[sa.ColumnElement[bool]] = [proposal.c.decided_by.like("person:%")]
    wanted += [proposal.c.kind == sa.bindparam("of")] if one_kind else []
    newest = proposal.c.decided_at.desc(), proposal.c.id
    number = sa.func.row_number().over(partition_by=proposal.c.kind, order_by=newest)
    ranked = sa.select(proposal.c.id, number.label("number")).where(*wanted).subquery()
    columns = proposal.c.decided_at, proposal.c.kind, proposal.c.status, proposal.c.body
    query = sa.select(*columns).join(ranked, ranked.c.id == proposal.c.id)
    return query.where(ranked.c.number <= sa.bindparam("most"))


def latest_answered(
    connection: sa.Connection, limit: int, kind: str = ""
) -> Iterator[AnsweredAgent]:
    """What people answered agents last, of the latest ``limit`` answers a kind, or of one kind."""
    for row in connection.execute(_latest_answered(bool(kind)), {"most": limit, "of": kind}):
        if row.body.by.is_agent:
            channel = str(row.body.action.channel)
            yield AnsweredAgent(row.decided_at, row.kind, channel, Status(row.status))


def standings(connection: sa.Connection, since: datetime, until: datetime) -> dict[str, int]:
    """How many of the proposals made in [since, until) stand at each status."""
    wanted = proposal.c.proposed_at >= since, proposal.c.proposed_at < until
    query = sa.select(proposal.c.status, sa.func.count()).where(*wanted)
    return {row[0]: row[1] for row in connection.execute(query.group_by(proposal.c.status))}


def answered_between(connection: sa.Connection, since: datetime, until: datetime) -> list[Judged]:
    """What people answered in [since, until), oldest first."""
    at = proposal.c.decided_at
    wanted = at >= since, at < until, proposal.c.decided_by.like("person:%")
    query = sa.select(proposal).where(*wanted).order_by(at, proposal.c.id)
    return [read(row) for row in connection.execute(query)]


def observed(connection: sa.Connection, campaign: str, since: datetime) -> list[Judged]:
    """What was only recorded of a campaign from then on: what would have been done."""
    wanted = proposal.c.campaign == campaign, proposal.c.proposed_at >= since
    query = sa.select(proposal).where(*wanted, proposal.c.status == Status.OBSERVED)
    ordered = query.order_by(proposal.c.proposed_at, proposal.c.id)
    return [read(row) for row in connection.execute(ordered)]
