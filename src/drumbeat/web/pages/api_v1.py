"""The JSON interface, version 1: the same reads and orders as the pages."""

from typing import Annotated

from fastapi import Header, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from drumbeat.web.api import (
    AnswerOrder,
    Cursor,
    Decided,
    EditOrder,
    FreezeOrder,
    Limit,
    Order,
    RejectOrder,
    RollbackOrder,
    Word,
    api_room,
    reason_of,
    told,
)
from drumbeat.web.openapi import described
from drumbeat.web.rights import Right, needs
from drumbeat.web.verbs import Refused, RollbackPlan
from drumbeat.web.views.campaign import CampaignFilter, CampaignRow, CampaignView
from drumbeat.web.views.change import ChangeFilter, ChangeRow, ChangeView
from drumbeat.web.views.decision import DecisionView, QueueItem
from drumbeat.web.views.today import TodayView
from drumbeat.web.views.value import Page
from drumbeat.web.visit import Here, Visit, found

router = api_room()
Seen = Annotated[str, Header(max_length=200, description="the ETag of what was read")]


@router.get("/openapi.json", include_in_schema=False)
@needs(Right.SEE)
def openapi(request: Request) -> JSONResponse:
    """This description itself, OpenAPI 3.1, as the running version has it."""
    return JSONResponse(described(request.app))


@router.get("/today")
@needs(Right.SEE)
def read_today(here: Here, mine: bool = False, after: Cursor = "", limit: Limit = 50) -> TodayView:
    """The first of the decisions and escalations that need attention, the latest changes, and a
    page of campaigns, the most pressing first. ``mine`` keeps what this person owns; ``after`` and
    ``limit`` page ``running`` alone. Asking counts as a look: ``changed`` counts what happened
    since the one before."""
    return here.services.today.today(here.person, mine=mine, after=after or None, limit=limit)


@router.get("/decisions")
@needs(Right.SEE)
def list_decisions(here: Here, after: Cursor = "", limit: Limit = 50) -> Page[QueueItem]:
    """The proposals that wait for an answer, the nearest deadline first, without those this person
    has snoozed."""
    return here.services.decisions.queue(here.person, after=after or None, limit=limit)


@router.get("/decisions/{proposal_id}")
@needs(Right.SEE)
def read_decision(proposal_id: str, here: Here, response: Response) -> DecisionView:
    """Its ETag is the fingerprint: an answer with ``If-Match`` counts only for what was read."""
    view: DecisionView = found(
        here.services.decisions.decision(proposal_id, here.person), "decision"
    )
    response.headers["etag"] = f'"{view.item.fingerprint}"'
    return view


@router.post("/decisions/{proposal_id}/approve")
@needs(Right.ANSWER)
def approve_decision(
    proposal_id: str, order: AnswerOrder, here: Here, if_match: Seen = ""
) -> Decided:
    """What is of high risk takes a person who has just confirmed who they are: no token can."""
    seen, verbs = _seen(here, proposal_id, order, if_match), here.services.verbs
    return told(verbs.approve(proposal_id, seen, here.person, order.reason))


@router.post("/decisions/{proposal_id}/reject")
@needs(Right.ANSWER)
def reject_decision(
    proposal_id: str, order: RejectOrder, here: Here, if_match: Seen = ""
) -> Decided:
    """Turns the proposal down; agents learn from the reason, and 422 is said without one. 409: it
    was answered already, or has changed since it was read."""
    if not order.reason.strip():
        raise HTTPException(422, "A rejection needs a reason.")
    seen, verbs = _seen(here, proposal_id, order, if_match), here.services.verbs
    return told(verbs.reject(proposal_id, seen, here.person, order.code, order.reason))


@router.post("/decisions/{proposal_id}/edit")
@needs(Right.ANSWER)
def edit_decision(proposal_id: str, order: EditOrder, here: Here, if_match: Seen = "") -> Decided:
    """The changed one takes its place, is judged like the first and asked of somebody else."""
    reason, verbs = reason_of(order), here.services.verbs
    seen = _seen(here, proposal_id, order, if_match)
    return told(verbs.edit(proposal_id, seen, here.person, order.values, reason, order.code))


@router.post("/undo/{decision_id}")
@needs(Right.ANSWER)
def undo_decision(decision_id: str, here: Here) -> Decided:
    """Takes one's own approval back before it takes effect: the proposal waits again.
    ``decision_id`` is what approving it answered. 409 once it has taken effect (roll it back), and
    for who did not approve it."""
    return told(here.services.verbs.undo(decision_id, here.person))


