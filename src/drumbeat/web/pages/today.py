"""Today: the first page: what needs attention, what changed, what is running."""

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.visit import Here

router = room()
_ROWS = 50


@router.get("/")
@needs(Right.SEE)
async def root() -> Response:
    """The bare address leads to Today."""
    return RedirectResponse("/today", status_code=303)


@router.get("/today")
@needs(Right.SEE)
def today(
    here: Here, mine: bool = False, after: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """What needs attention, what changed since the last look, and what is running, 50 campaigns a
    page; ``mine`` keeps what this person owns."""
    view = here.services.today.today(here.person, mine=mine, after=after or None, limit=_ROWS)
    return here.page("today.html", view=view, mine=mine, after=after)
