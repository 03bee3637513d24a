"""Reports: status, attention and changes as plain records, for the command line and others."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.core.governance.entry import Entry
from drumbeat.cycle import notebook
from drumbeat.files.entry import VERSION
from drumbeat.gate import phases
from drumbeat.gate.share import guest_of
from drumbeat.store import comments, cycles, escalations, holds, ledger, proposals, shares
from drumbeat.store.cycles import CycleRow

# What people call a change: something decided, done, stopped or told; not each step of a plan.
CHANGES = (
    "applied",
    "approved",
    "blocked",
    "cycle_done",
    "cycle_ended",
    "demoted",
    "edited",
    "escalated",
    "experiment_decided",
    "experiment_registered",
    "experiment_stopped",
    "expired",
    "froze",
    "held_back",
    "held_steady",
    "imported",
    "launched",
    "learned",
    "lifted",
    "move_checked",
    "move_fell_short",
    "observed",
    "opted_out",
    "refused",
    "rejected",
    "rolled_back",
    "unresolved",
)


def status(app: App) -> list[dict[str, Any]]:
    """One record a campaign: where its newest cycles stand and what they wait for."""
    with app.database.read() as connection:
        held = [(str(h.scope), str(h.mode), h.reason) for h in holds.in_force(connection)]
        in_force = phases.phases_of(app.gate.door, connection, app.files.campaigns)
        rows = {name: cycles.of_campaign(connection, name, 3) for name in app.files.campaigns}
        scores = {name: _score(connection, own) for name, own in rows.items()}
    found = []
    for name, campaign in app.files.campaigns.items():
        stopped = [m for s, m, _ in held if s in ("workspace", f"campaign:{name}")]
        found.append(
            {
                "campaign": name,
                "title": campaign.title,
                "owner": campaign.owner,
                "phase": str(in_force[name]),
                "held": stopped,
                "anomaly_score": scores[name],
                "cycles": [
                    {
                        "id": row.id,
                        "number": row.number,
                        "occurrence_at": row.occurrence_at.isoformat(),
                        "stage": row.stage,
                        "status": str(row.status),
                        "waiting": row.waiting,
                    }
                    for row in rows[name]
                ],
            }
        )
    return found


def _score(connection: sa.Connection, rows: list[CycleRow]) -> float | None:
    """The anomaly score at the last look, from 0 to 1: of the newest live cycle that had one."""
    live = (row for row in rows if row.stage == "monitoring")
    books = (notebook.load(connection, row.id) for row in live)
    return next((round(book.score, 3) for book in books if book and book.looks), None)


def attention(app: App) -> dict[str, list[dict[str, Any]]]:
    """What waits for a person, the most urgent first, and what has escalated."""
    now = app.clock.now()
    with app.database.read() as connection:
        waiting = proposals.waiting(connection)
        open_ones = escalations.all_open(connection)
    return {
        "decisions": [_decision(judged, now) for judged in waiting],
        "escalations": [
            {
                "id": row.id,
                "campaign": row.campaign,
                "failure": row.failure,
                "severity": row.severity,
                "owner": row.owner,
                "text": row.text,
                "due_at": row.due_at.isoformat() if row.due_at else None,
                "overdue": row.due_at is not None and row.due_at < now,
            }
            for row in open_ones
        ],
    }


def changes(
    app: App, since: timedelta | None = None, campaign: str = "", limit: int = 100
) -> list[dict[str, Any]]:
    """What changed, newest first: old and new, who, and why."""
    with app.database.read() as connection:
        found = ledger.latest(connection, kinds=CHANGES, campaign=campaign, limit=limit)
    after = app.clock.now() - since if since else None
    return [_change(entry) for entry in found if after is None or entry.at >= after]


def guests(app: App) -> list[dict[str, Any]]:
    """The links that were given to people without an account, the newest first, and the names
    their remarks carry."""
    with app.database.read() as connection:
        made, named = shares.everything(connection), comments.guests_by(connection)
    now = app.clock.now()
    return [
        {
            "id": one.id,
            "whom": one.whom,
            "campaign": one.campaign,
            "by": one.by,
            "until": one.until.isoformat(),
            "state": "taken back" if one.ended_at else "lapsed" if one.until <= now else "open",
            "names": named.get(guest_of(one), []),
        }
        for one in made
    ]


def is_overdue(found: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether anything that ``attention`` found is past its deadline."""
    return any(item["overdue"] for items in found.values() for item in items)


def _decision(judged: proposals.Judged, now: datetime) -> dict[str, Any]:
    asked = judged.proposal
    findings = [f.text for f in judged.verdict.findings if f.weight > 0]
    return {
        "id": asked.id,
        "campaign": asked.action.campaign,
        "kind": asked.action.kind,
        "target": asked.action.target,
        "why": asked.why,
        "asked_because": findings,
        "fingerprint": asked.fingerprint,
        "proposed_at": asked.proposed_at.isoformat(),
        "decide_by": judged.decide_by.isoformat() if judged.decide_by else None,
        "overdue": judged.decide_by is not None and judged.decide_by < now,
        "if_nothing": asked.if_nothing,
    }


def _shown(change: Any) -> dict[str, Any]:
    """The fields a person reads; a file's digests stay in the ledger."""
    return {name: pair for name, pair in dict(change).items() if name != VERSION}


def _change(entry: Entry) -> dict[str, Any]:
    body = entry.body
    return {
        "entry": entry.seq,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "actor": entry.actor,
        "campaign": entry.campaign,
        "action": body.get("action", ""),
        "target": body.get("target", entry.subject),
        "change": _shown(body.get("change", {})),
        "why": next(iter(_reasons(body)), ""),
    }


def _reasons(body: dict[str, Any]) -> Iterator[str]:
    return (str(body[k]) for k in ("reason", "why", "text", "outcome", "detail") if body.get(k))
