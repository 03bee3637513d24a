"""Undo hold: how long an approval can be taken back before it takes effect."""

from datetime import datetime, timedelta

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import lowers_risk
from drumbeat.core.governance.matrix import ActionMatrix, Row
from drumbeat.core.json_value import JsonValue

# A long hold never costs a launch its moment: it ends this long before it, or is a short one.
_LEAD = timedelta(hours=1)
_MOMENTS = ("starts_at", "send_at", "publish_at")


def takes_effect_at(action: Action, matrix: ActionMatrix, now: datetime) -> datetime:
    """When an approval given ``now`` takes effect. What lowers risk never waits."""
    if lowers_risk(action):
        return now
    row = matrix.row(action.kind)
    own = row.undo_hold if isinstance(row, Row) else None
    hold = matrix.undo_hold if own is None else own
    moment = _moment(action.after)
    if moment is not None and now + hold > moment - _LEAD:
        hold = min(hold, matrix.undo_hold)
    return now + hold


def _moment(after: JsonValue) -> datetime | None:
    """When the change reaches people, where it says so."""
    values = (after.get(field) for field in _MOMENTS) if isinstance(after, dict) else ()
    return next((datetime.fromisoformat(at) for at in values if isinstance(at, str)), None)
