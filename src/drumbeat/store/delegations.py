"""Delegations: who lent whom a say, until when."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.delegation import Delegation
from drumbeat.store import settings

_NAME = "delegations"


def in_force(connection: sa.Connection, now: datetime) -> list[Delegation]:
    """Those that have not run out, in the order they were given."""
    kept = (Delegation.model_validate(one) for one in settings.get(connection, _NAME, []))
    return [one for one in kept if now < one.until]


def add(connection: sa.Connection, made: Delegation, now: datetime) -> None:
    """Keep one more; what has run out is forgotten."""
    _put(connection, [*in_force(connection, now), made])


def end(
    connection: sa.Connection, giver: str, to: str, proposal: str, now: datetime
) -> list[Delegation]:
    """Take back what one person lent another, in one proposal or (empty) in general."""
    kept = in_force(connection, now)
    ended = [one for one in kept if (one.giver, one.to, one.proposal) == (giver, to, proposal)]
    _put(connection, [one for one in kept if one not in ended])
    return ended


def _put(connection: sa.Connection, kept: list[Delegation]) -> None:
    settings.put(connection, _NAME, [one.model_dump(mode="json") for one in kept])
