"""SLA: the clocks hear of what happens, and whoever must know of a breach does, in one commit."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.governance.freeze import HoldMode, ScopeKind
from drumbeat.core.operations import sla_clock
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.sla_clock import Noticed, SlaClock
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.core.units import show_duration
from drumbeat.gate import promises
from drumbeat.gate.door import CLOCKS, Door
from drumbeat.gate.escalate import escalate
from drumbeat.gate.notify import News, tell
from drumbeat.gate.recipients import manager, people_of
from drumbeat.store import clocks, dues, holds, ledger


def hear(
    door: Door,
    transaction: sa.Connection,
    milestone: Milestone,
    *,
    subject: str,
    campaign: str,
    cycle: str = "",
    at: datetime | None = None,
) -> None:
    """Something happened to ``subject``: clocks start, stop, pause or go on; breaches are told."""
    moment = at or door.now
    for clock, version in clocks.of_subject(transaction, subject):
        _keep(door, transaction, clock, version, *sla_clock.hear(clock, milestone, moment))
    promises.begin(
        door, transaction, milestone, at=moment, subject=subject, campaign=campaign, cycle=cycle
    )


def look(door: Door, transaction: sa.Connection) -> None:
    """Look at every clock that is due; a breach and its notice commit together."""
    for clock, version in clocks.due(transaction, door.now):
        _keep(door, transaction, clock, version, *sla_clock.look(clock, door.now))


def follow_holds(door: Door, transaction: sa.Connection) -> None:
    """Clocks of what is frozen stand still, and go on when it is not."""
    scopes = [h.scope for h in holds.in_force(transaction) if h.mode is HoldMode.FREEZE]
    everything = any(scope.kind is ScopeKind.WORKSPACE for scope in scopes)
    named = {scope.of for scope in scopes if scope.kind is ScopeKind.CAMPAIGN}
    held = sorted(door.rules.campaigns) if everything else sorted(named)
    for clock, version in clocks.frozen(transaction):
        if clock.campaign not in held:
            _keep(door, transaction, clock, version, *_heard(door, clock, Milestone.THAWED))
    for campaign in held:
        for clock, version in clocks.of_campaign(transaction, campaign):
            _keep(door, transaction, clock, version, *_heard(door, clock, Milestone.FROZEN))


def _heard(door: Door, clock: SlaClock, milestone: Milestone) -> sla_clock.Looked:
    return sla_clock.hear(clock, milestone, door.now)


def _keep(
    door: Door,
    transaction: sa.Connection,
    clock: SlaClock,
    version: int,
    changed: SlaClock,
    noticed: tuple[Noticed, ...],
) -> None:
    """Write what became of a clock; only who wrote it tells, so that nobody is told twice."""
    if changed == clock or not clocks.change(transaction, changed, version):
        return
    deadline = sla_clock.next_at(changed)
    if deadline is not None:
        dues.schedule(transaction, CLOCKS, deadline)
    for one in noticed:
        if one.is_breach:
            _breached(door, transaction, changed, one)
        else:
            _warn(door, transaction, changed, one)


def _breached(door: Door, transaction: sa.Connection, clock: SlaClock, noticed: Noticed) -> None:
    policy = clock.policy
    ledger.append(
        transaction,
        "sla_breached",
        at=door.now,
        actor="system:clock",
        subject=clock.id,
        campaign=clock.campaign,
        cycle=clock.cycle,
        stage=str(policy.stage),
        policy=f"{policy.id}@{policy.version}",
        due_at=noticed.at.isoformat(),
        started_at=clock.started_at.isoformat(),
    )
    escalate(
        door,
        transaction,
        failure=str(policy.failure),
        severity=str(policy.severity),
        campaign=clock.campaign,
        cycle=clock.cycle,
        text=f"late: {_what(clock)} was due at {noticed.at:%Y-%m-%d %H:%M} UTC"
        f", {show_duration(policy.target)} after it began",
        key=f"sla/{clock.id}",
        kind=AlertKind.SLA,
    )


def _what(clock: SlaClock) -> str:
    """The promise in words; whose cycle it is stands beside it wherever it is told."""
    stage = str(clock.policy.stage)
    return stage if clock.subject == f"cycle:{clock.cycle}" else f"{stage} of {clock.subject}"


def _warn(door: Door, transaction: sa.Connection, clock: SlaClock, noticed: Noticed) -> None:
    """Time is running out: whose promise it is hears of it, without an escalation."""
    policy, now = clock.policy, door.now
    left = max((sla_clock.runs_out_at(clock) or now) - now, timedelta())
    text = (
        f"{noticed.share:.0%} of the time for {_what(clock)} is used up; {show_duration(left)} left"
    )
    people = people_of(door, policy.owner, clock.campaign) or (manager(door),)
    news = News(
        escalation=clock.id,
        campaign=clock.campaign,
        severity="warning",
        text=text,
        occasion=f"{noticed.share}/{clock.reset_at or clock.started_at}",
    )
    tell(door, transaction, people, news)
