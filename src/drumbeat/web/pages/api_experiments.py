"""The JSON interface of experiments: the library, the registered tests and orders about them."""

from typing import Annotated, Literal

from fastapi import Query, Response

from drumbeat.web.api import (
    Cursor,
    Decided,
    Limit,
    Order,
    StartOrder,
    api_room,
    reason_of,
    told,
)
from drumbeat.web.paging import cut
from drumbeat.web.rights import Right, needs
from drumbeat.web.views.experiment import (
    ExperimentReads,
    ExperimentRow,
    ExperimentView,
    HypothesisRow,
)
from drumbeat.web.views.value import Page
from drumbeat.web.visit import Here, Visit, found, wired

router = api_room()
Listed = Annotated[Literal["running", "over"], Query(description="`over`: decided or stopped")]


@router.get("/hypotheses")
@needs(Right.SEE)
def list_hypotheses(here: Here, after: Cursor = "", limit: Limit = 50) -> Page[HypothesisRow]:
    """The library by expected impact x confidence; ``starts`` names where a claim may be tested,
    ``collides`` what stands in the way."""
    return cut(_reads(here).registry(after=None, limit=1).library, after, limit)


@router.get("/experiments")
@needs(Right.SEE)
def list_experiments(
    here: Here, state: Listed = "running", after: Cursor = "", limit: Limit = 50
) -> Page[ExperimentRow]:
    """Tests with their effect so far and its interval, as relative changes: those that run, the
    oldest first, or those that are over, the newest first."""
    view = _reads(here).registry(after=after or None, limit=limit)
    return cut(view.running, after, limit) if state == "running" else view.decided


@router.post("/experiments", status_code=201)
@needs(Right.EXPERIMENT)
def register_experiment(order: StartOrder, here: Here, response: Response) -> Decided:
    """Registered and sealed, as large as the campaign's own traffic needs; ``decision_id`` names
    the test, ``Location`` is where it is read."""
    verbs = here.services.verbs
    made = told(verbs.start_experiment(order.campaign, order.hypothesis, here.person))
    response.headers["location"] = f"/api/v1/experiments/{made.decision_id}"
    return made


@router.get("/experiments/{experiment_id}")
@needs(Right.SEE)
def read_experiment(experiment_id: str, here: Here) -> ExperimentView:
    """One test in full: its arms, its effects with intervals (fractions), its health, what was
    registered before it began, and what people may do about it now. 404 where there is no such
    test."""
    view: ExperimentView = found(_reads(here).experiment(experiment_id), "experiment")
    return view


@router.post("/experiments/{experiment_id}/stop")
@needs(Right.EXPERIMENT)
def stop_experiment(experiment_id: str, order: Order, here: Here) -> Decided:
    """Ends it, or asks for it: what its rule lets run ends only when somebody else agrees."""
    why, verbs = reason_of(order), here.services.verbs
    return told(verbs.stop_experiment(experiment_id, here.person, why))


@router.post("/experiments/{experiment_id}/ship")
@needs(Right.EXPERIMENT)
def ship_experiment(experiment_id: str, order: Order, here: Here) -> Decided:
    """Asks for the treatment to be kept from now on; somebody else has to agree."""
    why, verbs = reason_of(order), here.services.verbs
    return told(verbs.ship_experiment(experiment_id, here.person, why))


@router.post("/experiments/{experiment_id}/keep")
@needs(Right.ANSWER)
def keep_experiment(experiment_id: str, order: Order, here: Here) -> Decided:
    """Turns down what agents propose to do with it: it runs on."""
    why, verbs = reason_of(order), here.services.verbs
    return told(verbs.keep_experiment(experiment_id, here.person, why))


def _reads(here: Visit) -> ExperimentReads:
    port: ExperimentReads = wired(here.services.experiments)
    return port
