"""Trouble: promises, escalations and incidents as plain records, for the command line."""

from datetime import datetime
from importlib.resources import files as package_files
from typing import Any

from drumbeat.app.compose import App
from drumbeat.core.operations import sla_clock
from drumbeat.core.operations.sla_clock import SlaClock
from drumbeat.core.units import show_duration, show_percent
from drumbeat.store import clocks, escalations, incidents, notices, silences
from drumbeat.store.escalations import EscalationRow


def promises(app: App, *, campaign: str = "", everything: bool = False) -> list[dict[str, Any]]:
    """The clocks that run (or all there ever were), in the order they started."""
    now = app.clock.now()
    with app.database.read() as connection:
        found = list(clocks.started(connection, campaign=campaign, live=not everything))
    return [_clock(one, now) for one in found]


def promise(app: App, clock_id: str) -> dict[str, Any] | None:
    """One clock with its policy and what paused it; None when there is none."""
    with app.database.read() as connection:
        found = clocks.load(connection, clock_id)
    if found is None:
        return None
    return {
        **_clock(found, app.clock.now()),
        "policy": found.policy.model_dump(mode="json"),
        "policy_version": found.policy.version,
        "calendar": found.calendar.name,
        "paused_by": [str(one) for one in found.paused_by],
        "warned_at": [show_percent(share) for share in found.warned],
    }


def open_escalations(app: App, campaign: str = "") -> list[dict[str, Any]]:
    """What is not resolved, the most pressing first."""
    with app.database.read() as connection:
        rows = escalations.all_open(connection)
    return [_escalation(row) for row in rows if not campaign or row.campaign == campaign]


def silences_in_force(app: App) -> list[dict[str, Any]]:
    """The silences that have not ended, the one that ends first first."""
    with app.database.read() as connection:
        found = silences.in_force(connection, app.clock.now())
    return [one.model_dump(mode="json") for one in found]


def stories(app: App, *, campaign: str = "", open_only: bool = False) -> list[dict[str, Any]]:
    """Incidents, the newest first."""
    with app.database.read() as connection:
        found = incidents.latest(connection, campaign=campaign, open_only=open_only)
    return [one.model_dump(mode="json") for one in found]


def story(app: App, incident_id: str) -> dict[str, Any] | None:
    """One incident with its timeline, who was told, and the page that says what to do."""
    with app.database.read() as connection:
        found = incidents.load(connection, incident_id)
        if found is None:
            return None
        lines = incidents.timeline(connection, incident_id)
        rows = escalations.of_incident(connection, incident_id)
        told = [one for row in rows for one in notices.of_escalation(connection, row.id)]
    campaign = app.files.campaigns.get(found.campaign)
    return {
        **found.model_dump(mode="json"),
        "timeline": [line.model_dump(mode="json") for line in lines],
        "escalations": [_escalation(row) for row in rows],
        "told": [
            {"at": one.made_at.isoformat(), "person": one.person, "via": one.via,
             "state": str(one.state), "text": one.text}
            for one in told
        ],
        "what_to_do": runbook(found.runbook),
        "own_runbook": campaign.runbook if campaign else "",
    }  # fmt: skip


def runbook(name: str) -> str:
    """The shipped page of this name. Raises FileNotFoundError."""
    page = package_files("drumbeat.app") / "runbooks" / f"{name}.md"
    return page.read_text(encoding="utf-8")


def _clock(clock: SlaClock, now: datetime) -> dict[str, Any]:
    due_at = clock.breached_at or sla_clock.runs_out_at(clock)
    end = clock.stopped_at or now
    return {
        "id": clock.id,
        "stage": str(clock.policy.stage),
        "subject": clock.subject,
        "campaign": clock.campaign,
        "state": str(clock.state),
        "started_at": clock.started_at.isoformat(),
        "due_at": due_at.isoformat() if due_at else None,
        "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else None,
        "target": show_duration(clock.policy.target),
        "used": show_duration(sla_clock.used(clock, max(end, clock.since or end))),
        "overdue": clock.breached_at is not None and clock.stopped_at is None,
    }


def _escalation(row: EscalationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "campaign": row.campaign,
        "failure": row.failure,
        "severity": row.severity,
        "state": row.state,
        "owner": row.owner,
        "in_hand_of": row.answered_by,
        "text": row.text,
        "opened_at": row.opened_at.isoformat(),
        "next_step_at": row.next_at.isoformat() if row.next_at else None,
        "grouped_under": row.leader,
        "explained_by": row.inhibited_by,
        "incident": row.detail.get("incident", ""),
        "runbook": row.detail.get("runbook", ""),
    }
