"""Parts: the changes of line items that a move of money between campaigns is made of.

They are made from what the platforms were last known to hold, so that judging a move and carrying
it out speak of the same changes; each is held against the platform itself before it goes out.
"""

from datetime import timedelta

import sqlalchemy as sa

from drumbeat.core.campaign.exposure import exposure
from drumbeat.core.canonical import name
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.budget_move import Step
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.json_value import JsonValue
from drumbeat.gate.door import Door
from drumbeat.store import objects
from drumbeat.store.objects import LiveObject

# What a part is: the honest kind for a line item's budget.
PART = "ads.set_budget"
# A part that could not be made by then is not made any more.
_LIFE = timedelta(hours=24)


def current(door: Door, connection: sa.Connection, action: Action) -> JsonValue:
    """What the line items of a move may spend a day as we last knew them: nothing where one is
    paused or gone."""
    live = _live(door, connection, action)
    budgets = {
        one.target: int(live[one.target].state["daily_budget_minor"])
        for one in budget_move.steps(action)
        if one.target in live
    }
    # Both ways of a move name the side that got the money first by its campaign.
    return budget_move.state(action.campaign, budgets)


def parts_of(door: Door, connection: sa.Connection, whole: Proposal) -> tuple[Proposal, ...]:
    """What is lowered first; what is raised follows all of it. Raises ValueError where a line item
    is not there to be changed, or the move is none."""
    if why := budget_move.objection(whole.action):
        raise ValueError(why)
    live, steps = _live(door, connection, whole.action), budget_move.steps(whole.action)
    lowered = tuple(part_id(whole.id, one.target) for one in steps if one.by < 0)
    return tuple(
        _part(door, whole, one, live.get(one.target), lowered if one.by > 0 else ())
        for one in steps
    )


def part_id(whole: str, target: str) -> str:
    """The proposal that is the part of a move on one target: the same whenever it is made."""
    return name("prop", whole, target)


def _part(
    door: Door, whole: Proposal, step: Step, live: LiveObject | None, follows: tuple[str, ...]
) -> Proposal:
    if live is None:
        raise ValueError(f"{step.target} does not run")
    after = {**live.state, "daily_budget_minor": step.after}
    currency, now = whole.action.spend_delta.currency, door.now
    if live.state.get("currency") != currency:
        raise ValueError(f"{step.target} spends another currency than {currency}")
    action = Action(
        kind=PART,
        channel=Channel.ADS,
        connection=live.connection,
        campaign=live.campaign,
        target=step.target,
        before={**live.state, "daily_budget_minor": step.before},
        after=after,
        spend_delta=exposure(after, now, currency) - exposure(live.state, now, currency),
        cycle=live.cycle,
    )
    return Proposal(
        id=part_id(whole.id, step.target),
        action=action,
        by=whole.by,
        why=whole.why,
        proposed_at=now,
        expires_at=now + _LIFE,
        evidence=whole.evidence,
        confidence=whole.confidence,
        if_nothing=whole.if_nothing,
        part_of=whole.id,
        follows=follows,
    )


def _live(door: Door, connection: sa.Connection, action: Action) -> dict[str, LiveObject]:
    """The running line items of both sides, by target."""
    return {
        one.target: one
        for campaign in sorted(budget_move.sides(action))
        for one in objects.of_campaign(connection, campaign, after=door.now)
        if _runs(one)
    }


def _runs(one: LiveObject) -> bool:
    state = one.state if isinstance(one.state, dict) else {}
    return state.get("object") == "line_item" and state.get("status") == "active"
