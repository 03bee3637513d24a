"""Budgets: what is promised under each cap, and by which proposal."""

from collections.abc import Collection

import sqlalchemy as sa

from drumbeat.store.tables import budget, reservation


def committed(connection: sa.Connection, scope: str) -> int:
    """Minor units promised in this scope so far."""
    query = sa.select(budget.c.committed_minor).where(budget.c.scope == scope)
    return connection.execute(query).scalar() or 0


def reserve(
    connection: sa.Connection, proposal: str, scopes: tuple[str, ...], minor: int, currency: str
) -> None:
    """Promise ``minor`` units in every scope, once a proposal."""
    for scope in scopes:
        mine = reservation.c.proposal == proposal, reservation.c.scope == scope
        if connection.execute(sa.select(reservation.c.minor).where(*mine)).first():
            continue
        row = {"proposal": proposal, "scope": scope, "minor": minor}
        connection.execute(reservation.insert(), row)
        _add(connection, scope, minor, currency)


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


def reserved_by(connection: sa.Connection, proposal: str) -> dict[str, int]:
    """What a proposal has reserved so far, by scope."""
    query = sa.select(reservation.c.scope, reservation.c.minor)
    rows = connection.execute(query.where(reservation.c.proposal == proposal))
    return {row.scope: row.minor for row in rows}


def committed_of(connection: sa.Connection, scopes: Collection[str]) -> dict[str, int]:
    """Minor units promised in each of these scopes; a scope nobody used is left out."""
    query = sa.select(budget.c.scope, budget.c.committed_minor)
    rows = connection.execute(query.where(budget.c.scope.in_(sorted(scopes)))) if scopes else ()
    return {row[0]: row[1] for row in rows}
