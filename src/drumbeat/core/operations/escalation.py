"""Escalations: what a new failure means beside those that are open: news, or part of something.

``place`` answers for one failure: is it known already, held back by a silence, explained by
another failure, part of a group that somebody was told of, flapping, or news that a person is
told at once?
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from drumbeat.core.canonical import name
from drumbeat.core.operations.silence import Silence, silencing

# Opening again this often within the window is flapping: it is shown, but nobody is called.
_FLAPS = 3
_FLAP_WINDOW = timedelta(hours=1)


class EscalationState(StrEnum):
    """Acknowledged is not resolved: somebody has it in hand, and is reminded of it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class AlertKind(StrEnum):
    """Where a failure was noticed; a lost connection explains failures of what it measures."""

    STAGE = "stage"
    METRIC = "metric"
    # Of the shop or the site, which all campaigns share.
    SITE = "site"
    CONNECTION = "connection"
    EFFECT = "effect"
    SLA = "sla"
    DECISION = "decision"
    SYSTEM = "system"


@dataclass(frozen=True)
class Failure:
    """Something went wrong. ``key`` tells it from others of its class and campaign.

    ``connections`` are those it rests on, or, for a lost one, the one that was lost.
    """

    failure: str
    severity: str
    key: str
    kind: AlertKind
    campaign: str = ""
    connections: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The same for the same failure, however often it is noticed."""
        return name("esc", self.failure, self.campaign, self.key)


@dataclass(frozen=True)
class OpenOne:
    """What ``place`` must know of an escalation that is not resolved."""

    id: str
    failure: str
    severity: str
    campaign: str
    kind: AlertKind
    state: EscalationState
    connections: frozenset[str] = frozenset()
    group: str = ""
    inhibited_by: str = ""


class Manner(StrEnum):
    """How a failure is taken in."""

    KNOWN = "known"
    NEWS = "news"
    LATE = "late"
    MEMBER = "member"
    INHIBITED = "inhibited"
    SILENCED = "silenced"
    FLAPPING = "flapping"


@dataclass(frozen=True)
class Placed:
    """``of`` is the escalation that leads the group or explains this one, or the silence."""

    manner: Manner
    of: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Surroundings:
    """What is open, what is silenced, and when this very failure was opened before."""

    now: datetime
    open_ones: Mapping[str, OpenOne] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    opened_before: tuple[datetime, ...] = ()


def place(failure: Failure, around: Surroundings) -> Placed:
    """How the failure is taken in; the first of these that applies."""
    if failure.id in around.open_ones:
        return Placed(Manner.KNOWN, failure.id)
    silence = silencing(around.silences, failure, around.now)
    if silence is not None:
        return Placed(Manner.SILENCED, silence.id, silence.until)
    explained_by = _explaining(failure, around.open_ones.values())
    if explained_by is not None:
        return Placed(Manner.INHIBITED, explained_by)
    if failure.kind is AlertKind.SLA:
        # A broken promise is never one of many: it is told by itself, within the minute.
        return Placed(Manner.LATE)
    leader = _leading(failure, around.open_ones.values())
    if leader is not None:
        return Placed(Manner.MEMBER, leader)
    if is_flapping(around.opened_before, around.now):
        return Placed(Manner.FLAPPING)
    return Placed(Manner.NEWS)


def is_flapping(opened_before: Iterable[datetime], now: datetime) -> bool:
    """Whether opening now would be the third time or more within the window."""
    lately = [at for at in opened_before if now - at <= _FLAP_WINDOW]
    return len(lately) >= _FLAPS - 1


def is_explained(failure: Failure, lost: OpenOne) -> bool:
    """A lost connection explains what is measured over it; never a critical failure."""
    if lost.kind is not AlertKind.CONNECTION or lost.state is EscalationState.RESOLVED:
        return False
    is_measured = failure.kind is AlertKind.METRIC and failure.severity != "critical"
    return is_measured and bool(failure.connections & lost.connections)


def _explaining(failure: Failure, open_ones: Iterable[OpenOne]) -> str | None:
    return min((one.id for one in open_ones if is_explained(failure, one)), default=None)


def _leading(failure: Failure, open_ones: Iterable[OpenOne]) -> str | None:
    """The open escalation of the same campaign, class and severity that people were told of.

    One that was acknowledged or snoozed leads no more: what comes after it is news.
    """
    same = (failure.campaign, failure.failure, failure.severity)
    leading = (
        one.id
        for one in open_ones
        if (one.campaign, one.failure, one.severity) == same
        and one.state is EscalationState.OPEN
        and not one.group
        and not one.inhibited_by
    )
    return min(leading, default=None)
