"""Rollback: takes a decision back through the same door, or says plainly why that cannot be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS, inverse
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks.c00_stale import agrees
from drumbeat.core.governance.proposal import propose
from drumbeat.core.governance.teaching import context_of
from drumbeat.gate import demotion, internal, record
from drumbeat.gate.door import Door
from drumbeat.gate.facts import read_current
from drumbeat.gate.submit import submit
from drumbeat.gate.teach import teach
from drumbeat.store import effects, ledger, proposals
from drumbeat.store.effects import EffectStatus
from drumbeat.store.proposals import Judged, Status

_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Undo:
    """One step back: the action that would take ``proposal`` back."""

    proposal: str
    action: Action


@dataclass(frozen=True)
class CannotUndo:
    """Why a step cannot be taken back."""

    proposal: str
    why: str


Step = Undo | CannotUndo


def plan(door: Door, proposal_id: str) -> Step | None:
    """What rolling this decision back would do; None when there is no such decision."""
    with door.database.read() as connection:
        judged = proposals.load(connection, proposal_id)
        effect = effects.of_proposal(connection, proposal_id) if judged else None
    if judged is None:
        return None
    if judged.proposal.part_of:
        # One side of a move is taken back with the other, so that nobody has more than both had.
        whole = plan(door, judged.proposal.part_of)
        if isinstance(whole, Undo):
            return whole
    if KINDS[judged.proposal.action.kind].is_internal:
        return _internal(door, judged)
    if effect is None or effect.status is not EffectStatus.DONE:
        state = effect.status if effect else judged.status
        return CannotUndo(proposal_id, f"nothing was changed by it: it is {state}")
    return _step(door, judged, door.now)


def plan_last(door: Door, campaign: str) -> Step | None:
    """What would take back the campaign's last change; None when nothing was changed yet."""
    with door.database.read() as connection:
        last = effects.newest(connection, campaign)
    return plan(door, last.proposal) if last else None


def plan_to(door: Door, campaign: str, point: datetime) -> list[Step]:
    """The steps that take a campaign back to ``point``, the newest change first."""
    with door.database.read() as connection:
        changed = [
            effect.proposal
            for effect in effects.finished(connection, campaign, point)
            if effect.status is EffectStatus.DONE
        ]
    steps = [step for one in changed if (step := plan(door, one)) is not None]
    return list({step.proposal: step for step in steps}.values())


def roll_back(door: Door, step: Undo, by: Actor, reason: str, code: str = "wrong") -> Judged:
    """Propose the inverse as a person's change; it is judged like any other."""
    asked = propose(
        step.action,
        by,
        reason,
        now=door.now,
        expires_at=door.now + _LIFE,
        occasion=f"rollback of {step.proposal} at {door.now.isoformat()}",
    ).model_copy(update={"takes_back": step.proposal})
    judged = submit(door, asked)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        taken = proposals.load(transaction, step.proposal)
        entry = record.about(
            transaction,
            "rolled_back",
            asked,
            at=door.now,
            actor=str(by),
            reason=reason,
            code=code,
            of=step.proposal,
            context=context_of(taken.proposal.action) if taken else "",
            verdict=judged.verdict.verdict,
        )
        if taken is not None and taken.proposal.by.is_agent and by.is_person:
            cause = f"ledger#{entry.seq}"
            teach(door, transaction, taken, reason, code, cause)
            demotion.after_override(door, transaction, taken, code, str(by), cause)
    return judged


def _internal(door: Door, judged: Judged) -> Step:
    """A change of Drumbeat's own state: set back, unless it was set again since."""
    asked = judged.proposal
    back = inverse(asked.action)
    if judged.status not in (Status.APPROVED, Status.ALLOWED):
        return CannotUndo(asked.id, f"nothing was changed by it: it is {judged.status}")
    if back is None:
        return CannotUndo(asked.id, f"{asked.action.kind} cannot be taken back")
    with door.database.read() as connection:
        current = internal.read(door, connection, back)
    if not agrees(current, back.before):
        return CannotUndo(asked.id, "it has been set again since; roll the later change back first")
    return Undo(asked.id, back)


def _step(door: Door, judged: Judged, now: datetime) -> Step:
    action = judged.proposal.action
    back = inverse(action)
    if back is None:
        return CannotUndo(judged.proposal.id, f"{action.kind} cannot be taken back")
    sent = _already_out(action, now)
    if sent:
        return CannotUndo(judged.proposal.id, sent)
    current = read_current(door, action)
    # Take back from what is there now, so that a later change is not silently lost with it.
    if current != action.after:
        why = "the target has changed since; roll the later change back first"
        return CannotUndo(judged.proposal.id, why)
    return Undo(judged.proposal.id, back)


def _already_out(action: Action, now: datetime) -> str:
    after = action.after if isinstance(action.after, dict) else {}
    at = after.get("send_at")
    if action.kind != "email.schedule_send" or not isinstance(at, str):
        return ""
    if datetime.fromisoformat(at) > now:
        return ""
    return f"already delivered to {action.audience_size:,} people"
