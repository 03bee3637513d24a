"""Incidents: one story a trouble, and the timeline that agents and people both write to."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.operations.incident import Incident, IncidentNote
from drumbeat.store.trouble_tables import incident, incident_note


def open_one(connection: sa.Connection, made: Incident) -> bool:
    """Open it; False when it is open already. One that was over goes on where it stopped."""
    known = load(connection, made.id)
    if known is None:
        connection.execute(incident.insert(), made.model_dump())
        return True
    if not known.is_over:
        return False
    again = incident.update().where(incident.c.id == made.id)
    connection.execute(again.values(resolved_at=None))
    return True


def resolve(connection: sa.Connection, incident_id: str, at: datetime) -> bool:
    """End an incident; False where that was done before."""
    done = connection.execute(
        incident.update()
        .where(incident.c.id == incident_id, incident.c.resolved_at.is_(None))
        .values(resolved_at=at)
    )
    return done.rowcount == 1


def note(connection: sa.Connection, line: IncidentNote) -> None:
    """Add a line at the end of the timeline."""
    last = sa.select(sa.func.max(incident_note.c.number)).where(
        incident_note.c.incident == line.incident
    )
    number = (connection.execute(last).scalar() or 0) + 1
    connection.execute(incident_note.insert(), {"number": number, **line.model_dump()})


def load(connection: sa.Connection, incident_id: str) -> Incident | None:
    """One incident; None for an id nobody declared."""
    row = connection.execute(sa.select(incident).where(incident.c.id == incident_id))
    found = row.mappings().first()
    return Incident.model_validate(dict(found)) if found else None


def timeline(connection: sa.Connection, incident_id: str) -> list[IncidentNote]:
    """Every line, oldest first."""
    query = sa.select(
        incident_note.c.incident, incident_note.c.at, incident_note.c.actor, incident_note.c.text
    ).where(incident_note.c.incident == incident_id)
    rows = connection.execute(query.order_by(incident_note.c.number)).mappings()
    return [IncidentNote.model_validate(dict(row)) for row in rows]


def latest(
    connection: sa.Connection, *, campaign: str = "", open_only: bool = False, limit: int = 100
) -> list[Incident]:
    """The newest first."""
    query = sa.select(incident)
    if campaign:
        query = query.where(incident.c.campaign == campaign)
    if open_only:
        query = query.where(incident.c.resolved_at.is_(None))
    ordered = query.order_by(incident.c.opened_at.desc(), incident.c.id).limit(limit)
    return [Incident.model_validate(dict(row)) for row in connection.execute(ordered).mappings()]
