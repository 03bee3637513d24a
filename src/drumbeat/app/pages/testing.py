"""Testing: what people order about experiments, with the gate's answer in words."""

from collections.abc import Callable
from typing import TypeVar

from drumbeat.app import experiment_orders, experiments
from drumbeat.app.pages.asking import via_of
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.words import sentence
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import Person

_Made = TypeVar("_Made")


def started(ground: Ground, campaign: str, hypothesis: str, person: Person) -> Answer:
    """Approve a hypothesis: its test is registered on the campaign."""
    made = _ordered(lambda: experiment_orders.start(ground.app, campaign, hypothesis, person.id))
    if isinstance(made, Refused):
        return made
    size = f"{made.sizing.max_n:,} people, posts or days in {made.sizing.weeks} weeks"
    title = ground.title(campaign)
    return Done(f"Registered and sealed for {title}: {size}", decision_id=made.id)


def shipped(ground: Ground, experiment_id: str, person: Person, reason: str) -> Answer:
    """Ask for the treatment to be kept from now on."""
    judged = _ordered(lambda: experiment_orders.ship(ground.app, experiment_id, person.id, reason))
    if isinstance(judged, Refused):
        return judged
    return Done(_shipped(judged))


def kept_running(ground: Ground, experiment_id: str, person: Person, reason: str) -> Answer:
    """Turn down what is proposed about a test."""
    via = via_of(person)
    count = _ordered(
        lambda: experiment_orders.keep_running(ground.app, experiment_id, person.id, reason, via)
    )
    if isinstance(count, Refused):
        return count
    return Done(f"It runs on: {count} proposal{'s' if count != 1 else ''} turned down")


def stopped(ground: Ground, experiment_id: str, person: Person, reason: str) -> Answer:
    """End a test before its rule spoke, or ask for it."""
    ended = _ordered(lambda: experiments.stop(ground.app, experiment_id, person.id, reason))
    if isinstance(ended, Refused):
        return ended
    if ended.status is Status.WAITING:
        return Done("Asked for: the rule lets it run, so somebody else decides whether it ends")
    return Done("Stopped: what it showed so far is no verdict")


def _shipped(judged: Judged) -> str:
    if judged.status is Status.WAITING:
        return "Asked for: somebody else decides whether it is kept from now on"
    return "Kept from now on: the next cycle goes by it"


def _ordered(order: Callable[[], _Made]) -> _Made | Refused:
    try:
        return order()
    except experiments.UnknownExperiment as error:
        return Refused(sentence(str(error)), 404)
    except experiments.ExperimentRefused as error:
        return Refused(sentence(str(error)))
