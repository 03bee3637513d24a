"""Experiments: the library, what runs, what was decided; one result with its health."""

from typing import Annotated

from fastapi import Form, Query, Response

from drumbeat.web.paging import cut
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Refused
from drumbeat.web.views.experiment import ExperimentReads
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
_ROWS = 20
# A map of more pairs than this nobody reads; each is said on its test's own page as well.
_PAIRS = 12
Word = Annotated[str, Query(max_length=100)]


@router.get("/experiments")
@needs(Right.SEE)
def experiments(here: Here, after: Word = "", running: Word = "", library: Word = "") -> Response:
    view = _reads(here).registry(after=after or None, limit=_ROWS)
    return here.page(
        "experiments.html",
        view=view,
        running=cut(view.running, running, _ROWS),
        library=cut(view.library, library, _ROWS),
        overlaps=view.overlaps[:_PAIRS],
    )


@router.get("/experiments/{experiment_id}")
@needs(Right.SEE)
def experiment(experiment_id: str, here: Here) -> Response:
    return _page(here, experiment_id, None, "")


@router.post("/experiments/{experiment_id}/stop")
@needs(Right.OPERATE)
def stop(
    experiment_id: str, here: Here, reason: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    if not reason.strip():
        return _page(here, experiment_id, Refused("Say why it stops early.", 422), reason)
    answer = here.services.verbs.stop_experiment(experiment_id, here.person, reason)
    if isinstance(answer, Refused):
        return _page(here, experiment_id, answer, reason)
    return here.go(f"/experiments/{experiment_id}", answer)


def _page(here: Visit, experiment_id: str, refused: Refused | None, typed: str) -> Response:
    view = found(_reads(here).experiment(experiment_id), "experiment")
    status = refused.status if refused else 200
    return here.page(
        "experiment.html", status=status, view=view, row=view.row, refused=refused, typed=typed
    )


def _reads(here: Visit) -> ExperimentReads:
    port: ExperimentReads = wired(here.services.experiments)
    return port
