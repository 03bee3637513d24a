"""Cycle and trace: what one recurrence did, step by step, with personal data masked."""

from typing import Annotated

from fastapi import Form, Query, Response

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Refused
from drumbeat.web.views.cycle import CycleReads, ReplayView
from drumbeat.web.visit import Here, Visit, found, wired

router = room()


@router.get("/cycles/{cycle_id}")
@needs(Right.SEE)
def cycle(cycle_id: str, here: Here, steps: Annotated[str, Query(max_length=10)] = "") -> Response:
    """One recurrence, stage by stage, with the newest steps of each; ``steps=all`` shows every one.
    404 where there is no such cycle."""
    return _page(here, cycle_id, is_whole=steps == "all")


@router.post("/cycles/{cycle_id}/replay")
@needs(Right.OPERATE)
def replay(cycle_id: str, here: Here) -> Response:
    """Ask today's agents and rules again, in shadow; the answer is shown and changes nothing."""
    played = _reads(here).replay(cycle_id, here.person)
    if isinstance(played, Refused):
        return _page(here, cycle_id, refused=played)
    return _page(here, cycle_id, played=played)


@router.post("/cycles/{cycle_id}/rebuild")
@needs(Right.OPERATE)
def rebuild(
    cycle_id: str, here: Here, reason: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Take up what was mended: the builder makes what its review does not let through again."""
    answer = _reads(here).rebuild(cycle_id, here.person, reason)
    if isinstance(answer, Refused):
        return _page(here, cycle_id, refused=answer)
    return here.go(f"/cycles/{cycle_id}", answer)


@router.get("/cycles/{cycle_id}/case.json")
@needs(Right.SEE)
def case(cycle_id: str, here: Here) -> Response:
    """The cycle as a test case to keep: JSON, with personal data masked. 404 where there is no such
    cycle."""
    text = found(_reads(here).case(cycle_id), "cycle")
    name = "".join(c if c.isalnum() or c in "-_." else "-" for c in cycle_id)
    headers = {"content-disposition": f'attachment; filename="case-{name}.json"'}
    return Response(text, media_type="application/json", headers=headers)


def _page(
    here: Visit,
    cycle_id: str,
    *,
    played: ReplayView | None = None,
    refused: Refused | None = None,
    is_whole: bool = False,
) -> Response:
    view = found(_reads(here).cycle(cycle_id, is_whole=is_whole), "cycle")
    status = refused.status if refused else 200
    return here.page("cycle.html", status=status, view=view, played=played, refused=refused)


def _reads(here: Visit) -> CycleReads:
    port: CycleReads = wired(here.services.cycles)
    return port
