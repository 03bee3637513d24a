"""Exposure: an object read from its JSON, and the most it can still spend."""

import math
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Discriminator, TypeAdapter, ValidationError

from drumbeat.core.campaign.objects import LineItem, PlatformObject, Post, Send
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money

_READER: TypeAdapter[PlatformObject] = TypeAdapter(
    Annotated[PlatformObject, Discriminator("object")]
)
_DAY = timedelta(days=1)


class UnreadableState(ValueError):
    """A state is not the JSON of any object of ours."""


def read_object(target: str, state: JsonValue) -> PlatformObject:
    """The object a state is the JSON of. Raises UnreadableState, naming the target."""
    try:
        return _READER.validate_python(state)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise UnreadableState(
            f"{target} has an unreadable state: {where}: {problem['msg']}"
        ) from None


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


def goes_out_at(thing: PlatformObject) -> datetime | None:
    """When it reaches people; None for what runs on (a line item)."""
    match thing:
        case Send(send_at=moment) | Post(publish_at=moment):
            return moment
        case _:
            return None


def has_gone_out(thing: PlatformObject, now: datetime) -> bool:
    """Whether people may have seen it by now: a mail or post whose moment has come."""
    moment = goes_out_at(thing)
    return moment is not None and moment <= now
