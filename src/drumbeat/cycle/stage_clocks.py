"""Stage clocks: what the SLA clocks hear when a cycle moves from stage to stage."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.cycle.desk import Desk
from drumbeat.gate import in_hand, sla
from drumbeat.store import clocks, effects, escalations
from drumbeat.store.effects import OPEN
from drumbeat.store.escalations import EscalationRow

_ENTERED: Mapping[str, Milestone] = {
    "intake": Milestone.CYCLE_OPENED,
    "compliance": Milestone.ASSETS_LOCKED,
    "approval": Milestone.ASKED,
    "launch": Milestone.APPROVED,
}
_LEFT: Mapping[str, Milestone] = {
    "planning": Milestone.PLANNED,
    "compliance": Milestone.CHECKED,
    "approval": Milestone.ANSWERED,
    "launch": Milestone.LAUNCHED,
}


def begins(desk: Desk, transaction: sa.Connection) -> None:
    """The first stage waits: the clocks run from the moment the cycle was opened."""
    milestone = _ENTERED.get(desk.cycle.stage)
    if milestone is Milestone.CYCLE_OPENED:
        _hear(desk, transaction, milestone, desk.cycle.entered_at)


def waits(desk: Desk, transaction: sa.Connection) -> None:
    """The stage goes on waiting. A launch that is ready before its moment is not late."""
    begins(desk, transaction)
    if desk.cycle.stage == "launch":
        is_ahead = _is_ahead(desk, transaction)
        milestone = Milestone.AHEAD_OF_TIME if is_ahead else Milestone.ITS_TIME
        _hear(desk, transaction, milestone, desk.now)


def _is_ahead(desk: Desk, transaction: sa.Connection) -> bool:
    """Whether all that is left waits for its own moment, and nothing had to be tried again."""
    left = [one for one in effects.of_cycle(transaction, desk.cycle.id) if one.status in OPEN]
    fresh = [one for one in left if one.attempt == 0 and one.wake_at and one.wake_at > desk.now]
    return bool(left) and len(fresh) == len(left)


def moves(desk: Desk, transaction: sa.Connection, following: str) -> None:
    """The stage is finished: its clock stops, the next one starts, its troubles are over."""
    begins(desk, transaction)
    for milestone in (_LEFT.get(desk.cycle.stage), _ENTERED.get(following)):
        if milestone is not None:
            _hear(desk, transaction, milestone, desk.now)
    _settle(desk, transaction, f"{desk.cycle.stage} is done")


def ends(desk: Desk, transaction: sa.Connection) -> None:
    """The cycle is over, one way or the other: nothing of it can be late any more."""
    begins(desk, transaction)
    left = _LEFT.get(desk.cycle.stage)
    for milestone in (left, Milestone.CYCLE_OVER):
        if milestone is not None:
            _hear(desk, transaction, milestone, desk.now)
    _settle(desk, transaction, "the cycle is over")


def _settle(desk: Desk, transaction: sa.Connection, why: str) -> None:
    """What was stuck here goes on, and what was late is done: both are resolved by that."""
    stuck = f"{desk.cycle.id}/{desk.cycle.stage}"
    for row in escalations.of_cycle(transaction, desk.cycle.id):
        if row.detail.get("key") == stuck or _is_done_late(transaction, row):
            in_hand.close(desk.office.gate.door, transaction, row, "system:cycle", why)


def _is_done_late(transaction: sa.Connection, row: EscalationRow) -> bool:
    if row.kind != AlertKind.SLA:
        return False
    clock = clocks.load(transaction, str(row.detail.get("key")).removeprefix("sla/"))
    return clock is not None and clock.stopped_at is not None


def _hear(desk: Desk, transaction: sa.Connection, milestone: Milestone, at: datetime) -> None:
    sla.hear(
        desk.office.gate.door,
        transaction,
        milestone,
        subject=f"cycle:{desk.cycle.id}",
        campaign=desk.campaign.campaign,
        cycle=desk.cycle.id,
        at=at,
    )
