"""Campaign: a recurring campaign as a row of a table, and as a page of its own."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.phase import Phase
from drumbeat.core.money import Money
from drumbeat.web.views.change import ActorKind
from drumbeat.web.views.value import Page, Tone, Value


class Status(StrEnum):
    """How a campaign stands, the most pressing first: tables are ordered so. Frozen hides that
    something waits."""

    NEEDS_YOU = "needs you"
    RUNNING = "running"
    OBSERVING = "observing"
    FROZEN = "frozen"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    ENDED = "ended"


@dataclass(frozen=True)
class Spark:
    """28 daily values with the range expected of them; all three tuples have one length.
    ``outside`` holds the positions of the values outside the range."""

    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    outside: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pace:
    """Spend of a budget; ``expected`` is the fraction of the cap that should be spent by now."""

    spent: Money
    cap: Money
    expected: float

    @property
    def used(self) -> float:
        return self.spent.minor / self.cap.minor if self.cap.minor else 0.0

    @property
    def tone(self) -> Tone:
        """Bad 10% above the line, worth a look 20% below it."""
        if self.used > self.expected * 1.1:
            return Tone.BAD
        return Tone.WARN if self.used < self.expected * 0.8 else Tone.GOOD


@dataclass(frozen=True)
class CampaignRow:
    """``anomaly`` is in standard deviations from what was expected; None where unknown."""

    id: str
    name: str
    channels: tuple[Channel, ...]
    status: Status
    owner: str
    phase: Phase
    last_action: str = ""
    last_actor: str = ""
    last_at: datetime | None = None
    metric: str = ""
    value: Value = None
    delta: Value = None
    delta_tone: Tone = Tone.PLAIN
    spark: Spark | None = None
    anomaly: float | None = None
    pace: Pace | None = None
    decide_by: datetime | None = None
    sla: str = ""
    sla_tone: Tone = Tone.GOOD


@dataclass(frozen=True)
class Stat:
    """One figure at the top of a page: value, comparison, unit and window."""

    label: str
    value: Value
    note: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Marker:
    """Something that happened, drawn as a number on the chart."""

    number: int
    at: datetime
    kind: ActorKind
    text: str
    change_id: str = ""


@dataclass(frozen=True)
class Series:
    """A metric a day with the range expected of it and what happened meanwhile."""

    title: str
    unit: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    markers: tuple[Marker, ...] = ()


class StageState(StrEnum):
    """Where a stage is: behind, under way, waiting for people, beyond its SLA time, or still to
    come."""

    DONE = "done"
    NOW = "now"
    WAITING = "waiting"
    LATE = "late"
    AHEAD = "ahead"


@dataclass(frozen=True)
class StageRow:
    """One stage of a cycle; ``used`` is the SLA time used of ``allowed`` (both may be None)."""

    stage: str
    who: str
    state: StageState
    text: str = ""
    at: datetime | None = None
    used: Value = None
    allowed: Value = None
    proposal_id: str = ""


class TraceKind(StrEnum):
    """Who or what took a step; a tool is a call of a platform."""

    RULE = "rule"
    TOOL = "tool"
    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True)
class Tools:
    """What stood open to whoever took a step, and what of it the step ``used``; ``what`` says
    which kind of tools they are, and as of when."""

    what: str
    used: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class TraceRow:
    """One step an agent or a rule took. Personal data in ``given`` and ``gave`` is masked.
    ``tools`` is None where nobody had a choice of them."""

    at: datetime
    kind: TraceKind
    text: str
    seconds: float | None = None
    tokens: int | None = None
    cost: Money | None = None
    given: str = ""
    gave: str = ""
    is_deciding: bool = False
    tools: Tools | None = None


@dataclass(frozen=True)
class Setting:
    """One line of the campaign's file, as it is in force."""

    name: str
    value: Value
    source: str = ""


@dataclass(frozen=True)
class CycleLink:
    """One recurrence among others, with where it stands in words; ``from_day`` is the day of its
    occurrence in the workspace's zone."""

    id: str
    name: str
    state: str
    from_day: date


@dataclass(frozen=True)
class CampaignView:
    """A campaign with its figures, its goal by day (``series``), the ``stages`` of its newest cycle
    and its ``settings`` as in force. ``flagged`` is what agents noticed in that cycle,
    ``last_change_id`` the newest change that can still be rolled back; ``frozen_by`` is empty where
    it is not frozen."""

    row: CampaignRow
    stats: tuple[Stat, ...]
    next_up: str = ""
    next_at: datetime | None = None
    series: Series | None = None
    cycle_id: str = ""
    cycle: str = ""
    stages: tuple[StageRow, ...] = ()
    flagged: tuple[TraceRow, ...] = ()
    settings: tuple[Setting, ...] = ()
    file: str = ""
    cycles: tuple[CycleLink, ...] = ()
    # The cursor of the cycles before these; empty where these are the first.
    older: str = ""
    frozen_by: str = ""
    frozen_reason: str = ""
    is_observing: bool = False
    last_change_id: str = ""
    # Why the phase in force is not the one its file declares; empty where it is.
    phase_note: str = ""


@dataclass(frozen=True)
class CampaignFilter:
    """Empty fields let everything through; ``mine`` is a person's id."""

    status: str = ""
    channel: str = ""
    phase: str = ""
    mine: str = ""
    text: str = ""


class CampaignReads(Protocol):
    """What the campaign pages, the freeze page and the API need of the campaigns: a page of them by
    filter, the most pressing first, and one in full (None: there is none)."""

    def campaigns(
        self, wanted: CampaignFilter, *, after: str | None, limit: int
    ) -> Page[CampaignRow]: ...

    def campaign(self, campaign_id: str, *, older: str = "") -> CampaignView | None:
        """``older`` pages through its cycles, the newest first."""
        ...
