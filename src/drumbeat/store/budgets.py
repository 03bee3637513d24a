"""Budgets: what is promised under each cap, and by which proposal."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.store.tables import budget, reservation


def committed(connection: sa.Connection, scope: str, now: datetime) -> int:
    """Minor units promised in this scope so far, without what has come free by ``now``."""
    return committed_of(connection, (scope,), now).get(scope, 0)


def committed_of(
    connection: sa.Connection, scopes: Collection[str], now: datetime
) -> dict[str, int]:
    """Minor units promised in each of these scopes; a scope nobody used is left out."""
    if not scopes:
        return {}
    among = sorted(scopes)
    query = sa.select(budget.c.scope, budget.c.committed_minor)
    rows = connection.execute(query.where(budget.c.scope.in_(among)))
    promised = {row.scope: int(row.committed_minor) for row in rows}
    free = sa.select(reservation.c.scope, sa.func.sum(reservation.c.minor))
    freed = free.where(reservation.c.scope.in_(among), reservation.c.free_at <= now)
    for scope, minor in connection.execute(freed.group_by(reservation.c.scope)):
        promised[scope] -= int(minor)
    return promised


def reserve(
    connection: sa.Connection,
    proposal: str,
    scopes: tuple[str, ...],
    minor: int,
    currency: str,
    at: datetime,
) -> None:
    """Promise ``minor`` units in every scope, once a proposal; one that was freed counts again."""
    for scope in scopes:
        mine = reservation.c.proposal == proposal, reservation.c.scope == scope
        kept = reservation.update().where(*mine).values(free_at=None)
        if connection.execute(kept).rowcount:
            continue
        row = {"proposal": proposal, "scope": scope, "minor": minor, "at": at, "free_at": None}
        connection.execute(reservation.insert(), row)
        _add(connection, scope, minor, currency)


def free_later(connection: sa.Connection, proposal: str, after: timedelta) -> None:
    """A change was taken back: what it promised comes free only ``after`` it was promised, so that
    promising and cancelling in turn cannot slip under a limit."""
    mine = reservation.c.proposal == proposal
    query = sa.select(reservation.c.scope, reservation.c.at).where(mine)
    for scope, at in list(connection.execute(query)):
        one = reservation.update().where(mine, reservation.c.scope == scope)
        connection.execute(one.values(free_at=at + after))


def promised_since(connection: sa.Connection, owner: str, since: datetime, but_for: str) -> int:
    """Minor units promised after that moment under the caps of ``owner`` (``campaign:<id>``), each
    promise once, whatever became of it, leaving out one proposal's own."""
    query = sa.select(reservation.c.proposal, sa.func.max(reservation.c.minor)).where(
        reservation.c.scope.startswith(f"{owner}/", autoescape=True),
        reservation.c.at > since,
        reservation.c.proposal != but_for,
    )
    rows = connection.execute(query.group_by(reservation.c.proposal))
    return sum(int(minor) for _, minor in rows)


def release(connection: sa.Connection, proposal: str, currency: str) -> None:
    """Give back what a proposal reserved, because it was refused and nothing was spent."""
    query = sa.select(reservation.c.scope, reservation.c.minor)
    for scope, minor in list(connection.execute(query.where(reservation.c.proposal == proposal))):
        _add(connection, scope, -minor, currency)
    connection.execute(reservation.delete().where(reservation.c.proposal == proposal))


def _add(connection: sa.Connection, scope: str, minor: int, currency: str) -> None:
    known = budget.update().where(budget.c.scope == scope)
    more = known.values(committed_minor=budget.c.committed_minor + minor)
    if connection.execute(more).rowcount == 0:
        row = {"scope": scope, "currency": currency, "committed_minor": minor}
        connection.execute(budget.insert(), row)


def reserved_by(connection: sa.Connection, proposal: str, now: datetime) -> dict[str, int]:
    """What a proposal has reserved so far and not freed by ``now``, by scope."""
    query = sa.select(reservation.c.scope, reservation.c.minor, reservation.c.free_at)
    rows = connection.execute(query.where(reservation.c.proposal == proposal))
    return {row.scope: row.minor for row in rows if row.free_at is None or row.free_at > now}
