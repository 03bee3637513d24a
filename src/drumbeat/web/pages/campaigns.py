"""Campaigns: all of them with filters and saved views, one of them with everything about it."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from drumbeat.core.governance.phase import Phase
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.campaign import CampaignFilter, CampaignView, Status
from drumbeat.web.views.change import ChangeFilter
from drumbeat.web.views.saved import SavedView, SavedViews
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
# Alike ones become one line, so more are read than are shown.
_LATEST = 30
_ROWS = 50
_FIELDS = ("status", "channel", "phase", "mine", "q", "board")
Word = Annotated[str, Query(max_length=100)]
Short = Annotated[str, Form(max_length=60)]
Long = Annotated[str, Form(max_length=600)]


@router.get("/campaigns")
@needs(Right.SEE)
def campaigns(
    here: Here,
    status: Word = "",
    channel: Word = "",
    phase: Word = "",
    mine: bool = False,
    q: Word = "",
    board: bool = False,
    after: Word = "",
) -> Response:
    """The campaigns that match, the most pressing first, 50 a page: as a table, or by phase as a
    ``board``. ``mine`` keeps those this person owns."""
    wanted = CampaignFilter(status, channel, phase, here.person.id if mine else "", q)
    kept = {"status": status, "channel": channel, "phase": phase, "mine": mine and "true", "q": q}
    return _table(here, wanted, _query(kept), board, after, None, "")


@router.post("/views")
@needs(Right.SEE)
def keep_view(here: Here, name: Short = "", query: Long = "") -> Response:
    """Keep a filter under a name; it is this person's own and changes nothing for others."""
    chosen = _clean(query)
    if not name.strip():
        return _again(here, chosen, Refused("Give the view a name.", 422))
    answer = _shelf(here).keep(here.person, SavedView(name.strip(), chosen))
    if isinstance(answer, Refused):
        return _again(here, chosen, answer)
    return _to(here, chosen, answer)


@router.post("/views/drop")
@needs(Right.SEE)
def drop_view(here: Here, name: Short = "") -> Response:
    """Forget a view of one's own. 404 where none is kept under that name."""
    answer = _shelf(here).drop(here.person, name)
    if isinstance(answer, Refused):
        raise HTTPException(answer.status, answer.reason)
    return here.go("/campaigns", answer)


@router.post("/freeze/several")
@needs(Right.FREEZE)
async def freeze_several(here: Here, request: Request) -> Response:
    """Freeze the chosen campaigns for one reason; each is a freeze of its own in the ledger."""
    form = await request.form()
    chosen = [str(one) for one in form.getlist("chosen")][:_ROWS]
    reason, query = str(form.get("reason", ""))[:2000], _clean(str(form.get("query", "")))
    if not chosen or not reason.strip():
        what = "Say why" if chosen else "Choose at least one campaign"
        return _again(here, query, Refused(f"{what} before freezing.", 422), reason, chosen)
    answers = [here.services.verbs.freeze(one, here.person, reason) for one in chosen]
    refused = [one for one in answers if isinstance(one, Refused)]
    if refused:
        done = len(answers) - len(refused)
        said = f"Froze {done} of {len(answers)}. {refused[0].reason}" if done else refused[0].reason
        return _again(here, query, Refused(said, refused[0].status), reason, chosen)
    count = len(answers)
    return _to(here, query, Done(f"Froze {count} campaign{'s' if count != 1 else ''}"))


@router.get("/campaigns/{campaign_id}")
@needs(Right.SEE)
def campaign(
    campaign_id: str, here: Here, older: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """One campaign with its figures, its newest cycle and its latest changes; ``older`` pages its
    cycles. 404 where there is no such campaign."""
    shown = here.services.campaigns.campaign(campaign_id, older=older)
    view: CampaignView = found(shown, "campaign")
    latest = here.services.changes.changes(
        ChangeFilter(campaign_id=campaign_id), after=None, limit=_LATEST
    )
    return here.page("campaign.html", view=view, row=view.row, latest=latest.items)


def _table(
    here: Visit,
    wanted: CampaignFilter,
    query: str,
    board: bool,
    after: str,
    refused: Refused | None,
    typed: str,
    chosen: tuple[str, ...] = (),
) -> Response:
    page = here.services.campaigns.campaigns(wanted, after=after or None, limit=_ROWS)
    shelf = here.services.views
    return here.page(
        "campaigns.html",
        status=refused.status if refused else 200,
        page=page,
        wanted=wanted,
        query=query,
        board=board,
        phases=tuple(Phase),
        statuses=tuple(Status),
        saved=shelf.views(here.person) if shelf else (),
        keeps=shelf is not None,
        begins=here.services.beginnings is not None,
        refused=refused,
        typed=typed,
        chosen=chosen,
    )


def _again(
    here: Visit, query: str, refused: Refused, typed: str = "", chosen: list[str] | None = None
) -> Response:
    """The same page, with what was typed and chosen, and why it was refused."""
    kept = dict(parse_qsl(query))
    mine = here.person.id if kept.get("mine") else ""
    wanted = CampaignFilter(
        kept.get("status", ""), kept.get("channel", ""), kept.get("phase", ""), mine,
        kept.get("q", ""),
    )  # fmt: skip
    return _table(here, wanted, query, False, "", refused, typed, tuple(chosen or ()))


def _query(fields: Mapping[str, str | bool]) -> str:
    return urlencode({name: value for name, value in fields.items() if value})


def _clean(query: str) -> str:
    """Only what the filter knows, so that a kept view is never a way to somewhere else."""
    return urlencode([(k, v[:100]) for k, v in parse_qsl(query) if k in _FIELDS])


def _to(here: Visit, query: str, answer: Answer) -> RedirectResponse:
    told = here.go("/campaigns", answer)
    address = told.headers["location"] + (f"&{query}" if query else "")
    return RedirectResponse(address, status_code=303)


def _shelf(here: Visit) -> SavedViews:
    port: SavedViews = wired(here.services.views)
    return port
