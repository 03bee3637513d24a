"""Cycle: one recurrence of a campaign, from brief to lessons. Read this first.

Each stage gathers what it needs through the gate, decides purely, and submits proposals to the
gate. It answers Next, Wait or Done and never sleeps: a waiting cycle is a row with a wake-up
time. Running a stage again after a crash is harmless, because everything it asks of the gate is
named by its content.
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.campaign.model_call import ModelCall, ModelCalls
from drumbeat.cycle import (
    approval,
    building,
    compliance,
    intake,
    launch,
    learning,
    monitoring,
    optimization,
    planning,
    stage_clocks,
    trouble,
)
from drumbeat.cycle.desk import Desk, Office, desk_for
from drumbeat.cycle.step import Done, Next, Step, Wait
from drumbeat.gate.reads import ReadDenied
from drumbeat.store import cycles
from drumbeat.store.cycles import CycleStatus

Stage = Callable[[Desk], Step]

STAGES: tuple[tuple[str, Stage], ...] = (
    ("intake", intake.run),
    ("planning", planning.run),
    ("building", building.run),
    ("compliance", compliance.run),
    ("approval", approval.run),
    ("launch", launch.run),
    ("monitoring", monitoring.run),
    ("optimization", optimization.run),
    ("learning", learning.run),
)
NAMES = tuple(name for name, _ in STAGES)
FIRST = NAMES[0]
_RUN = dict(STAGES)
# The document that holds what models were asked and answered.
MODEL_CALLS = "model_calls"

Commit = Callable[[Callable[[sa.Connection], None], datetime | None], None]


def advance(office: Office, cycle_id: str, commit: Commit) -> None:
    """Run the cycle's present stage and write down its answer, fenced by ``commit``."""
    with office.database.read() as connection:
        cycle = cycles.load(connection, cycle_id)
    if cycle is None or cycle.status is not CycleStatus.OPEN:
        commit(_nothing, None)
        return
    desk = desk_for(office, cycle)
    with desk.accountable():
        step = _answer(desk)
    match step:
        case Next() as on:
            commit(lambda transaction: _go_on(desk, transaction, on), office.now)
        case Wait() as wait:
            commit(lambda transaction: _wait(desk, transaction, wait), wait.until)
        case Done() as done:
            commit(lambda transaction: _finish(desk, transaction, done), None)


def _answer(desk: Desk) -> Step:
    """The stage's answer; an agent that may not read what it needs is stuck until it may."""
    try:
        return _RUN[desk.cycle.stage](desk)
    except ReadDenied as denied:
        return trouble.stuck(desk, "data", denied.agent, str(denied))


def _go_on(desk: Desk, transaction: sa.Connection, step: Next) -> None:
    _keep(desk, transaction, step)
    following = NAMES[NAMES.index(desk.cycle.stage) + 1]
    stage_clocks.moves(desk, transaction, following)
    cycles.move(transaction, desk.cycle.id, stage=following, entered_at=desk.now, waiting="")


def _wait(desk: Desk, transaction: sa.Connection, step: Wait) -> None:
    _keep(desk, transaction, step)
    stage_clocks.waits(desk, transaction)
    if step.reason != desk.cycle.waiting:
        cycles.move(transaction, desk.cycle.id, waiting=step.reason)


def _finish(desk: Desk, transaction: sa.Connection, step: Done) -> None:
    _keep(desk, transaction, step)
    is_whole = desk.cycle.stage == NAMES[-1]
    status = CycleStatus.DONE if is_whole else CycleStatus.ENDED
    stage_clocks.ends(desk, transaction)
    cycles.move(transaction, desk.cycle.id, status=status, waiting=step.outcome)
    desk.note_in(
        transaction,
        "cycle_done" if is_whole else "cycle_ended",
        "system:cycle",
        stage=desk.cycle.stage,
        outcome=step.outcome,
    )


def _keep(desk: Desk, transaction: sa.Connection, step: Step) -> None:
    desk.tell_reads(transaction)
    documents = dict(step.documents)
    if step.calls:
        documents[MODEL_CALLS] = _told(desk, transaction, step.calls)
    if step.note is not None:
        entry = desk.note_in(transaction, step.note.kind, step.note.actor, **step.note.body)
        cited = step.note.cited_by
        if cited:
            documents[cited] = documents[cited].model_copy(update={"entry": entry.seq})
    for kind, document in documents.items():
        body = document.model_dump(mode="json")
        cycles.write(transaction, desk.cycle.id, kind, body, desk.now)


def _told(desk: Desk, transaction: sa.Connection, calls: tuple[ModelCall, ...]) -> ModelCalls:
    """The ledger's line for each call, and the cycle's calls with these."""
    for one in calls:
        desk.note_in(transaction, "called_model", f"agent:{one.agent}", **one.figures)
    return (desk.kept(MODEL_CALLS, ModelCalls) or ModelCalls()).and_(calls)


def _nothing(_: sa.Connection) -> None:
    pass
