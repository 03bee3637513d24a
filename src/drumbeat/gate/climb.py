"""Climb: the steps of an escalation, one after another, until somebody answers.

Each step is claimed by compare-and-set and commits with what it does, so that any number of
workers may watch, and a crash between the two is impossible.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.operations import sla_clock
from drumbeat.core.operations.escalation import AlertKind, EscalationState, Manner
from drumbeat.core.operations.incident import IncidentNote
from drumbeat.core.operations.ladder import Ladder, Step, StepKind, due_at
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.gate.door import CLOCKS, EFFECTS, Door
from drumbeat.gate.hold import hold_in
from drumbeat.gate.notify import News, tell
from drumbeat.gate.recipients import manager, people_of
from drumbeat.store import clocks, dues, escalations, incidents, ledger
from drumbeat.store.escalations import EscalationRow

# An acknowledged failure that is not resolved comes back to whoever has it in hand.
REMIND_AFTER = {"critical": timedelta(hours=1), "warning": timedelta(hours=24)}
_MOST_REMINDERS = 9


def step(door: Door, transaction: sa.Connection, row: EscalationRow) -> bool:
    """Do what is due for an escalation; False when another worker has done it."""
    match EscalationState(row.state):
        case EscalationState.OPEN:
            return _next_step(door, transaction, row)
        case EscalationState.ACKNOWLEDGED:
            return _remind(door, transaction, row)
        case EscalationState.SNOOZED:
            return _wake_up(door, transaction, row)
        case EscalationState.RESOLVED:
            return escalations.take(transaction, row, next_at=None)


def join(door: Door, transaction: sa.Connection, row: EscalationRow) -> None:
    """Tell those who know of the group, by digest, of one more that belongs to it."""
    leader = escalations.load(transaction, row.leader)
    told = ladder_of(leader).steps[: leader.position] if leader else ()
    people = [p for one in told if one.kind is StepKind.TELL for p in _people(door, row, one)]
    tell(door, transaction, people, _news(row, row.text, "joined", Manner.MEMBER))


def hold_back(door: Door, transaction: sa.Connection, row: EscalationRow) -> None:
    """Tell the first in line, by digest, of something that comes and goes."""
    first = next(one for one in ladder_of(row).steps if one.kind is StepKind.TELL)
    text = f"comes and goes: {row.text}"
    people = _people(door, row, first)
    tell(door, transaction, people, _news(row, text, "flapping", Manner.FLAPPING))


def ladder_of(row: EscalationRow) -> Ladder:
    """The ladder as it was when the failure was noticed."""
    return Ladder.model_validate(row.detail["ladder"])


def note(door: Door, transaction: sa.Connection, row: EscalationRow, by: str, text: str) -> None:
    """A line on the timeline of the escalation's incident, where it has one."""
    story = row.detail.get("incident")
    if story:
        line = IncidentNote(incident=story, at=door.now, actor=by, text=text)
        incidents.note(transaction, line)


def _next_step(door: Door, transaction: sa.Connection, row: EscalationRow) -> bool:
    ladder = ladder_of(row)
    position = _passing_over(door, row, ladder)
    if position >= len(ladder.steps):
        return escalations.take(transaction, row, next_at=None)
    due = due_at(ladder, position + 1, door.now)
    if not escalations.take(transaction, row, position=position + 1, next_at=due):
        return False
    if due is not None:
        dues.schedule(transaction, CLOCKS, due)
    _perform(door, transaction, row, ladder.steps[position])
    return True


def _passing_over(door: Door, row: EscalationRow, ladder: Ladder) -> int:
    """The step to take: a level with nobody in it gives way at once to a later one."""
    position, steps = row.position, ladder.steps
    while position < len(steps) and steps[position].kind is StepKind.TELL:
        more = any(one.kind is StepKind.TELL for one in steps[position + 1 :])
        if not more or people_of(door, steps[position].to, row.campaign):
            break
        position += 1
    return position


def _perform(door: Door, transaction: sa.Connection, row: EscalationRow, taken: Step) -> None:
    match taken.kind:
        case StepKind.REPAIR:
            _repair(door, transaction, row, taken.to)
        case StepKind.TELL:
            _tell(door, transaction, row, taken, row.text)
        case StepKind.AGAIN:
            _tell(door, transaction, row, taken, f"still unanswered: {row.text}")
        case StepKind.FREEZE:
            _freeze(door, transaction, row, taken)
        case StepKind.GIVE_UP:
            _record(door, transaction, row, "unanswered", "system:router", step=row.position)


