"""Changes: every action of agents, people and the outside world, with its proof."""

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import PlainTextResponse

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.views.change import ActorKind, ChangeFilter, ChangeView
from drumbeat.web.visit import Here, found

router = room()
_ROWS = 50
Word = Annotated[str, Query(max_length=100)]


@router.get("/changes")
@needs(Right.SEE)
def changes(
    here: Here, campaign: Word = "", actor: Word = "", q: Word = "", after: Word = ""
) -> Response:
    """The ledger as a feed, the newest first, 50 rows a page, of one campaign or kind of actor, or
    with these words in it."""
    wanted = ChangeFilter(campaign, actor, q)
    page = here.services.changes.changes(wanted, after=after or None, limit=_ROWS)
    return here.page("changes.html", page=page, wanted=wanted, kinds=tuple(ActorKind))


@router.get("/changes/export.jsonl")
@needs(Right.SEE)
def export(here: Here) -> Response:
    """The whole ledger to keep, one JSON entry a line, as ``drumbeat ledger export`` writes it."""
    headers = {"content-disposition": 'attachment; filename="ledger.jsonl"'}
    return PlainTextResponse(here.services.changes.export(), headers=headers)


@router.get("/changes/{change_id}")
@needs(Right.SEE)
def change(change_id: str, here: Here) -> Response:
    """One change with its proof: the whole chain is walked for it. 404 where there is no such
    entry."""
    view: ChangeView = found(here.services.changes.change(change_id), "change")
    return here.page("change.html", view=view, row=view.row)
