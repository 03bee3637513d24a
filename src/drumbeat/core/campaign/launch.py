"""Launch: the difference between what is wanted and what is there, as typed actions.

Several changed fields of one live object become a chain: each step is the honest kind for what
it changes, and starts from the state the step before leaves. What takes money away comes first,
what adds it last, so that a chain cut short leaves less running, never more. The gate lets only
the first step of a chain through (the others are stale until it is done), so a stage submits
``next_steps`` and looks again.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Discriminator, JsonValue, TypeAdapter, ValidationError

from drumbeat.core.campaign.objects import LineItem, PlatformObject, Post, Send
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.money import Money

_READER: TypeAdapter[PlatformObject] = TypeAdapter(
    Annotated[PlatformObject, Discriminator("object")]
)
_DAY = timedelta(days=1)
State = Mapping[str, JsonValue]
Step = tuple[str, JsonValue]


class CannotDiffer(ValueError):
    """A launch cannot be computed: a target was not read back, or its state makes no sense."""


@dataclass(frozen=True)
class LaunchContext:
    """What the actions need beside the states.

    ``as_of`` is the instant exposure is counted from: the cycle's occurrence, not the clock, so
    that running the difference again names the same changes. ``now`` only tells what has already
    gone out. ``sizes`` are the people per segment.
    """

    campaign: str
    cycle: str
    connections: Mapping[Channel, str]
    currency: str
    as_of: datetime
    now: datetime
    sizes: Mapping[str, int]


def difference(
    wanted: Mapping[str, JsonValue], current: Mapping[str, JsonValue], context: LaunchContext
) -> tuple[Action, ...]:
    """The changes that turn ``current`` into ``wanted``, target by target, each chain in order.

    A wanted None removes the object. Targets only in ``current`` are left alone. Fields a
    platform does not report are taken to be as wanted. What has gone out already (a mail sent, a
    post published) is never made again. Raises CannotDiffer for a wanted target that was not
    read back, and for a state that is no object of ours.
    """
    actions: list[Action] = []
    for target in sorted(wanted):
        if target not in current:
            raise CannotDiffer(f"{target} was not read back; read it before launching")
        actions += _chain(target, wanted[target], current[target], context)
    return tuple(actions)


def next_steps(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The first step of every chain: those whose before-state is the state read back."""
    first: dict[str, Action] = {}
    for action in actions:
        first.setdefault(action.target, action)
    return tuple(first.values())


def approved_states(
    wanted: Mapping[str, JsonValue], actions: Iterable[Action]
) -> dict[str, tuple[str, ...]]:
    """For each target the digests of every state a launch may leave it in: those of the chain
    from the state read at sealing, and the wanted one."""
    states: dict[str, dict[str, None]] = {target: {} for target in wanted}
    for action in actions:
        states.setdefault(action.target, {})[digest(action.after)] = None
    for target, state in wanted.items():
        states[target][digest(state)] = None
    return {target: tuple(found) for target, found in states.items()}


def overdue(wanted: Mapping[str, JsonValue], now: datetime) -> tuple[str, ...]:
    """The targets whose moment has passed: mails and posts that would go out late."""
    moments = ((target, _goes_out_at(read_object(target, state))) for target, state in _set(wanted))
    return tuple(target for target, moment in moments if moment is not None and moment <= now)


def exposure(state: JsonValue, as_of: datetime, currency: str) -> Money:
    """The most an object can still spend: a running line item its daily budget for every day
    begun until its end, a post its boost, all else nothing."""
    match None if state is None else read_object("state", state):
        case LineItem(status="active") as item:
            days = max(0, math.ceil((item.until - as_of) / _DAY))
            return Money(minor=item.daily_budget_minor * days, currency=item.currency)
        case Post(boost_minor=boost) as post if boost:
            return Money(minor=boost, currency=post.currency or currency)
        case _:
            return Money.zero(currency)


def read_object(target: str, state: JsonValue) -> PlatformObject:
    """The object a state is the JSON of. Raises CannotDiffer, naming the target."""
    try:
        return _READER.validate_python(state)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise CannotDiffer(f"{target} has an unreadable state: {where}: {problem['msg']}") from None


def _chain(
    target: str, wanted: JsonValue, current: JsonValue, context: LaunchContext
) -> Iterator[Action]:
    there = _completed(wanted, current)
    if _same(target, wanted, there):
        return
    before = there
    for kind, after in _steps(target, wanted, there, context.now):
        yield _action(target, kind, before, after, context)
        before = after


def _completed(wanted: JsonValue, current: JsonValue) -> JsonValue:
    """What was read back, with the fields the platform keeps silent about as we want them."""
    if isinstance(wanted, dict) and isinstance(current, dict):
        return {**wanted, **current}
    return current


def _same(target: str, wanted: JsonValue, current: JsonValue) -> bool:
    """Equal as objects: 09:00Z and 10:00+01:00 are one instant, a missing default is a default."""
    if wanted is None or current is None:
        return wanted is current
    return read_object(target, wanted) == read_object(target, current)


def _steps(target: str, wanted: JsonValue, current: JsonValue, now: datetime) -> Iterator[Step]:
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
            raise CannotDiffer(f"{target} names no kind of object ({other!r})")


def _is_sent(state: JsonValue, now: datetime) -> bool:
    moment = state.get("send_at") if isinstance(state, dict) else None
    return isinstance(moment, str) and datetime.fromisoformat(moment) <= now


def _send_steps(wanted: JsonValue, there: PlatformObject | None, now: datetime) -> Iterator[Step]:
    if there is not None:
        if _has_gone_out(there, now):
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
        if there is not None and _has_gone_out(there, now):
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


Rule = Callable[[LineItem, LineItem], bool]


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
    ("ads.set_audience", ("segments", "exclude", "breadth"), _always),
    ("ads.set_creatives", ("creatives",), _always),
    ("ads.set_bid", ("bid_strategy", "target_cpa_minor"), _always),
    ("ads.extend_flight", ("until",), _ends_later),
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


def _goes_out_at(thing: PlatformObject) -> datetime | None:
    match thing:
        case Send(send_at=moment) | Post(publish_at=moment):
            return moment
        case _:
            return None


def _has_gone_out(thing: PlatformObject, now: datetime) -> bool:
    moment = _goes_out_at(thing)
    return moment is not None and moment <= now


def _set(states: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    return ((target, state) for target, state in states.items() if state is not None)


def _action(
    target: str, kind: str, before: JsonValue, after: JsonValue, context: LaunchContext
) -> Action:
    channel = Channel(kind.partition(".")[0])
    if channel not in context.connections:
        raise CannotDiffer(f"{target} needs a connection for {channel}; the campaign names none")
    spends = exposure(after, context.as_of, context.currency) - _released(before, context)
    return Action(
        kind=kind,
        channel=channel,
        connection=context.connections[channel],
        campaign=context.campaign,
        target=target,
        before=before,
        after=after,
        spend_delta=spends,
        audience_size=_reach(after, context.sizes),
        cycle=context.cycle,
    )


def _released(before: JsonValue, context: LaunchContext) -> Money:
    """What the state before could still spend; one that cannot be read in full gives no credit."""
    try:
        return exposure(before, context.as_of, context.currency)
    except CannotDiffer:
        return Money.zero(context.currency)


def _reach(state: JsonValue, sizes: Mapping[str, int]) -> int:
    segments = state.get("segments") if isinstance(state, dict) else None
    return sum(sizes.get(str(s), 0) for s in segments) if isinstance(segments, list) else 0
