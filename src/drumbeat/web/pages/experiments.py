"""Experiments: the library, what runs, what was decided; one result with its health."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Form, Query, Response

from drumbeat.web.paging import cut
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.experiment import ExperimentReads
from drumbeat.web.views.shell import Person
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
_ROWS = 20
# A map of more pairs than this nobody reads; each is said on its test's own page as well.
_PAIRS = 12
Word = Annotated[str, Query(max_length=100)]
Short = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=2000)]
Order = Callable[[str, Person, str], Answer]


@router.get("/experiments")
@needs(Right.SEE)
def experiments(here: Here, after: Word = "", running: Word = "", library: Word = "") -> Response:
    """What runs, what is over and the library by rank, 20 rows of each; ``running``, ``after`` and
    ``library`` page them."""
    return _registry(here, after, running, library)


@router.post("/experiments")
@needs(Right.EXPERIMENT)
def start(here: Here, campaign: Short = "", hypothesis: Short = "") -> Response:
    """Approve a hypothesis: its test is registered, and the next cycle carries it."""
    answer = here.services.verbs.start_experiment(campaign, hypothesis, here.person)
    if isinstance(answer, Refused):
        return _registry(here, "", "", "", refused=answer, chosen=hypothesis)
    return here.go(f"/experiments/{answer.decision_id}", Done(answer.text))


@router.get("/experiments/{experiment_id}")
@needs(Right.SEE)
def experiment(experiment_id: str, here: Here) -> Response:
    """One test: its effects with intervals, its health, and what people may do about it. 404 where
    there is no such test."""
    return _page(here, experiment_id, None, "")


@router.post("/experiments/{experiment_id}/stop")
@needs(Right.EXPERIMENT)
def stop(experiment_id: str, here: Here, reason: Text = "") -> Response:
    """End a test before its rule speaks: at once while nothing was measured, else somebody has to
    agree where the rule lets it run. 422 without a reason, 409 where it is over already."""
    verb = here.services.verbs.stop_experiment
    return _ordered(here, experiment_id, "stop", verb, reason)


@router.post("/experiments/{experiment_id}/ship")
@needs(Right.EXPERIMENT)
def ship(experiment_id: str, here: Here, reason: Text = "") -> Response:
    """Ask for the treatment to be kept from now on; somebody else has to agree. 422 without a
    reason, 409 where there is nothing left to set."""
    verb = here.services.verbs.ship_experiment
    return _ordered(here, experiment_id, "ship", verb, reason)


@router.post("/experiments/{experiment_id}/keep")
@needs(Right.ANSWER)
def keep(experiment_id: str, here: Here, reason: Text = "") -> Response:
    """Turn down what agents propose to do with a test: it runs on. 422 without a reason, 409 where
    nothing is proposed."""
    verb = here.services.verbs.keep_experiment
    return _ordered(here, experiment_id, "keep", verb, reason)


def _ordered(here: Visit, experiment_id: str, order: str, verb: Order, reason: str) -> Response:
    """Every order about a test says why: it is read beside what its rule said."""
    if not reason.strip():
        missing = Refused("Say why: it is kept beside what the rule said.", 422)
        return _page(here, experiment_id, missing, reason, order)
    answer = verb(experiment_id, here.person, reason)
    if isinstance(answer, Refused):
        return _page(here, experiment_id, answer, reason, order)
    return here.go(f"/experiments/{experiment_id}", answer)


def _registry(
    here: Visit,
    after: str,
    running: str,
    library: str,
    *,
    refused: Refused | None = None,
    chosen: str = "",
) -> Response:
    view = _reads(here).registry(after=after or None, limit=_ROWS)
    return here.page(
        "experiments.html",
        status=refused.status if refused else 200,
        view=view,
        running=cut(view.running, running, _ROWS),
        library=cut(view.library, library, _ROWS),
        overlaps=view.overlaps[:_PAIRS],
        refused=refused,
        chosen=chosen,
    )


def _page(
    here: Visit, experiment_id: str, refused: Refused | None, typed: str, order: str = ""
) -> Response:
    view = found(_reads(here).experiment(experiment_id), "experiment")
    return here.page(
        "experiment.html",
        status=refused.status if refused else 200,
        view=view,
        row=view.row,
        refused=refused,
        typed=typed,
        order=order,
    )


def _reads(here: Visit) -> ExperimentReads:
    port: ExperimentReads = wired(here.services.experiments)
    return port
