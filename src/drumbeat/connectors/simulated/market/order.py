"""Orders: what the market is asked to change, and the objects it keeps."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError

from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.canonical import digest
from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun


class Reply(Noun):
    """A public answer under a post. Targets: ``reply:<campaign>/<cycle>/<n>``."""

    object: Literal["reply"] = "reply"
    post: str = Field(description="the target of the post it answers under")
    text: str = Field(min_length=1)
    comment: str = ""


MarketObject = Send | LineItem | Post | Reply
SHAPES: dict[str, type[MarketObject]] = {
    "send": Send,
    "line_item": LineItem,
    "post": Post,
    "reply": Reply,
}


class Refusal(Exception):
    """The platform definitely did not do it, and why."""


class KeyConflict(Refusal):
    """The idempotency key was used before, for something else."""


@dataclass(frozen=True)
class Order:
    """Make ``target`` be ``after`` (fields left out stay as they are; None removes it)."""

    target: str
    after: JsonValue

    @property
    def digest(self) -> str:
        return digest([self.target, self.after])


@dataclass(frozen=True)
class Placed:
    """An order in the journal. ``at`` is in hours since the epoch."""

    seq: int
    key: str
    at: float
    order: Order

    @property
    def ref(self) -> str:
        """The platform's own name for what this order made."""
        return f"sim-{self.seq:06d}"


def shape(target: str) -> type[MarketObject]:
    """What kind of object a target names. Raises Refusal for an unknown kind."""
    kind, colon, rest = target.partition(":")
    if kind not in SHAPES or not colon or not rest:
        known = ", ".join(f"{k}:" for k in SHAPES)
        raise Refusal(f"no object is named {target!r}; targets start with {known}")
    return SHAPES[kind]


def campaign_of(target: str) -> str:
    """The campaign in a target's name."""
    return target.partition(":")[2].partition("/")[0]


def merged(target: str, before: MarketObject | None, after: JsonValue) -> MarketObject:
    """The object after an order. Raises Refusal when it has not the shape its target asks for."""
    kind = shape(target)
    if not isinstance(after, dict):
        raise Refusal(f"{target}: expected an object's fields, got {type(after).__name__}")
    known: dict[str, Any] = {} if before is None else before.model_dump(mode="json")
    try:
        return kind.model_validate({**known, **after})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "object"
        raise Refusal(f"{target}: {where}: {first['msg']}") from error
