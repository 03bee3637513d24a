"""Registry: tests are registered, ended and rolled out through the gate, or not at all."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from pydantic import ValidationError

from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.overlap import Collides, find_overlap
from drumbeat.core.experiments.registered import Ended, Registered
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.experiments.sizing import Mode
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.json_value import JsonValue
from drumbeat.gate.door import Door
from drumbeat.store import experiments, ledger

REGISTER, STOP, ROLL_OUT = "experiment.register", "experiment.stop", "experiment.roll_out"
_OF = "experiment:"


def target_of(experiment_id: str) -> str:
    """The name actions give a test."""
    return f"{_OF}{experiment_id}"


def state_of(connection: sa.Connection, action: Action) -> JsonValue:
    """``{"status": …}`` of a registered test; None for one nobody registered."""
    kept = experiments.load(connection, action.target.removeprefix(_OF))
    return {"status": kept.status} if kept else None


def objection(door: Door, connection: sa.Connection, proposal: Proposal) -> str:
    """Why the registry does not take this change; empty where it does or has no say in it."""
    action = proposal.action
    match action.kind:
        case "experiment.register":
            return next(_against_start(door, connection, proposal), "")
        case "experiment.stop" if state_of(connection, action) is None:
            return f"no test is called {action.target.removeprefix(_OF)}"
        case _:
            return ""


def is_leaning(connection: sa.Connection, action: Action) -> bool:
    """Whether a roll-out rests on a directional test; one that names no test counts as such."""
    if action.kind != ROLL_OUT:
        return False
    kept = experiments.load(connection, _cited(action))
    return kept is None or kept.experiment.sizing.mode is Mode.DIRECTIONAL


def is_against_rule(connection: sa.Connection, action: Action) -> bool:
    """Whether the rule registered before launch says otherwise: a roll-out of what it does not
    ship, or the end of a test that it lets run and whose figures somebody could have looked at."""
    if action.kind == ROLL_OUT:
        kept = experiments.load(connection, _cited(action))
        return kept is None or kept.advice is not Answer.SHIP
    if action.kind == STOP:
        kept = experiments.load(connection, action.target.removeprefix(_OF))
        return kept is not None and kept.is_running and _is_unread_out(kept)
    return False


def start(connection: sa.Connection, action: Action, by: str, now: datetime) -> None:
    """Keep the test of an ``experiment.register``, with its ledger entry."""
    made = Experiment.model_validate(action.after)
    if not experiments.add(connection, made):
        return
    ledger.append(
        connection,
        "experiment_registered",
        at=now,
        actor=by,
        subject=made.id,
        campaign=made.campaign,
        cycle=action.cycle,
        seal=made.seal,
        hypothesis=made.hypothesis.id,
        statement=made.hypothesis.statement,
        surface=made.hypothesis.surface,
        variables=[str(one) for one in made.hypothesis.variables],
        audience=list(made.hypothesis.audience),
        arms={each.id: each.description for each in (made.arms.control, made.arms.treatment)},
        mode=str(made.sizing.mode),
        units=made.sizing.max_n,
        weeks=made.sizing.weeks,
        cost=made.sizing.cost.sentence,
        guardrails=[one.metric for one in made.guardrails],
    )


def end(connection: sa.Connection, action: Action, by: str, now: datetime) -> None:
    """End the test of an ``experiment.stop``; what its rule said, or a person, goes with it."""
    kept = experiments.load(connection, action.target.removeprefix(_OF))
    if kept is None or not kept.is_running:
        return
    given = action.after if isinstance(action.after, dict) else {}
    content = {"reason": "its registration was taken back", **given, "at": now, "by": by}
    _end(connection, kept, Ended.model_validate(content), action.cycle)


def shipped(connection: sa.Connection, action: Action, by: str, now: datetime) -> None:
    """A treatment that people roll out before its test's rule spoke ends the test: both arms
    would be the same from now on."""
    kept = experiments.load(connection, _cited(action))
    if kept is None or not kept.is_running or not by.startswith("person:"):
        return
    why = "its treatment was rolled out before its rule spoke"
    _end(connection, kept, Ended(at=now, by=by, reason=why, shown=kept.shown), action.cycle)


def _end(connection: sa.Connection, kept: Registered, ended: Ended, cycle: str) -> None:
    by, now = ended.by, ended.at
    shown = ended.shown
    entry = ledger.append(
        connection,
        "experiment_decided" if ended.answer else "experiment_stopped",
        at=now,
        actor=by,
        subject=kept.experiment.id,
        campaign=kept.experiment.campaign,
        cycle=cycle,
        seal=kept.experiment.seal,
        hypothesis=kept.experiment.hypothesis.id,
        answer=str(ended.answer) if ended.answer else "",
        reason=ended.reason,
        metric=kept.experiment.hypothesis.metric,
        effect=shown.effect.model_dump(mode="json") if shown and shown.effect else None,
        units=shown.units if shown else 0,
        taught=ended.taught,
    )
    update = {"ended": ended.model_copy(update={"entry": entry.seq}), "shown": shown or kept.shown}
    experiments.save(connection, kept.model_copy(update=update))


def cited_in(experiment_id: str, value: str) -> JsonValue:
    """What a roll-out puts into a setting: the winning value and the test that found it."""
    return {"value": value, "experiment": experiment_id}


def _is_unread_out(kept: Registered) -> bool:
    shown = kept.shown
    if shown is None or not shown.units:
        return False
    return kept.advice is Answer.KEEP_GOING and not (shown.lost or shown.is_split_broken)


def _cited(action: Action) -> str:
    return str(action.after.get("experiment", "")) if isinstance(action.after, dict) else ""


def _against_start(door: Door, connection: sa.Connection, proposal: Proposal) -> Iterator[str]:
    action = proposal.action
    try:
        made = Experiment.model_validate(action.after)
    except ValidationError as error:
        yield f"the registration is broken: {error.errors()[0]['msg']}"
        return
    if (action.target, action.campaign) != (target_of(made.id), made.campaign):
        yield "the registration is not the one its target names"
    own = door.rules.campaigns.get(made.campaign)
    if own is None or own.tests is None:
        yield f"{made.campaign} declares no surface to test on"
        return
    claim = made.hypothesis
    foreign = sorted(set(map(str, claim.variables)) - own.tests.variables)
    if foreign or claim.surface != own.tests.surface:
        yield f"{made.campaign} does not test {', '.join(foreign) or claim.surface} on its surface"
    if proposal.by.is_agent and claim.id not in door.rules.pre_approved:
        yield f"{claim.id} is not pre-approved: a person starts such a test"
    active = [one.experiment for one in experiments.running(connection)]
    mine = [one.id for one in active if one.campaign == made.campaign]
    if len(mine) >= own.tests.concurrent:
        most = own.tests.concurrent
        yield f"{made.campaign} runs at most {most} at once, and {', '.join(mine)} runs"
    found = find_overlap(claim, active)
    if isinstance(found, Collides):
        yield found.reason
