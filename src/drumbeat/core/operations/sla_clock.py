"""SLA clocks: how much of a promise is used up, and the moments at which that must be noticed.

A clock is a value: every function takes one and gives a new one. It carries the policy and the
calendar it started under, so that editing either never changes a clock that runs.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from drumbeat.core.canonical import name
from drumbeat.core.noun import Noun
from drumbeat.core.operations.business_calendar import BusinessCalendar, after, elapsed
from drumbeat.core.operations.sla_policy import Milestone, SlaPolicy
from drumbeat.core.units import Moment


class ClockState(StrEnum):
    """``met``: stopped in time. ``breached``: it ran out, whether or not it was stopped later."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


class SlaClock(Noun):
    """``accumulated`` is what was used up before ``since``; ``since`` is None while paused.

    ``reset_at`` is when the counting last began afresh; ``warned`` are the shares told of.
    """

    id: str
    policy: SlaPolicy
    calendar: BusinessCalendar
    subject: str
    campaign: str
    cycle: str
    state: ClockState
    started_at: Moment
    accumulated: timedelta = timedelta()
    since: Moment | None
    paused_by: tuple[Milestone, ...] = ()
    reset_at: Moment | None = None
    warned: tuple[float, ...] = ()
    breached_at: Moment | None = None
    stopped_at: Moment | None = None

    @property
    def is_live(self) -> bool:
        """Whether it can still be met."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)


class Noticed(Noun):
    """What a look found: a share was used up at ``at``, or (1.0) the whole promise."""

    clock: str
    share: float
    at: Moment

    @property
    def is_breach(self) -> bool:
        return self.share >= 1


Looked = tuple[SlaClock, tuple[Noticed, ...]]


def start(
    policy: SlaPolicy,
    calendar: BusinessCalendar,
    *,
    subject: str,
    at: datetime,
    campaign: str = "",
    cycle: str = "",
) -> SlaClock:
    """A clock that runs from ``at``."""
    return SlaClock(
        id=name("sla", policy.id, subject, at),
        policy=policy,
        calendar=calendar,
        subject=subject,
        campaign=campaign,
        cycle=cycle,
        state=ClockState.RUNNING,
        started_at=at,
        since=at,
    )


def used(clock: SlaClock, at: datetime) -> timedelta:
    """How much of the target is used up at a moment not before the clock's last change."""
    running = elapsed(clock.calendar, clock.since, at) if clock.since else timedelta()
    return clock.accumulated + running


def runs_out_at(clock: SlaClock, share: float = 1.0) -> datetime | None:
    """When this share of the target will be used up; None while paused or over."""
    if clock.since is None or not clock.is_live:
        return None
    return after(clock.calendar, clock.since, clock.policy.target * share - clock.accumulated)


def next_at(clock: SlaClock) -> datetime | None:
    """When the clock must be looked at next: the next warning, or the end of the promise."""
    ahead = [share for share in clock.policy.warn_at if share not in clock.warned]
    return runs_out_at(clock, min([*ahead, 1.0]))


def look(clock: SlaClock, now: datetime) -> Looked:
    """Note every share used up by ``now``, each once. After a breach earlier shares are no news."""
    due_at = runs_out_at(clock)
    if due_at is not None and due_at <= now:
        over = clock.model_copy(update={"state": ClockState.BREACHED, "breached_at": due_at})
        return over, (Noticed(clock=clock.id, share=1.0, at=due_at),)
    found = []
    for share in clock.policy.warn_at:
        at = None if share in clock.warned else runs_out_at(clock, share)
        if at is not None and at <= now:
            found.append(Noticed(clock=clock.id, share=share, at=at))
    if not found:
        return clock, ()
    warned = (*clock.warned, *(one.share for one in found))
    return clock.model_copy(update={"warned": warned}), tuple(found[-1:])


def hear(clock: SlaClock, milestone: Milestone, at: datetime) -> Looked:
    """What a milestone does to the clock: stop, pause, go on, start afresh, or nothing.

    What ran out before the milestone came has run out: the breach is noticed here at the latest.
    """
    clock, noticed = look(clock, at)
    policy = clock.policy
    if milestone in policy.stop:
        return _stopped(clock, at), noticed
    if not clock.is_live:
        return clock, noticed
    if milestone in policy.reset:
        return _reset(clock, at), noticed
    if milestone in policy.pause and milestone not in clock.paused_by:
        return _paused(clock, milestone, at), noticed
    if milestone in policy.pause.values():
        return _resumed(clock, milestone, at), noticed
    return clock, noticed


def _stopped(clock: SlaClock, at: datetime) -> SlaClock:
    if clock.stopped_at is not None:
        return clock
    state = ClockState.MET if clock.is_live else clock.state
    changed = {"state": state, "stopped_at": at, "accumulated": used(clock, at), "since": None}
    return clock.model_copy(update=changed)


def _reset(clock: SlaClock, at: datetime) -> SlaClock:
    since = at if clock.since is not None else None
    fresh = {"accumulated": timedelta(), "since": since, "warned": (), "reset_at": at}
    return clock.model_copy(update=fresh)


def _paused(clock: SlaClock, milestone: Milestone, at: datetime) -> SlaClock:
    paused_by = (*clock.paused_by, milestone)
    changed = {"accumulated": used(clock, at), "since": None, "paused_by": paused_by}
    return clock.model_copy(update={"state": ClockState.PAUSED, **changed})


def _resumed(clock: SlaClock, milestone: Milestone, at: datetime) -> SlaClock:
    """Go on once every reason to pause is gone."""
    left = tuple(one for one in clock.paused_by if clock.policy.pause.get(one) is not milestone)
    if left or not clock.paused_by:
        return clock.model_copy(update={"paused_by": left})
    changed = {"state": ClockState.RUNNING, "since": at, "paused_by": ()}
    return clock.model_copy(update=changed)
