"""Search: a page of its own without scripts, the palette's list with them."""

from typing import Annotated

from fastapi import Query, Response

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.views.search import Hit
from drumbeat.web.visit import Here, Visit

router = room()
_HITS = 12
Text = Annotated[str, Query(max_length=100)]


@router.get("/search")
@needs(Right.SEE)
def search(here: Here, q: Text = "") -> Response:
    """Pages, campaigns, waiting decisions, hypotheses and commands by a few letters of their name,
    12 at most."""
    return here.page("search.html", q=q, hits=_hits(here, q))


@router.get("/search/found")
@needs(Right.SEE)
def found(here: Here, q: Text = "") -> Response:
    """The same hits as a list alone, which the palette takes in as one types."""
    return here.page("found.html", q=q, hits=_hits(here, q))


def _hits(here: Visit, text: str) -> tuple[Hit, ...]:
    """Pages of the menu first, then what the workspace knows by that name."""
    wanted = text.strip().casefold()
    pages = tuple(
        Hit(f"Go to {item.label}", "page", item.path)
        for item in here.menu.items
        if wanted in item.label.casefold() and item.path != "/menu"
    )
    port = here.services.search
    named = port.search(text.strip(), here.person, _HITS) if port and wanted else ()
    return (*pages, *named)[:_HITS]
