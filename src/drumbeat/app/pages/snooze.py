"""Snooze and delegation: who sees a waiting decision when, and whose it is; no answer to it."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from drumbeat.store import settings

_DELEGATED = "delegated"


def snoozed_by(connection: sa.Connection, account: str, now: datetime) -> dict[str, datetime]:
    """The proposals this person does not want to see before a later moment, and that moment."""
    kept = settings.get(connection, _key(account), {})
    until = {one: datetime.fromisoformat(at) for one, at in kept.items()}
    return {one: at for one, at in until.items() if at > now}


def snooze(
    transaction: sa.Connection, account: str, proposal: str, until: datetime, now: datetime
) -> None:
    """Hide one proposal from one person until then; what has come back is forgotten."""
    kept = settings.get(transaction, _key(account), {})
    fresh = {one: at for one, at in kept.items() if datetime.fromisoformat(at) > now}
    settings.put(transaction, _key(account), {**fresh, proposal: until.isoformat()})


def delegates(connection: sa.Connection) -> dict[str, str]:
    """The account each handed-over proposal was handed to."""
    kept: dict[str, str] = settings.get(connection, _DELEGATED, {})
    return kept


def delegate(
    transaction: sa.Connection, proposal: str, account: str, waiting: Collection[str]
) -> None:
    """Hand a proposal over; what no longer waits is forgotten."""
    kept = {one: to for one, to in delegates(transaction).items() if one in waiting}
    settings.put(transaction, _DELEGATED, {**kept, proposal: account})


def _key(account: str) -> str:
    return f"snoozed:{account}"
