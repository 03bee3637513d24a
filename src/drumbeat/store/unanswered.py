"""Unanswered: counts and pages of what waits for people, and by when."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.core.governance import budget_move
from drumbeat.store.proposals import Judged, Status, read
from drumbeat.store.tables import proposal


def _still(campaigns: Collection[str] | None, skip: Collection[str]) -> list[Any]:
    wanted = [proposal.c.status == Status.WAITING]
    if campaigns is not None:
        # A move of money is asked of both sides: its target names who gives.
        gives = (
            proposal.c.target.startswith(budget_move.target_of(one, ""), autoescape=True)
            for one in sorted(campaigns)
        )
        wanted.append(sa.or_(proposal.c.campaign.in_(sorted(campaigns)), *gives))
    if skip:
        wanted.append(proposal.c.id.not_in(sorted(skip)))
    return wanted


def count_waiting(
    connection: sa.Connection,
    *,
    campaigns: Collection[str] | None = None,
    skip: Collection[str] = (),
) -> int:
    """How many wait for an answer; ``campaigns`` None means all, ``skip`` leaves some out."""
    query = sa.select(sa.func.count()).select_from(proposal).where(*_still(campaigns, skip))
    return connection.execute(query).scalar() or 0


def waiting_page(
    connection: sa.Connection,
    *,
    limit: int,
    offset: int = 0,
    campaigns: Collection[str] | None = None,
    skip: Collection[str] = (),
) -> list[Judged]:
    """A page of what waits, the most urgent first; see ``count_waiting``."""
    ordered = proposal.c.decide_by, proposal.c.proposed_at, proposal.c.id
    query = sa.select(proposal).where(*_still(campaigns, skip)).order_by(*ordered)
    return [read(row) for row in connection.execute(query.limit(limit).offset(offset))]


def waiting_kinds(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """How many wait by (campaign, action kind)."""
    query = sa.select(proposal.c.campaign, proposal.c.kind, sa.func.count())
    grouped = query.where(*_still(None, ())).group_by(proposal.c.campaign, proposal.c.kind)
    return {(row[0], row[1]): row[2] for row in connection.execute(grouped)}


def next_deadlines(connection: sa.Connection) -> dict[str, datetime | None]:
    """The nearest deadline of each campaign with something waiting."""
    soonest = sa.type_coerce(sa.func.min(proposal.c.decide_by), proposal.c.decide_by.type)
    query = sa.select(proposal.c.campaign, soonest).where(*_still(None, ()))
    return {row[0]: row[1] for row in connection.execute(query.group_by(proposal.c.campaign))}
