"""Trouble: one escalation with its story, what to do about it, and the people's answers to it."""

from typing import Annotated

from fastapi import Form, Query, Response

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Answer, Refused
from drumbeat.web.views.trouble import Troubles
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
_ROWS = 50
Text = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/escalations")
@needs(Right.SEE)
def troubles(here: Here, after: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What is not resolved, the most pressing first, 50 a page."""
    page = _port(here).troubles(after=after or None, limit=_ROWS)
    return here.page("troubles.html", page=page)


@router.get("/escalations/{escalation_id}")
@needs(Right.SEE)
def trouble(escalation_id: str, here: Here) -> Response:
    """One escalation with its story and its runbook, open or over. 404 where there is no such
    escalation."""
    return _page(here, escalation_id, None, "")


@router.post("/escalations/{escalation_id}/acknowledge")
@needs(Right.ANSWER)
def acknowledge(escalation_id: str, here: Here, back: Short = "") -> Response:
    """Take it in hand, with everything grouped under it: nobody else is called, and it is not over
    by that. 409 where it is resolved already."""
    answer = _port(here).acknowledge(escalation_id, here.person)
    return _answered(here, escalation_id, answer, "", back)


@router.post("/escalations/{escalation_id}/resolve")
@needs(Right.ANSWER)
def resolve(escalation_id: str, here: Here, reason: Text = "", back: Short = "") -> Response:
    """Say that it is over, with everything grouped under it. 422 without what was done, 409 where
    it is resolved already."""
    if not reason.strip():
        missing = Refused("Say what was done: the next brief uses it.", 422)
        return _page(here, escalation_id, missing, reason)
    answer = _port(here).resolve(escalation_id, here.person, reason)
    return _answered(here, escalation_id, answer, reason, back)


@router.post("/escalations/{escalation_id}/note")
@needs(Right.ANSWER)
def note(escalation_id: str, here: Here, text: Text = "") -> Response:
    """Add a line to the story of an incident. 409 without words, and where the escalation has no
    story."""
    answer = _port(here).note(escalation_id, here.person, text)
    return _answered(here, escalation_id, answer, text, "")


def _answered(here: Visit, escalation_id: str, answer: Answer, typed: str, back: str) -> Response:
    if isinstance(answer, Refused):
        return _page(here, escalation_id, answer, typed)
    return here.go("/today" if back == "today" else f"/escalations/{escalation_id}", answer)


def _page(here: Visit, escalation_id: str, refused: Refused | None, typed: str) -> Response:
    view = found(_port(here).trouble(escalation_id), "escalation")
    status = refused.status if refused else 200
    return here.page(
        "trouble.html", status=status, view=view, row=view.row, refused=refused, typed=typed
    )


def _port(here: Visit) -> Troubles:
    port: Troubles = wired(here.services.troubles)
    return port
