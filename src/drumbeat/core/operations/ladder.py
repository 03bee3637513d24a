"""Ladders: an escalation policy unrolled into the finite list of steps one failure goes through.

Unrolled once, when the failure is noticed, and kept with it: editing the policy later changes no
escalation that is already on its way.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.quiet_hours import QuietHours
from drumbeat.core.noun import Noun

# How long the last level gets before it is told again.
_AGAIN_AFTER = {Severity.CRITICAL: timedelta(minutes=15), Severity.WARNING: timedelta(hours=4)}


class StepKind(StrEnum):
    """What a step does. ``freeze`` puts a campaign into its safe state; nothing ever approves."""

    REPAIR = "repair"
    TELL = "tell"
    AGAIN = "again"
    FREEZE = "freeze"
    GIVE_UP = "give_up"


class Step(Noun):
    """``wait`` is counted from the step before it (from the failure, for the first)."""

    kind: StepKind
    to: str = ""
    wait: timedelta


class Ladder(Noun):
    """``quiet`` holds back what is not critical; ``version`` names the policy it came from."""

    steps: tuple[Step, ...] = Field(min_length=1)
    quiet: QuietHours | None = None
    version: str = ""


def unroll(
    tiers: Iterable[tuple[str, timedelta]],
    *,
    repeat: int,
    severity: Severity,
    quiet: QuietHours | None = None,
    version: str = "",
) -> Ladder:
    """The steps of tiers (whom, and how long after the failure), ``repeat`` at most nine times.

    A critical failure that nobody answered at the last tier ends in a freeze.
    """
    steps, before = [], timedelta()
    for to, after in tiers:
        kind = StepKind.REPAIR if to.startswith("agent:") else StepKind.TELL
        steps.append(Step(kind=kind, to=to, wait=max(after - before, timedelta())))
        before = max(after, before)
    again = _AGAIN_AFTER[severity]
    last = steps[-1].to
    steps += [Step(kind=StepKind.AGAIN, to=last, wait=again)] * min(repeat, 9)
    is_critical = severity is Severity.CRITICAL
    end = StepKind.FREEZE if is_critical else StepKind.GIVE_UP
    steps.append(Step(kind=end, to=last, wait=again))
    return Ladder(steps=tuple(steps), quiet=None if is_critical else quiet, version=version)


def due_at(ladder: Ladder, position: int, since: datetime) -> datetime | None:
    """When the step at ``position`` is due, the one before it done at ``since``; None at the end.

    Counted from when the step before was really done, so that after an outage people still get
    their time to answer before the next one hears of it. Quiet hours put off all but the first
    person's notice.
    """
    if position >= len(ladder.steps):
        return None
    at = since + ladder.steps[position].wait
    has_told = any(step.kind is StepKind.TELL for step in ladder.steps[:position])
    return ladder.quiet.ends_after(at) if ladder.quiet and has_told else at


def to_people_at_once(ladder: Ladder) -> Ladder:
    """The same without an agent's own try, the first person told at once."""
    steps = [step for step in ladder.steps if step.kind is not StepKind.REPAIR]
    first = steps[0].model_copy(update={"wait": timedelta()})
    return ladder.model_copy(update={"steps": (first, *steps[1:])})
