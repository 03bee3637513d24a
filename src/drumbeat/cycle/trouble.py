"""Trouble: what a stage does when an agent refuses or a check blocks: tell the owner and wait."""

from datetime import timedelta

from drumbeat.agents.refusal import Refusal
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.step import Done, Step, Wait
from drumbeat.gate.escalate import escalate

_TRY_AGAIN = timedelta(hours=4)


def refused(desk: Desk, refusal: Refusal) -> Step:
    """An agent lacks something only a person can supply."""
    missing = "; ".join(refusal.missing)
    text = f"{refusal.agent} cannot go on: {refusal.why}" + (f" ({missing})" if missing else "")
    return stuck(desk, str(refusal.failure_class), refusal.agent, text)


def stuck(desk: Desk, failure: str, agent: str, text: str) -> Step:
    """Escalate once and look again later; past its moment the cycle ends instead."""
    if desk.now < desk.cycle.occurrence_at:
        tell(desk, failure, agent, text)
    return wait(desk, text)


def wait(desk: Desk, text: str) -> Step:
    """Look again later, or end the cycle where its moment has passed."""
    if desk.now >= desk.cycle.occurrence_at:
        return Done(text)
    return Wait(min(desk.now + _TRY_AGAIN, desk.cycle.occurrence_at), text)


def tell(desk: Desk, failure: str, agent: str, text: str) -> None:
    """Escalate to the owner of this class of failure, once a stage of a cycle."""
    with desk.office.database.write() as transaction:
        is_new = escalate(
            desk.gate.door,
            transaction,
            failure=failure,
            severity="warning",
            campaign=desk.campaign.campaign,
            cycle=desk.cycle.id,
            text=text,
            key=f"{desk.cycle.id}/{desk.cycle.stage}",
        )
        if is_new:
            desk.note_in(transaction, "stuck", f"agent:{agent}", stage=desk.cycle.stage, why=text)
