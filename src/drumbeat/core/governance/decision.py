"""Decision: what an agent wanted, or what a person did, in a form in which the two can be held
against each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.budget_move import RECEIVES
from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

# Kinds that have a direction by themselves: more for the target, or less.
_MORE = frozenset(
    {
        "ads.launch_line_item",
        "ads.enable",
        "email.schedule_send",
        "social.schedule_post",
        "social.boost_post",
    }
)
_LESS = frozenset(
    {
        "ads.pause",
        "ads.remove_line_item",
        "email.cancel_send",
        "social.delete_post",
        "social.stop_boost",
    }
)
# The fields that say how much a target gets.
MONEY = ("daily_budget_minor", "boost_minor", RECEIVES)
# What names an object or its home is no choice anybody made.
_NO_CHOICE = frozenset({"object", "name", "currency", "utm_campaign"})


class Decision(Noun):
    """One choice about one target.

    ``direction``: 1 gives the target more, -1 less, 0 is neither. ``size``: how much, as a share
    of what it had (0.2: a fifth); None where that cannot be said. ``sets`` holds the fields that
    were chosen. ``source`` says where it is known from: a proposal, a read-back, a line of a file.
    """

    id: str
    at: Moment
    by: str
    campaign: str
    kind: str
    channel: str
    target: str
    direction: int = Field(default=0, ge=-1, le=1)
    size: float | None = None
    sets: dict[str, JsonValue] = Field(default={})
    why: str = ""
    source: str = ""

    @property
    def push(self) -> float:
        """Direction and size in one: what the target gets more or less, as a share."""
        return self.direction * (1.0 if self.size is None else abs(self.size))

    @property
    def told(self) -> str:
        """The decision in a few words."""
        what = self.kind.partition(".")[2].replace("_", " ") or self.kind
        sized = f" {self.direction * abs(self.size):+.0%}" if self.size is not None else ""
        return f"{what}{sized}"


def of_action(action: Action, *, at: datetime, by: str, why: str = "", source: str) -> Decision:
    """An action as the decision it is."""
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    size = _size(before, after)
    return Decision(
        id=name("dec", action.fingerprint, by, at),
        at=at,
        by=by,
        campaign=action.campaign,
        kind=action.kind,
        channel=str(action.channel),
        target=action.target,
        direction=direction_of(action.kind, size),
        size=abs(size) if size is not None else None,
        sets={
            field: value
            for field, value in after.items()
            if field not in _NO_CHOICE and before.get(field) != value
        },
        why=why,
        source=source,
    )


def direction_of(kind: str, size: float | None) -> int:
    """Whether a kind, or the sign of its size, gives a target more (1), less (-1) or neither."""
    if kind in _MORE:
        return 1
    if kind in _LESS:
        return -1
    return 0 if not size else (1 if size > 0 else -1)


def _size(before: Mapping[str, Any], after: Mapping[str, Any]) -> float | None:
    for field in MONEY:
        was, now = before.get(field), after.get(field)
        if was and now is not None and was != now:
            return float(now / was - 1.0)
    return None
