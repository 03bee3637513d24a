"""Shadow: what people did while agents only proposed, and the verdicts on it."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.decision import Decision
from drumbeat.core.governance.shadow import ShadowCase
from drumbeat.store.shadow_tables import human_decision, shadow_case


def add_decisions(connection: sa.Connection, made: Iterable[Decision]) -> int:
    """Keep what people did; the same decision again changes nothing. Returns how many are new."""
    added = 0
    for one in made:
        known = sa.select(human_decision.c.id).where(human_decision.c.id == one.id)
        if connection.execute(known).first() is None:
            row = {"id": one.id, "campaign": one.campaign, "at": one.at, "body": one}
            connection.execute(human_decision.insert(), row)
            added += 1
    return added


def decisions(
    connection: sa.Connection, campaign: str, since: datetime | None = None
) -> list[Decision]:
    """What people did to a campaign, oldest first."""
    query = sa.select(human_decision.c.body).where(human_decision.c.campaign == campaign)
    if since is not None:
        query = query.where(human_decision.c.at >= since)
    ordered = query.order_by(human_decision.c.at, human_decision.c.id)
    return [Decision.model_validate(body) for (body,) in connection.execute(ordered)]


def replace_cases(connection: sa.Connection, campaign: str, judged: Iterable[ShadowCase]) -> None:
    """The campaign's cases, judged afresh with all that is known now."""
    connection.execute(shadow_case.delete().where(shadow_case.c.campaign == campaign))
    rows = [{"id": one.id, "campaign": campaign, "at": one.at, "body": one} for one in judged]
    if rows:
        connection.execute(shadow_case.insert(), rows)


def cases(
    connection: sa.Connection, campaign: str | None = None, since: datetime | None = None
) -> list[ShadowCase]:
    """The verdicts on a campaign's time in shadow (None: on every campaign's), oldest first:
    evidence for its autonomy."""
    query = sa.select(shadow_case.c.body)
    if campaign is not None:
        query = query.where(shadow_case.c.campaign == campaign)
    if since is not None:
        query = query.where(shadow_case.c.at >= since)
    ordered = query.order_by(shadow_case.c.at, shadow_case.c.id)
    return [ShadowCase.model_validate(body) for (body,) in connection.execute(ordered)]


def latest(connection: sa.Connection, limit: int) -> list[ShadowCase]:
    """The newest verdicts of all campaigns, the newest first."""
    query = sa.select(shadow_case.c.body).order_by(shadow_case.c.at.desc(), shadow_case.c.id)
    rows = connection.execute(query.limit(limit))
    return [ShadowCase.model_validate(body) for (body,) in rows]
