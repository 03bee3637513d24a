"""Inbox: the decisions that wait, one of them open, and every answer a person can give."""

from datetime import timedelta
from html import escape
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from drumbeat.web.headers import MAIL_POLICY
from drumbeat.web.mail_frame import as_shown
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.several import Outcome, each_of
from drumbeat.web.verbs import Answer, Done, ProofNeeded, Refused
from drumbeat.web.views.decision import DecisionView, QueueAside, QueueItem
from drumbeat.web.views.value import Page
from drumbeat.web.visit import Here, Visit, found

router = room()
_ROWS = 50
_LONGEST = 10_000
_SPANS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": timedelta(days=1)}
Text = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/inbox")
@needs(Right.SEE)
def inbox(here: Here, after: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What waits for an answer, the nearest deadline first, 50 a page, with the first one open
    beside it."""
    queue = here.services.decisions.queue(here.person, after=after or None, limit=_ROWS)
    first = queue.items[0] if queue.items else None
    view = here.services.decisions.decision(first.id, here.person) if first else None
    return here.page(
        "inbox.html",
        queue=queue,
        rows=_folded(queue.items, first.id if first else ""),
        aside=_aside(here, queue),
        view=view,
        refused=None,
        typed={},
        is_open=False,
    )


@router.get("/inbox/{proposal_id}")
@needs(Right.SEE)
def decision(proposal_id: str, here: Here) -> Response:
    """One decision beside the queue, whether it waits or has been answered. 404 where there is no
    such decision."""
    view = found(here.services.decisions.decision(proposal_id, here.person), "decision")
    return _inbox(here, view)


@router.post("/inbox/{proposal_id}/approve")
@needs(Right.ANSWER)
def approve(
    proposal_id: str, here: Here, fingerprint: Short, reason: Text = "", back: Short = ""
) -> Response:
    """Approve exactly what ``fingerprint`` names; ``back`` is ``today`` for an answer given there.
    403 for who may not, 409 where it was answered already or has changed; high risk asks for a
    fresh proof first."""
    answer = here.services.verbs.approve(proposal_id, fingerprint, here.person, reason)
    return _answered(here, proposal_id, answer, {"reason": reason}, back)


@router.post("/inbox/{proposal_id}/approve-alike")
@needs(Right.ANSWER)
async def approve_alike(proposal_id: str, here: Here, request: Request) -> Response:
    """Approve the chosen ones of a group; each is bound to the fingerprint it was shown with."""
    chosen, reason = _chosen(await request.form())
    verbs = here.services.verbs

    def one(asked: str, print_: str) -> Answer:
        return verbs.approve(asked, print_, here.person, reason)

    return _several(here, proposal_id, each_of(chosen, one), "Approved", reason)


@router.post("/inbox/{proposal_id}/reject-alike")
@needs(Right.ANSWER)
async def reject_alike(proposal_id: str, here: Here, request: Request) -> Response:
    """Reject the chosen ones of a group, for one reason."""
    form = await request.form()
    chosen, reason = _chosen(form)
    if not reason.strip():
        missing = Refused("Say why, in a few words: the agent learns from it.", 422)
        return _answered(here, proposal_id, missing, {}, "")
    verbs, code = here.services.verbs, str(form.get("code", ""))[:200]

    def one(asked: str, print_: str) -> Answer:
        return verbs.reject(asked, print_, here.person, code, reason)

    return _several(here, proposal_id, each_of(chosen, one), "Rejected", reason)


@router.post("/inbox/{proposal_id}/edit")
@needs(Right.ANSWER)
async def edit_decision(proposal_id: str, here: Here, request: Request) -> Response:
    """Put other values in the place of those proposed; the gate judges that anew, and its editor
    never approves it. 422 without a reason and for values that cannot be, 409 where it has changed;
    what was typed is never lost."""
    form = _texts(await request.form())
    values = _values(form)
    reason, fingerprint = form.get("reason", ""), form.get("fingerprint", "")
    if not reason.strip():
        missing = Refused("Say why, in a few words: the agent learns from it.", 422)
        return _answered(here, proposal_id, missing, form, "")
    code = form.get("code", "")[:200]
    answer = here.services.verbs.edit(proposal_id, fingerprint, here.person, values, reason, code)
    return _answered(here, proposal_id, answer, form, "")


@router.post("/inbox/{proposal_id}/edit/preview")
@needs(Right.ANSWER)
async def preview_edit(proposal_id: str, here: Here, request: Request) -> Response:
    """The mail with the words typed so far, alone in a page that may do nothing."""
    values = _values(_texts(await request.form()))
    made = here.services.decisions.edited_mail(proposal_id, values)
    headers = {"content-security-policy": MAIL_POLICY, "x-frame-options": "SAMEORIGIN"}
    if isinstance(made, Refused):
        told = (
            f"<!doctype html><meta charset=utf-8><title>No preview</title><p>{escape(made.reason)}"
        )
        return HTMLResponse(told, made.status, headers)
    return HTMLResponse(as_shown(made, "light"), headers=headers)


@router.post("/inbox/{proposal_id}/reject")
@needs(Right.ANSWER)
def reject(
    proposal_id: str,
    here: Here,
    fingerprint: Short,
    reason: Text = "",
    code: Short = "",
    back: Short = "",
) -> Response:
    """Turn down exactly what ``fingerprint`` names. 422 without a reason, 409 where it was answered
    already or has changed."""
    typed = {"reason": reason, "code": code}
    if not reason.strip():
        missing = Refused("Say why, in a few words: the agent learns from it.", 422)
        return _answered(here, proposal_id, missing, typed, back)
    answer = here.services.verbs.reject(proposal_id, fingerprint, here.person, code, reason)
    return _answered(here, proposal_id, answer, typed, back)


@router.post("/inbox/{proposal_id}/snooze")
@needs(Right.ANSWER)
def snooze(proposal_id: str, here: Here, span: Short = "1h") -> Response:
    """Hide a decision from this person alone for an hour, four or a day (``1h``, ``4h``, ``1d``;
    else an hour), but not past its deadline, which runs on. 409 where it was answered already."""
    length = _SPANS.get(span, _SPANS["1h"])
    answer = here.services.verbs.snooze(proposal_id, here.person, length)
    return _answered(here, proposal_id, answer, {}, "")


@router.post("/inbox/{proposal_id}/delegate")
@needs(Right.ANSWER)
def delegate(proposal_id: str, here: Here, to: Short = "", reason: Text = "") -> Response:
    """Hand a decision to somebody else, lending one's say where theirs would not count. 422 where
    they may neither answer nor be lent it; to lend what is of high risk asks for a fresh proof
    first."""
    answer = here.services.verbs.delegate(proposal_id, here.person, to, reason)
    return _answered(here, proposal_id, answer, {"reason": reason, "to": to}, "")


@router.post("/decisions/{decision_id}/undo")
@needs(Right.ANSWER)
def undo(decision_id: str, here: Here, back: Short = "") -> Response:
    """Take one's own approval back before it takes effect: it waits again. 409 once it has taken
    effect, 404 where there is no such decision."""
    answer = here.services.verbs.undo(decision_id, here.person)
    if isinstance(answer, Refused):
        raise HTTPException(answer.status, answer.reason)
    return here.go("/today" if back == "today" else "/inbox", answer)


def _texts(form: FormData) -> dict[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)}


def _values(form: dict[str, str]) -> dict[str, str]:
    """What was typed, by the name of its field; longer than any may be is told, never cut."""
    return {key[6:]: value[:_LONGEST] for key, value in form.items() if key.startswith("value.")}


def _chosen(form: FormData) -> tuple[list[tuple[str, str]], str]:
    """The proposals chosen, each with the fingerprint it was shown with, and the reason."""
    pairs = [str(value).partition(":") for value in form.getlist("chosen")][:_ROWS]
    return [(one, print_) for one, _, print_ in pairs], str(form.get("reason", ""))[:2000]


def _several(
    here: Visit, proposal_id: str, outcomes: tuple[Outcome, ...], word: str, reason: str
) -> Response:
    """All done: on to the next. Else what became of each, by name: nothing is passed over."""
    done = sum(isinstance(one.answer, Done) for one in outcomes)
    unproven = [one.answer for one in outcomes if isinstance(one.answer, ProofNeeded)]
    if unproven and len(unproven) == len(outcomes):
        # Nothing is settled yet, so the whole form can wait for the person to confirm.
        raise unproven[0]
    if not outcomes:
        nothing = Refused("Choose at least one of the proposals.", 422)
        return _answered(here, proposal_id, nothing, {"reason": reason}, "")
    first = outcomes[0].answer
    if len(outcomes) == 1 and isinstance(first, Refused):
        return _answered(here, proposal_id, first, {"reason": reason}, "")
    if done == len(outcomes):
        return here.go("/inbox", Done(f"{word} {done} alike proposal{'s' if done != 1 else ''}"))
    decisions, person = here.services.decisions, here.person
    told = [(one, decisions.decision(one.proposal_id, person)) for one in outcomes]
    verb = "approve" if word == "Approved" else "reject"
    return here.page(
        "several.html",
        status=200 if done else 409,
        told=told,
        word=word,
        verb=verb,
        asked=proposal_id,
        reason=reason,
    )


def _aside(here: Visit, queue: Page[QueueItem]) -> QueueAside:
    return here.services.decisions.aside(here.person, is_empty=not queue.items)


def _folded(items: tuple[QueueItem, ...], opened: str) -> tuple[QueueItem, ...]:
    """One row a group of alike items: the one that is open, else the most pressing."""
    shown = {item.group: item for item in reversed(items) if item.group}
    shown |= {item.group: item for item in items if item.group and item.id == opened}
    return tuple(item for item in items if not item.group or shown[item.group] is item)


def _answered(
    here: Visit, proposal_id: str, answer: Answer, typed: dict[str, str], back: str
) -> Response:
    """Done: on to the next item. Refused: the same page, with what was typed."""
    if isinstance(answer, Done):
        return here.go("/today" if back == "today" else "/inbox", answer)
    view = here.services.decisions.decision(proposal_id, here.person)
    if view is None:
        raise HTTPException(answer.status, answer.reason)
    return _inbox(here, view, answer, typed)


def _inbox(
    here: Visit,
    view: DecisionView,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    queue = here.services.decisions.queue(here.person, after=None, limit=_ROWS)
    status = refused.status if refused else 200
    return here.page(
        "inbox.html",
        status=status,
        queue=queue,
        rows=_folded(queue.items, view.item.id),
        aside=_aside(here, queue),
        view=view,
        refused=refused,
        typed=typed or {},
        is_open=True,
    )
