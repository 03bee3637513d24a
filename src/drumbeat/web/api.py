"""API: the router of the typed JSON interface, and how views become JSON.

Views are dataclasses of typed values; pydantic writes them out, so that the description of the
API is made from the same types the pages are drawn from.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from drumbeat.web.guard import GuardedRoute
from drumbeat.web.verbs import Answer, Refused

Cursor = Annotated[str, Query(max_length=200, description="the `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str, Query(max_length=100)]

FieldName = Annotated[str, Field(max_length=200)]
FieldText = Annotated[str, Field(max_length=10_000)]

_PROBLEMS: dict[int | str, dict[str, object]] = {
    401: {"description": "Nobody is signed in"},
    403: {"description": "Not this person's to do, or not from our own site"},
    404: {"description": "There is no such thing"},
    409: {"description": "It is no longer so"},
    412: {"description": "It is no longer what If-Match names"},
    428: {"description": "Say what was seen: fingerprint or If-Match"},
    422: {"description": "The request was not understood"},
}


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Decided(BaseModel):
    """What an order did; until ``undo_until`` the decision may be taken back."""

    text: str
    decision_id: str = ""
    undo_until: str | None = None


class Order(BaseModel):
    """What every order says: why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2000)


class AnswerOrder(Order):
    """An answer is bound to the fingerprint of what was seen: here, or as ``If-Match`` with the
    ETag that reading the decision gave."""

    fingerprint: str = Field(default="", max_length=200)


class RejectOrder(AnswerOrder):
    """A no to exactly what was seen. ``code`` is the id of one of the decision's ``reject_codes``;
    empty is ``other``."""

    code: str = Field(default="", max_length=100)


class EditOrder(AnswerOrder):
    """Other values by the names of the decision's ``edits``: an amount, or a launch's words. Those
    left out stay; the reason is what the agents learn from."""

    values: dict[FieldName, FieldText] = Field(min_length=1, max_length=500)
    code: str = Field(default="", max_length=100)


class FreezeOrder(Order):
    """``scope`` is a campaign's id; empty means everything."""

    scope: str = Field(default="", max_length=200)


class StartOrder(BaseModel):
    """A hypothesis of the library, to be tested on this campaign."""

    model_config = ConfigDict(extra="forbid")

    campaign: str = Field(max_length=200)
    hypothesis: str = Field(max_length=200)


class RollbackOrder(Order):
    """``fingerprint`` names the plan that was seen."""

    fingerprint: str = Field(max_length=200)


def api_room() -> APIRouter:
    """A router of guarded JSON endpoints under /api/v1."""
    responses = {
        status: {**said, "model": Problem, "content": {"application/problem+json": {}}}
        for status, said in _PROBLEMS.items()
    }
    return APIRouter(prefix="/api/v1", route_class=GuardedRoute, responses=responses)


def reason_of(order: Order) -> str:
    """The reason of an order that takes one. Raises 422 without."""
    if not order.reason.strip():
        raise HTTPException(422, "Say why: the reason is kept with it.")
    return order.reason


def told(answer: Answer) -> Decided:
    """What was done. Raises the refusal with its status."""
    if isinstance(answer, Refused):
        raise HTTPException(answer.status, answer.reason)
    until = answer.undo_until.isoformat() if answer.undo_until else None
    return Decided(text=answer.text, decision_id=answer.decision_id, undo_until=until)
