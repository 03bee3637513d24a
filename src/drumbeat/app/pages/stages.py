"""Stages: a cycle as a timeline: what each stage made, when, and the SLA time used of allowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.core.campaign.sla import Sla
from drumbeat.core.governance.entry import Entry
from drumbeat.cycle.cycle import NAMES
from drumbeat.store import ledger, proposals
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.views.campaign import StageRow, StageState

# The entry that ends each stage. Optimization ends with monitoring's figures.
ENDS = {
    "briefed": "intake",
    "planned": "planning",
    "built": "building",
    "reviewed": "compliance",
    "launched": "launch",
    "measured": "monitoring",
    "learned": "learning",
}
_WHO = {
    "intake": "intake",
    "planning": "planner",
    "building": "builder",
    "compliance": "reviewer",
    "approval": "people",
    "launch": "launcher",
    "monitoring": "monitor",
    "optimization": "optimizer",
    "learning": "optimizer",
}
_LAUNCH = "campaign.launch"


@dataclass(frozen=True)
class Past:
    """What the ledger says of a cycle: the entry that ended each stage, and the launch's asking."""

    ended: Mapping[str, Entry]
    opened_at: datetime
    asked: Judged | None


def past_of(connection: sa.Connection, row: CycleRow, entries: list[Entry]) -> Past:
    """A cycle's past, read from its entries (the oldest first) and proposals. Without any entry it
    counts as opened when it entered its present stage."""
    found = proposals.of_cycle(connection, row.id)
    asked = next((one for one in found if one.proposal.action.kind == _LAUNCH), None)
    ended = {ENDS[entry.kind]: entry for entry in entries if entry.kind in ENDS}
    answers = [
        one
        for one in entries
        if one.kind in ("approved", "rejected", "expired")
        and asked is not None
        and one.subject == asked.proposal.id
    ]
    if answers:
        ended["approval"] = answers[-1]
    if "monitoring" in ended:
        ended["optimization"] = ended["monitoring"]
    return Past(ended, entries[0].at if entries else row.entered_at, asked)


def entries_of(connection: sa.Connection, cycle: str) -> list[Entry]:
    """Everything the ledger says of a cycle, oldest first."""
    return list(ledger.entries(connection, cycle=cycle))


def stages_of(ground: Ground, row: CycleRow, past: Past) -> tuple[StageRow, ...]:
    """The nine stages in order; what lies ahead has neither text nor time."""
    campaign = ground.campaigns.get(row.campaign)
    allowed = _allowed(campaign.sla) if campaign else {}
    rows, began = [], past.opened_at
    for name in NAMES:
        entry = past.ended.get(name)
        rows.append(_stage(ground, row, past, name, began, allowed.get(name)))
        began = entry.at if entry else began
    return tuple(rows)


def _stage(
    ground: Ground,
    row: CycleRow,
    past: Past,
    name: str,
    began: datetime,
    allowed: timedelta | None,
) -> StageRow:
    entry = past.ended.get(name)
    state = _state(ground, row, name, entry, began, allowed)
    used = None
    if entry is not None and allowed is not None:
        used = entry.at - began
    elif state in (StageState.NOW, StageState.WAITING, StageState.LATE) and allowed is not None:
        used = ground.now - began
    waits = past.asked if name == "approval" else None
    is_asked = waits is not None and waits.status is Status.WAITING
    return StageRow(
        stage=name.capitalize(),
        who=_WHO[name],
        state=state,
        text=_text(ground, row, name, entry),
        at=entry.at if entry else None,
        used=used,
        allowed=allowed if used is not None else None,
        proposal_id=waits.proposal.id if waits and is_asked else "",
    )


def _state(
    ground: Ground,
    row: CycleRow,
    name: str,
    entry: Entry | None,
    began: datetime,
    allowed: timedelta | None,
) -> StageState:
    if entry is not None or NAMES.index(name) < NAMES.index(row.stage):
        return StageState.DONE
    if row.status is not CycleStatus.OPEN or name != row.stage:
        return StageState.AHEAD
    if allowed is not None and ground.now - began > allowed:
        return StageState.LATE
    return StageState.WAITING if name == "approval" else StageState.NOW


def _text(ground: Ground, row: CycleRow, name: str, entry: Entry | None) -> str:
    if entry is None:
        return row.waiting if name == row.stage else ""
    body: Mapping[str, Any] = entry.body
    match name:
        case "planning":
            return f"{body.get('theme')}, {body.get('angle')}: {body.get('why')}"
        case "building":
            return made_of(body)
        case "compliance":
            found = body.get("findings") or []
            return (
                f"{body.get('rules')} rules, {len(found)} finding{'s' if len(found) != 1 else ''}"
            )
        case "approval":
            return f"{entry.kind} by {ground.actor(entry.actor).name}"
        case _:
            return _result(name, body)


def _result(name: str, body: Mapping[str, Any]) -> str:
    match name:
        case "intake":
            return f"{len(body.get('lessons') or [])} lessons carried over"
        case "launch":
            return f"{len(body.get('live') or [])} live, {len(body.get('missing') or [])} missing"
        case "learning":
            return "; ".join(map(str, body.get("lessons") or [])) or "nothing clear enough"
        case _:
            return ""


def made_of(body: Mapping[str, Any]) -> str:
    """``1 mail, 2 line items``: what the builder made."""
    counted = (("sends", "mail"), ("line_items", "line item"), ("posts", "post"))
    parts = [(int(body.get(key) or 0), noun) for key, noun in counted]
    return ", ".join(f"{n} {noun}{'s' if n != 1 else ''}" for n, noun in parts if n)


def _allowed(sla: Sla) -> dict[str, timedelta]:
    return {
        "planning": sla.plan,
        "compliance": sla.qa,
        "approval": sla.approve,
        "launch": sla.launch,
    }
