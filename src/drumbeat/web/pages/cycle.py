"""Cycle and trace: what one recurrence did, step by step, with personal data masked."""

from fastapi import Response

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.views.cycle import CycleReads
from drumbeat.web.visit import Here, found, wired

router = room()


@router.get("/cycles/{cycle_id}")
@needs(Right.SEE)
def cycle(cycle_id: str, here: Here) -> Response:
    cycles: CycleReads = wired(here.services.cycles)
    return here.page("cycle.html", view=found(cycles.cycle(cycle_id), "cycle"))