@router.get("/campaigns")
@needs(Right.SEE)
def list_campaigns(
    here: Here,
    status: Word = "",
    channel: Word = "",
    phase: Word = "",
    q: Word = "",
    after: Cursor = "",
    limit: Limit = 50,
) -> Page[CampaignRow]:
    """Campaigns that match every word given, the most pressing first; ``q`` is looked for in their
    titles. A ``status``, ``channel`` or ``phase`` there is not matches none."""
    wanted = CampaignFilter(status, channel, phase, "", q)
    return here.services.campaigns.campaigns(wanted, after=after or None, limit=limit)


@router.get("/campaigns/{campaign_id}")
@needs(Right.SEE)
def read_campaign(campaign_id: str, here: Here, older: Word = "") -> CampaignView:
    """One campaign with its figures, up to eight weeks of its goal, the stages of its newest cycle
    and its settings. ``older`` pages its cycles: pass the ``older`` of the answer before. 404 where
    there is no such campaign."""
    found_one = here.services.campaigns.campaign(campaign_id, older=older)
    view: CampaignView = found(found_one, "campaign")
    return view


@router.post("/campaigns/{campaign_id}/observe")
@needs(Right.OPERATE)
def observe_campaign(campaign_id: str, order: Order, here: Here) -> Decided:
    """Lets the campaign only observe: what it would do is written down and not done. Ordered again,
    it acts again. 422 where there is no such campaign."""
    return told(here.services.verbs.observe(campaign_id, here.person, order.reason))


@router.get("/changes")
@needs(Right.SEE)
def list_changes(
    here: Here,
    campaign: Word = "",
    actor: Word = "",
    q: Word = "",
    after: Cursor = "",
    limit: Limit = 50,
) -> Page[ChangeRow]:
    """The ledger as people read it, the newest first. ``actor`` is agent, person, system or
    outside; ``q`` is looked for in what a row says. A page cut by them has no
    ``total`` (0) and may be short: go on while there is a ``next``."""
    wanted = ChangeFilter(campaign, actor, q)
    return here.services.changes.changes(wanted, after=after or None, limit=limit)


@router.get("/changes/{change_id}")
@needs(Right.SEE)
def read_change(change_id: str, here: Here) -> ChangeView:
    """One change with what it rests on, its metrics before and after, and its proof: the whole
    chain of the ledger is walked for it. 404 where there is no such entry."""
    view: ChangeView = found(here.services.changes.change(change_id), "change")
    return view


@router.get("/changes/{change_id}/roll-back")
@needs(Right.SEE)
def plan_rollback(change_id: str, here: Here) -> RollbackPlan:
    """What rolling the change back would do, step by step, with the platforms as they are now;
    nothing is done. ``to:CAMPAIGN@MOMENT`` in place of a change asks for everything the campaign
    did since (422 for no moment, or one ahead). 404 where there is no such change."""
    plan = here.services.verbs.rollback_plan(change_id, here.person)
    if isinstance(plan, Refused):
        raise HTTPException(plan.status, plan.reason)
    return plan


@router.post("/changes/{change_id}/roll-back")
@needs(Right.OPERATE)
def roll_back(change_id: str, order: RollbackOrder, here: Here) -> Decided:
    """Takes back what the plan of this ``fingerprint`` names; the gate judges each step, and some
    may wait for another person. 409: things have changed since the plan, nothing can be taken back,
    or the gate refuses. 422 without a reason."""
    reason = reason_of(order)
    return told(here.services.verbs.rollback(change_id, order.fingerprint, here.person, reason))


@router.post("/freeze")
@needs(Right.FREEZE)
def freeze(order: FreezeOrder, here: Here) -> Decided:
    """Stops everything but what lowers risk, in force when this answers. ``scope`` is a campaign's
    id, a part such as ``channel:email``, or empty for the workspace. 422 without a reason and for a
    scope there is not."""
    return told(here.services.verbs.freeze(order.scope, here.person, reason_of(order)))


@router.post("/unfreeze")
@needs(Right.OPERATE)
def unfreeze(order: FreezeOrder, here: Here) -> Decided:
    """Ends the freeze of exactly this scope; what it stopped is judged afresh. It takes a person
    who has just confirmed who they are: no token can (403). 409 where the scope is not frozen, 422
    without a reason."""
    return told(here.services.verbs.unfreeze(order.scope, here.person, reason_of(order)))


def _seen(here: Visit, proposal_id: str, order: AnswerOrder, if_match: str) -> str:
    """The fingerprint an answer is bound to. Raises 428 without one, 412 for a stale If-Match."""
    if not if_match:
        if not order.fingerprint:
            raise HTTPException(428, "Send the fingerprint of what you saw, or If-Match.")
        return order.fingerprint
    view = here.services.decisions.decision(proposal_id, here.person)
    now = view.item.fingerprint if view else ""
    if if_match.strip().strip('"') != now:
        raise HTTPException(412, "It has changed since it was read; read it again.")
    return order.fingerprint or now
