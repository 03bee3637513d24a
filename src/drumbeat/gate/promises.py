"""Promises: starts the SLA clocks of what begins, in the caller's transaction."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.operations import sla_clock
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.gate.door import CLOCKS, Door
from drumbeat.store import clocks, dues


def begin(
    door: Door,
    transaction: sa.Connection,
    milestone: Milestone,
    *,
    at: datetime,
    subject: str,
    campaign: str,
    cycle: str = "",
) -> None:
    """Start every clock of the campaign that this milestone starts; starting again is harmless."""
    rules = door.rules.campaigns.get(campaign)
    for promise in rules.promises if rules else ():
        if milestone not in promise.policy.start:
            continue
        made = sla_clock.start(
            promise.policy, promise.calendar, subject=subject, at=at, campaign=campaign, cycle=cycle
        )
        deadline = sla_clock.next_at(made)
        if clocks.add(transaction, made) and deadline is not None:
            dues.schedule(transaction, CLOCKS, deadline)
