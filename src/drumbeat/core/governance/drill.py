"""Drill: a change that is plainly wrong, shown to somebody who asked to be tested now and then.

People who approve all day stop reading. Nothing here can be carried out: a drill is no proposal, no
function that submits, approves or dispatches knows it, and its only trace is whether it was caught.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from drumbeat.core.canonical import digest, name
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.money import Money

PREFIX = "drill"
_TIMES = 10


@dataclass(frozen=True)
class Spoilt:
    """An action nobody should agree to; ``flaw`` says what is wrong with it, ``why`` how it is
    put to the person."""

    action: Action
    why: str
    flaw: str


@dataclass(frozen=True)
class Thing:
    """Something live that a drill can be about."""

    target: str
    campaign: str
    cycle: str
    channel: Channel
    connection: str
    state: Mapping[str, Any]
    went_out_at: datetime


def is_due(account: str, day: date, one_in: int) -> bool:
    """Whether this is one of the person's days: one in so many, the same whenever it is asked."""
    return draw(account, day, one_in) == 0


def draw(account: str, day: date, count: int) -> int:
    """A number below ``count`` that the person and the day alone decide."""
    return int(digest([PREFIX, account, day.isoformat(), count])[:12], 16) % count


def id_of(account: str, day: date) -> str:
    """The name of an account's drill of a day: the same whenever it is asked."""
    return name(PREFIX, account, day.isoformat())


def spoilt(thing: Thing, at: datetime, currency: str) -> Spoilt | None:
    """The thing with ten times its budget, or once more, at night, to the same people; None where
    neither can be said of it. ``at`` is the night's moment."""
    budget = thing.state.get("daily_budget_minor")
    if isinstance(budget, int) and budget > 0:
        return _tenfold(thing, budget, currency)
    for field, kind in (("send_at", "email.schedule_send"), ("publish_at", "social.schedule_post")):
        if field in thing.state:
            return _again(thing, kind, field, at, currency)
    return None


def _tenfold(thing: Thing, budget: int, currency: str) -> Spoilt:
    more = Money(minor=budget * (_TIMES - 1), currency=currency)
    after = {**thing.state, "daily_budget_minor": budget * _TIMES}
    return Spoilt(
        _action(thing, "ads.set_budget", thing.target, dict(thing.state), after, more),
        "the cost of a conversion has been steady; a little more budget should bring more of them",
        f"the new daily budget is {_TIMES} times the old one, which nothing shown supports",
    )


def _again(thing: Thing, kind: str, field: str, at: datetime, currency: str) -> Spoilt:
    after = {**thing.state, field: at.isoformat()}
    target = f"{thing.target}-again"
    return Spoilt(
        _action(thing, kind, target, None, after, Money.zero(currency)),
        "it did well the last time; those who missed it may like it as much",
        f"it went out on {thing.went_out_at:%b} {thing.went_out_at.day} already, word for word, "
        "and would go out again in the middle of the night",
    )


def _action(thing: Thing, kind: str, target: str, before: Any, after: Any, spend: Money) -> Action:
    return Action(
        kind=kind,
        channel=thing.channel,
        connection=thing.connection,
        campaign=thing.campaign,
        cycle=thing.cycle,
        target=target,
        before=before,
        after=after,
        spend_delta=spend,
    )
