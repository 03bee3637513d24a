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
    wanted = ChangeFilter(campaign, actor, q)
    page = here.services.changes.changes(wanted, after=after or None, limit=_ROWS)
    return here.page("changes.html", page=page, wanted=wanted, kinds=tuple(ActorKind))


@router.get("/changes/export.jsonl")
@needs(Right.SEE)
def export(here: Here) -> Response:
    headers = {"content-disposition": 'attachment; filename="ledger.jsonl"'}
    return PlainTextResponse(here.services.changes.export(), headers=headers)


@router.get("/changes/{change_id}")
@needs(Right.SEE)
def change(change_id: str, here: Here) -> Response:
    view: ChangeView = found(here.services.changes.change(change_id), "change")
    return here.page("change.html", view=view, row=view.row)
