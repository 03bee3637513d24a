"""Launch: the difference between what is wanted and what is there, as typed actions.

Several changed fields of one live object become a chain: each step is the honest kind for what
it changes, and starts from the state the step before leaves. The gate lets only the first step
of a chain through (the others are stale until it is done), so a stage submits ``next_steps`` and
looks again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from drumbeat.core.campaign.exposure import (
    UnreadableState,
    exposure,
    goes_out_at,
    read_object,
)
from drumbeat.core.campaign.steps import steps_to
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money


class CannotDiffer(ValueError):
    """A launch cannot be computed: a target was not read back, has no connection,
    or spends another currency."""


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
    read back or has no connection, UnreadableState for a state that is no object of ours.
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
    moments = ((target, goes_out_at(read_object(target, state))) for target, state in _set(wanted))
    return tuple(target for target, moment in moments if moment is not None and moment <= now)


def _chain(
    target: str, wanted: JsonValue, current: JsonValue, context: LaunchContext
) -> Iterator[Action]:
    there = _completed(wanted, current)
    if _same(target, wanted, there):
        return
    before = there
    for kind, after in steps_to(target, wanted, there, context.now):
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


def _set(states: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    return ((target, state) for target, state in states.items() if state is not None)


def _action(
    target: str, kind: str, before: JsonValue, after: JsonValue, context: LaunchContext
) -> Action:
    channel = Channel(kind.partition(".")[0])
    if channel not in context.connections:
        raise CannotDiffer(f"{target} needs a connection for {channel}; the campaign names none")
    spends = exposure(after, context.as_of, context.currency)
    if spends.currency != context.currency:
        raise CannotDiffer(f"{target} spends {spends.currency}, not {context.currency}")
    return Action(
        kind=kind,
        channel=channel,
        connection=context.connections[channel],
        campaign=context.campaign,
        target=target,
        before=before,
        after=after,
        spend_delta=spends - _released(before, context),
        audience_size=_reach(after, context.sizes),
        cycle=context.cycle,
    )


def _released(before: JsonValue, context: LaunchContext) -> Money:
    """What the state before could still spend; one that cannot be read in full, or is in another
    currency, gives no credit."""
    nothing = Money.zero(context.currency)
    try:
        spends = exposure(before, context.as_of, context.currency)
    except UnreadableState:
        return nothing
    return spends if spends.currency == context.currency else nothing


def _reach(state: JsonValue, sizes: Mapping[str, int]) -> int:
    segments = state.get("segments") if isinstance(state, dict) else None
    return sum(sizes.get(str(s), 0) for s in segments) if isinstance(segments, list) else 0
