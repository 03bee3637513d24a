"""Undoing: whether a change can be taken back, said in one sentence before and after it is made."""

from datetime import datetime
from typing import Any

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.budget_move import KIND as MOVE
from drumbeat.web.views.change import Way, WayBack
from drumbeat.web.views.decision import Undoing

_LAUNCH = "campaign.launch"


def undoing_of(action: Action, now: datetime) -> Undoing:
    """What a person may rely on when they approve."""
    if action.kind == _LAUNCH:
        text = "Yes: each mail, post and line item of it can be rolled back until it has gone out."
        return Undoing(True, text)
    kind = KINDS.get(action.kind)
    back = KINDS.get(kind.inverse) if kind and kind.inverse else None
    if back is None:
        return Undoing(False, f"No: {_what(action.kind)} cannot be taken back.")
    sent = gone_out(action.kind, action.after, now)
    if sent:
        return Undoing(False, f"No: {sent}.")
    if action.kind == MOVE:
        text = "Yes: one click proposes the move back, while all of it still is as it was made."
        return Undoing(True, text)
    if kind and kind.is_internal:
        return Undoing(True, "Yes: it can be set back the same way.")
    until = " until it has gone out" if _moment(action.after) else ""
    return Undoing(True, f"Yes, with one click{until}: {back.title.lower()}, to what is there now.")


def way_back(kind: str, change: dict[str, Any], change_id: str, now: datetime) -> WayBack:
    """How a change that was made can be taken back, from its ledger line alone."""
    if kind in (_LAUNCH, MOVE):
        return WayBack(Way.ROLL_BACK, change_id)
    known = KINDS.get(kind)
    if known is None or known.inverse is None:
        return WayBack(Way.NONE, text="cannot be taken back")
    if known.is_internal:
        return WayBack(Way.NONE, text="set it back the same way")
    after = {field: values[1] for field, values in change.items()}
    if sent := gone_out(kind, after, now):
        return WayBack(Way.NONE, text=sent)
    return WayBack(Way.ROLL_BACK, change_id)


def gone_out(kind: str, after: Any, now: datetime) -> str:
    """Why it is too late, in words; only mails cannot be called back once they are out."""
    at = after.get("send_at") if isinstance(after, dict) else None
    if kind != "email.schedule_send" or not isinstance(at, str):
        return ""
    return "already delivered" if datetime.fromisoformat(at) <= now else ""


def _moment(after: Any) -> bool:
    return isinstance(after, dict) and bool(after.get("send_at") or after.get("publish_at"))


def _what(kind: str) -> str:
    known = KINDS.get(kind)
    return known.title.lower() if known else kind
