"""Steps: how one object goes from the state it is in to the state wanted, kind by kind.

What takes money away comes first, what adds it last, so that a chain cut short leaves less
running, never more.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from drumbeat.core.campaign.exposure import (
    UnreadableState,
    has_gone_out,
    read_object,
)
from drumbeat.core.campaign.objects import LineItem, PlatformObject, Post, Send
from drumbeat.core.json_value import JsonValue

Step = tuple[str, JsonValue]
Rule = Callable[[LineItem, LineItem], bool]


def steps_to(target: str, wanted: JsonValue, current: JsonValue, now: datetime) -> Iterator[Step]:
    """The kinds of change, each with the state it leaves, in a safe order. Nothing for what has
    gone out already. Raises UnreadableState for a state that is no object of ours."""
    if wanted is None:
        yield from _removal(target, current, now)
        return
    there = None if current is None else read_object(target, current)
    match read_object(target, wanted):
        case Send():
            yield from _send_steps(wanted, there, now)
        case LineItem() as goal:
            yield from _line_steps(wanted, goal, current, there)
        case Post() as goal:
            yield from _post_steps(wanted, goal, current, there, now)


def _removal(target: str, current: JsonValue, now: datetime) -> Iterator[Step]:
    """How a target is taken away. Its name tells what it is: a read-back may be sparse."""
    match target.partition(":")[0]:
        case "send":
            if not _is_sent(current, now):
                yield "email.cancel_send", None
        case "line_item":
            yield "ads.remove_line_item", None
        case "post":
            yield "social.delete_post", None
        case other:
            raise UnreadableState(f"{target} names no kind of object ({other!r})")


def _is_sent(state: JsonValue, now: datetime) -> bool:
    moment = state.get("send_at") if isinstance(state, dict) else None
    return isinstance(moment, str) and datetime.fromisoformat(moment) <= now


def _send_steps(wanted: JsonValue, there: PlatformObject | None, now: datetime) -> Iterator[Step]:
    if there is not None:
        if has_gone_out(there, now):
            return
        yield "email.cancel_send", None
    yield "email.schedule_send", wanted


def _post_steps(
    wanted: JsonValue,
    goal: Post,
    current: JsonValue,
    there: PlatformObject | None,
    now: datetime,
) -> Iterator[Step]:
    state = current
    boosted = there.boost_minor if isinstance(there, Post) else 0
    if there is None or _changes(goal, there, "boost_minor", "currency"):
        if there is not None and has_gone_out(there, now):
            return
        if there is not None:
            yield "social.delete_post", None
        state, boosted = _with(wanted, boost_minor=0), 0
        yield "social.schedule_post", state
    if goal.boost_minor != boosted:
        kind = "social.boost_post" if goal.boost_minor else "social.stop_boost"
        yield kind, wanted


def _line_steps(
    wanted: JsonValue,
    goal: LineItem,
    current: JsonValue,
    there: PlatformObject | None,
) -> Iterator[Step]:
    if not isinstance(there, LineItem) or _differs(goal, there, ("name", "currency")):
        # A name or a currency cannot be changed in place: that is another line item.
        if there is not None:
            yield "ads.remove_line_item", None
        yield "ads.launch_line_item", wanted
        return
    state = current
    for kind, fields, applies in _LINE_ORDER:
        if applies(goal, there) and _differs(goal, there, fields):
            state = _with(state, **{field: _json_of(wanted, goal, field) for field in fields})
            yield kind, state


def _always(goal: LineItem, there: LineItem) -> bool:
    return True


def _pauses(goal: LineItem, there: LineItem) -> bool:
    return goal.status == "paused"


def _enables(goal: LineItem, there: LineItem) -> bool:
    return goal.status == "active"


def _costs_less(goal: LineItem, there: LineItem) -> bool:
    return goal.daily_budget_minor < there.daily_budget_minor


def _costs_more(goal: LineItem, there: LineItem) -> bool:
    return goal.daily_budget_minor > there.daily_budget_minor


def _ends_sooner(goal: LineItem, there: LineItem) -> bool:
    return goal.until < there.until


def _ends_later(goal: LineItem, there: LineItem) -> bool:
    return goal.until > there.until


_LINE_ORDER: tuple[tuple[str, tuple[str, ...], Rule], ...] = (
    ("ads.pause", ("status",), _pauses),
    ("ads.set_budget", ("daily_budget_minor",), _costs_less),
    ("ads.extend_flight", ("until",), _ends_sooner),
    ("ads.set_audience", ("segments", "exclude", "breadth", "trial"), _always),
    ("ads.set_creatives", ("creatives",), _always),
    ("ads.set_placements", ("placements",), _always),
    ("ads.set_bid", ("bid_strategy", "target_cpa_minor"), _always),
    ("ads.extend_flight", ("until",), _ends_later),
    ("ads.set_budget", ("pacing",), _always),
    ("ads.set_budget", ("daily_budget_minor",), _costs_more),
    ("ads.enable", ("status",), _enables),
)


def _differs(goal: PlatformObject, there: PlatformObject, fields: Iterable[str]) -> bool:
    return any(getattr(goal, field) != getattr(there, field) for field in fields)


def _changes(goal: PlatformObject, there: PlatformObject, *but: str) -> bool:
    return _differs(goal, there, type(goal).model_fields.keys() - set(but))


def _json_of(wanted: JsonValue, goal: LineItem, field: str) -> JsonValue:
    if isinstance(wanted, dict) and field in wanted:
        return wanted[field]
    value: JsonValue = goal.model_dump(mode="json")[field]
    return value


def _with(state: JsonValue, **fields: JsonValue) -> JsonValue:
    assert isinstance(state, dict)
    return {**state, **fields}