def _repair(door: Door, transaction: sa.Connection, row: EscalationRow, agent: str) -> None:
    """The responsible agent gets one try at once: its stage, or what it sent, is tried again."""
    dues.wake_cycle(transaction, row.cycle, door.now)
    dues.poke(transaction, EFFECTS, door.now)
    _record(door, transaction, row, "self_repair", agent, why=row.text)
    note(door, transaction, row, agent, "tries again by itself, once")


def _tell(
    door: Door, transaction: sa.Connection, row: EscalationRow, taken: Step, text: str
) -> None:
    people = _people(door, row, taken)
    late = _alerted(door, transaction, row)
    more = len(escalations.members(transaction, row.id))
    text += f" ({more} more like it)" if more else ""
    text += f" (noticed too late: it was due at {late:%H:%M} UTC)" if late else ""
    tell(door, transaction, people, _news(row, text, str(row.position)))
    _record(door, transaction, row, "told", "system:router", people=list(people), step=row.position)
    note(door, transaction, row, "system:router", f"told {', '.join(people)}")


def _freeze(door: Door, transaction: sa.Connection, row: EscalationRow, taken: Step) -> None:
    """Nobody answered something critical: the safe state, never an approval."""
    scope = (
        Scope(kind=ScopeKind.CAMPAIGN, of=row.campaign)
        if row.campaign in door.rules.campaigns
        else Scope(kind=ScopeKind.WORKSPACE)
    )
    why = f"nobody answered: {row.text}"
    hold_in(door, transaction, HoldMode.FREEZE, scope, Actor.system("escalation"), why)
    text = f"{scope} is frozen, for nobody answered: {row.text}"
    people = dict.fromkeys((*_people(door, row, taken), *people_of(door, "role:manager", "")))
    tell(door, transaction, people, _news(row, text, "frozen"))
    note(door, transaction, row, "system:escalation", f"froze {scope}")


def _alerted(door: Door, transaction: sa.Connection, row: EscalationRow) -> datetime | None:
    """Stop the detection clock: people are told now. The deadline, where it was missed."""
    missed = None
    for clock, version in clocks.of_subject(transaction, row.id):
        changed, noticed = sla_clock.hear(clock, Milestone.ALERTED, door.now)
        clocks.change(transaction, changed, version)
        missed = next((one.at for one in noticed if one.is_breach), missed)
    if missed is not None:
        _record(door, transaction, row, "sla_breached", "system:clock", due_at=missed.isoformat())
    return missed


def _remind(door: Door, transaction: sa.Connection, row: EscalationRow) -> bool:
    """Whoever has it in hand hears of it again, nine times at most."""
    count = row.detail.get("reminders", 0) + 1
    again = door.now + REMIND_AFTER.get(row.severity, timedelta(hours=24))
    next_at = again if count < _MOST_REMINDERS else None
    detail = {**row.detail, "reminders": count}
    if not escalations.take(transaction, row, next_at=next_at, detail=detail):
        return False
    if next_at is not None:
        dues.schedule(transaction, CLOCKS, next_at)
    text = f"acknowledged, not resolved: {row.text}"
    tell(door, transaction, [row.answered_by], _news(row, text, f"reminder-{count}"))
    return True


def _wake_up(door: Door, transaction: sa.Connection, row: EscalationRow) -> bool:
    """The snooze is over: whoever asked for it is told, and the climb goes on from here."""
    due = due_at(ladder_of(row), row.position, door.now)
    if not escalations.take(transaction, row, state=EscalationState.OPEN, next_at=due):
        return False
    if due is not None:
        dues.schedule(transaction, CLOCKS, due)
    text = f"no longer snoozed: {row.text}"
    tell(door, transaction, [row.answered_by], _news(row, text, f"woken-{door.now.isoformat()}"))
    return True


def _people(door: Door, row: EscalationRow, taken: Step) -> tuple[str, ...]:
    return people_of(door, taken.to, row.campaign) or (manager(door),)


def _news(row: EscalationRow, text: str, occasion: str, manner: Manner = Manner.NEWS) -> News:
    if row.kind == AlertKind.SLA and manner is Manner.NEWS:
        manner = Manner.LATE
    return News(
        escalation=row.id,
        campaign=row.campaign,
        severity=row.severity,
        text=text,
        occasion=f"{row.opened_at.isoformat()}/{occasion}",
        manner=manner,
        quiet=ladder_of(row).quiet,
    )


def _record(
    door: Door,
    transaction: sa.Connection,
    row: EscalationRow,
    kind: str,
    actor: str,
    **body: object,
) -> None:
    ledger.append(
        transaction,
        kind,
        at=door.now,
        actor=actor,
        subject=row.id,
        campaign=row.campaign,
        cycle=row.cycle,
        **body,
    )
