"""Effects: the outbox of changes that may be made, and the memory of what came of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from drumbeat.core.governance.receipt import Receipt
from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import effect, proposal


class EffectStatus(StrEnum):
    """``in_flight`` is written before the call: after a crash it means "may have happened".
    ``human``: what came of it cannot be told by looking, so a person must."""

    READY = "ready"
    HELD = "held"
    IN_FLIGHT = "in_flight"
    PENDING = "pending"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    HUMAN = "human"
    CANCELLED = "cancelled"


OPEN = (
    EffectStatus.READY,
    EffectStatus.HELD,
    EffectStatus.IN_FLIGHT,
    EffectStatus.PENDING,
    EffectStatus.UNKNOWN,
)


# Built once: the outbox is asked at every pump and every judgement.
_AT = effect.c.wake_at
_DUE = sa.select(effect).where(
    effect.c.status.in_(OPEN), effect.c.wake_at <= sa.bindparam("now", type_=_AT.type)
)
_DUE = _DUE.order_by(_AT, effect.c.permit).limit(sa.bindparam("most"))
_NEXT = sa.select(sa.func.min(_AT, type_=_AT.type)).where(effect.c.status.in_(OPEN))
_OF_CYCLE = sa.select(effect).where(effect.c.cycle == sa.bindparam("cycle"))
_OF_CYCLE = _OF_CYCLE.order_by(effect.c.permit)
_FINISHED = sa.and_(
    effect.c.status == EffectStatus.DONE,
    effect.c.finished_at >= sa.bindparam("since", type_=_AT.type),
)
_CHANGES = sa.select(effect).where(
    effect.c.target == sa.bindparam("target"), sa.or_(_FINISHED, effect.c.status.in_(OPEN))
)
_OTHERS = _CHANGES.with_only_columns(effect.c.proposal, effect.c.finished_at)
_OTHERS = _OTHERS.join(proposal, proposal.c.id == effect.c.proposal)
_OTHERS = _OTHERS.where(
    proposal.c.kind == sa.bindparam("kind"), proposal.c.id != sa.bindparam("but")
)
_KNOWN = Prepared(sa.select(effect.c.permit).where(effect.c.permit == sa.bindparam("wanted")))
_LOAD = sa.select(effect).where(effect.c.permit == sa.bindparam("wanted"))
_OF_PROPOSAL = sa.select(effect).where(effect.c.proposal == sa.bindparam("asked"))
_ADD = effect.insert()
_ONE = effect.update().where(effect.c.permit == sa.bindparam("moved"))
_MOVE = _ONE.where(effect.c.status == sa.bindparam("seen"))
_TRY = sa.bindparam("try", type_=effect.c.attempt.type)
_REDEEM = _ONE.where(
    effect.c.status == EffectStatus.IN_FLIGHT, effect.c.attempt == _TRY, effect.c.redeemed < _TRY
)
_REDEEM = _REDEEM.values(redeemed=_TRY)
_MINE = effect.c.campaign == sa.bindparam("among")
_ENDED = sa.select(effect).where(
    _MINE, effect.c.finished_at > sa.bindparam("since", type_=_AT.type)
)
_ENDED = _ENDED.order_by(effect.c.finished_at.desc(), effect.c.permit)
_ENDED_OF = _ENDED.where(effect.c.target.startswith(sa.bindparam("kind")))


@dataclass(frozen=True)
class Effect:
    """One change on its way. ``permit`` is its number and idempotency key."""

    permit: str
    proposal: str
    fingerprint: str
    connection: str
    campaign: str
    cycle: str
    target: str
    status: EffectStatus
    attempt: int
    redeemed: int
    wake_at: datetime | None
    first_attempt_at: datetime | None
    last_attempt_at: datetime | None
    was_unknown: bool
    receipt: Receipt | None
    finished_at: datetime | None


def add(connection: sa.Connection, row: dict[str, Any]) -> None:
    """Put a change into the outbox; one that is there already stays as it is."""
    if _KNOWN.first(connection, wanted=row["permit"]) is None:
        first = {"attempt": 0, "redeemed": 0, "was_unknown": False, "receipt": None}
        connection.execute(_ADD, {**first, **row})


def load(connection: sa.Connection, permit: str) -> Effect | None:
    """The change a permit was given for; None for a permit nobody gave."""
    return _one(connection.execute(_LOAD, {"wanted": permit}))


def of_proposal(connection: sa.Connection, proposal_id: str) -> Effect | None:
    """The change that was made, or is to be made, of a proposal; None where there is none."""
    return _one(connection.execute(_OF_PROPOSAL, {"asked": proposal_id}))


def due(connection: sa.Connection, now: datetime, limit: int = 100) -> list[Effect]:
    """The open effects whose time has come, oldest first."""
    rows = connection.execute(_DUE, {"now": now, "most": limit})
    return [_effect(row) for row in rows]


def next_wake(connection: sa.Connection) -> datetime | None:
    """When the next open effect wants looking at; None when none does."""
    return connection.execute(_NEXT).scalar()


def of_cycle(connection: sa.Connection, cycle: str) -> list[Effect]:
    """Every change of a cycle, however it ended."""
    return [_effect(row) for row in connection.execute(_OF_CYCLE, {"cycle": cycle})]


def move(
    connection: sa.Connection, permit: str, seen: EffectStatus, to: EffectStatus, **values: Any
) -> bool:
    """Compare-and-set the status; False when it is no longer ``seen``."""
    given = {"moved": permit, "seen": seen, "status": to, **values}
    return connection.execute(_MOVE, given).rowcount == 1


def redeem(connection: sa.Connection, permit: str, attempt: int) -> bool:
    """Take the permit for this attempt, once; False when it was taken or is not in flight."""
    return connection.execute(_REDEEM, {"moved": permit, "try": attempt}).rowcount == 1


def wake_held(connection: sa.Connection, now: datetime) -> None:
    """Let what a freeze stopped be judged again."""
    held = effect.update().where(effect.c.status == EffectStatus.HELD)
    connection.execute(held.values(status=EffectStatus.READY, wake_at=now))


def changes_of(connection: sa.Connection, target: str, since: datetime) -> list[Effect]:
    """Changes of a target that were finished since then, or are on their way."""
    rows = connection.execute(_CHANGES, {"target": target, "since": since})
    return [_effect(row) for row in rows]


def others_of(
    connection: sa.Connection, target: str, kind: str, since: datetime, but: str
) -> list[tuple[str, datetime | None]]:
    """The proposals of such changes of one kind, ``but`` one of them, each with when it ended."""
    given = {"target": target, "since": since, "kind": kind, "but": but}
    return [(proposed, at) for proposed, at in connection.execute(_OTHERS, given)]


_LAST_CHANGED = (
    sa.select(
        effect.c.target,
        sa.type_coerce(sa.func.max(effect.c.finished_at), effect.c.finished_at.type),
    )
    .join(proposal, proposal.c.id == effect.c.proposal)
    .where(
        effect.c.campaign == sa.bindparam("mine"),
        effect.c.status == EffectStatus.DONE,
        proposal.c.kind != "ads.extend_flight",
    )
    .group_by(effect.c.target)
)


def last_changed(connection: sa.Connection, campaign: str) -> dict[str, datetime]:
    """When each target of a campaign was last changed in what it does. A flight that only lives on
    is no change: no platform learns anew from it."""
    rows = connection.execute(_LAST_CHANGED, {"mine": campaign})
    return {target: at for target, at in rows if at is not None}


def _one(rows: sa.Result[Any]) -> Effect | None:
    row = rows.first()
    return _effect(row) if row else None


def _effect(row: Any) -> Effect:
    fields = dict(row._mapping)
    fields["status"] = EffectStatus(fields["status"])
    return Effect(**fields)


def finished(
    connection: sa.Connection, campaign: str, since: datetime, *, kind: str = ""
) -> list[Effect]:
    """A campaign's effects that ended after ``since``, the newest first; ``kind``: only those on
    targets whose name starts so, such as "line_item:"."""
    given = {"among": campaign, "since": since}
    query, given = (_ENDED_OF, {**given, "kind": kind}) if kind else (_ENDED, given)
    return [_effect(row) for row in connection.execute(query, given)]


def newest(connection: sa.Connection, campaign: str) -> Effect | None:
    """The campaign's last change that was made."""
    mine = effect.c.campaign == campaign, effect.c.status == EffectStatus.DONE
    query = sa.select(effect).where(*mine).order_by(effect.c.finished_at.desc(), effect.c.permit)
    row = connection.execute(query.limit(1)).first()
    return _effect(row) if row else None


def last_changes(
    connection: sa.Connection, targets: Collection[str], since: datetime
) -> list[Effect]:
    """The newest finished change of each of these targets, and every one finished since then."""
    done = effect.c.status == EffectStatus.DONE
    later = sa.select(effect).where(done, effect.c.finished_at > since)
    found = {row.permit: _effect(row) for row in connection.execute(later)}
    if targets:
        among = sa.select(effect).where(done, effect.c.target.in_(sorted(targets)))
        rows = connection.execute(among.order_by(effect.c.finished_at, effect.c.permit))
        newest = {row.target: _effect(row) for row in rows}
        found |= {one.permit: one for one in newest.values()}
    return list(found.values())


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many effects stand at each status."""
    query = sa.select(effect.c.status, sa.func.count()).group_by(effect.c.status)
    return {row[0]: row[1] for row in connection.execute(query)}
