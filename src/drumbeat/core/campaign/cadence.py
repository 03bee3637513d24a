"""Cadence: when a campaign recurs, as dates in its own zone turned into instants.

All arithmetic is on local dates; only the last step asks the zone for an instant. A local time
that a clock change removes moves forward by the gap, one that occurs twice means the first, so
a daylight-saving week-end neither skips nor doubles an occurrence.
"""

import calendar
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from drumbeat.core.campaign.skip import SkipText
from drumbeat.core.campaign.text import Slug
from drumbeat.core.noun import Noun
from drumbeat.core.units import ClockTime, Duration, Zone, aware

# Beyond this many days without an occurrence the calendar holds none: a campaign is never woken
# for a date years away because every nearer one is skipped.
_HORIZON_DAYS = 800


class Every(StrEnum):
    """The step of a calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Weekday(StrEnum):
    """Days as people write them, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Missed(StrEnum):
    """What to do with occurrences that passed while nobody was there to run them."""

    SKIP = "skip"
    RUN_ONCE = "run_once"
    CATCH_UP = "catch_up"


class Recurrence(StrEnum):
    """The three ways a campaign recurs."""

    CALENDAR = "calendar"
    CONTINUOUS = "continuous"
    TRIGGERED = "triggered"


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _last_day(value: Any) -> Any:
    return 31 if value == "last" else value


Weekdays = Annotated[
    tuple[Weekday, ...],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(Weekday)},
                {"type": "array", "minItems": 1, "items": {"enum": list(Weekday)}},
            ]
        }
    ),
]
# 31, or the word "last", means the month's last day however long the month is.
DayOfMonth = Annotated[
    int,
    Field(ge=1, le=31),
    BeforeValidator(_last_day),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 31}, {"const": "last"}]}
    ),
]


class _Placed(Noun):
    """What every kind of cadence shares: where in the week or month, at what local time."""

    weekday: Weekdays = ()
    day: DayOfMonth | None = None
    at: ClockTime
    timezone: Zone | None = Field(default=None, description="the workspace's zone when left out")
    missed: Missed = Missed.RUN_ONCE

    @property
    def step(self) -> Every:
        """How far apart occurrences lie."""
        raise NotImplementedError

    @property
    def skipped(self) -> tuple[SkipText, ...]:
        """Calendar constraints; only a calendar of sends has any."""
        return ()

    @model_validator(mode="after")
    def _placed_where_the_step_asks(self) -> "_Placed":
        if (self.step is Every.WEEK) != bool(self.weekday):
            raise ValueError("weekday goes with a weekly step, and a weekly step needs one")
        if (self.step is Every.MONTH) != (self.day is not None):
            raise ValueError("day goes with a monthly step, and a monthly step needs one")
        return self


class CalendarCadence(_Placed):
    """A cycle an occurrence: ``{every: week, weekday: tue, at: "09:00"}``."""

    every: Every
    skip: tuple[SkipText, ...] = ()

    @property
    def step(self) -> Every:
        return self.every

    @property
    def skipped(self) -> tuple[SkipText, ...]:
        return self.skip

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence.CALENDAR


class ContinuousCadence(_Placed):
    """Always on; a cycle is a review period: ``{review: week, weekday: mon, at: "08:00"}``."""

    review: Every

    @property
    def step(self) -> Every:
        return self.review

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence.CONTINUOUS


class TriggeredCadence(_Placed):
    """Contacts enter by an event; a cycle is a cohort window: ``{event: signed_up, window: week}``.

    ``delay`` is how long after the event a contact's first message goes out.
    """

    event: Slug
    window: Every
    delay: Duration = timedelta()

    @property
    def step(self) -> Every:
        return self.window

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence.TRIGGERED


def _kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else vars(value) if isinstance(value, Noun) else {}
    if "event" in keys or "window" in keys:
        return "triggered"
    return "continuous" if "review" in keys else "calendar"


Cadence = Annotated[
    Annotated[CalendarCadence, Tag("calendar")]
    | Annotated[ContinuousCadence, Tag("continuous")]
    | Annotated[TriggeredCadence, Tag("triggered")],
    Discriminator(_kind),
]


@dataclass(frozen=True)
class Due:
    """Which occurrences to run now, oldest first, and which are let go."""

    run: tuple[datetime, ...]
    dropped: tuple[datetime, ...]


def local_instant(day: date, cadence: _Placed, zone: str) -> datetime:
    """The UTC instant of the cadence's time of day on a local date.

    A nonexistent local time moves forward by the gap; an ambiguous one is the first (PEP 495:
    fold=0 reads a time inside a gap with the offset in force before it).
    """
    local = datetime.combine(day, cadence.at, ZoneInfo(cadence.timezone or zone))
    return local.astimezone(UTC)


def is_occurrence_date(day: date, cadence: _Placed) -> bool:
    """Whether the cadence, skips aside, falls on a local date."""
    match cadence.step:
        case Every.DAY:
            return True
        case Every.WEEK:
            return list(Weekday)[day.weekday()] in cadence.weekday
        case Every.MONTH:
            length = calendar.monthrange(day.year, day.month)[1]
            return day.day == min(cadence.day or length, length)


def next_occurrence(
    cadence: _Placed, after: datetime, *, zone: str, skip: Container[date] = frozenset()
) -> datetime | None:
    """The first occurrence strictly after an aware instant, in UTC.

    ``zone`` is the workspace's, used where the cadence names none; ``skip`` holds local dates to
    leave out. None when there is none within 800 days.
    """
    return next(_forward(cadence, after, zone, skip), None)


def previous_occurrence(
    cadence: _Placed, before: datetime, *, zone: str, skip: Container[date] = frozenset()
) -> datetime | None:
    """The last occurrence strictly before an aware instant, in UTC; None within 800 days."""
    start = _local_date(cadence, before, zone) + timedelta(days=1)
    days = (start - timedelta(days=n) for n in range(_HORIZON_DAYS))
    instants = (local_instant(d, cadence, zone) for d in days if _runs(d, cadence, skip))
    return next((moment for moment in instants if moment < before), None)


def occurrences(
    cadence: _Placed,
    after: datetime,
    until: datetime,
    *,
    zone: str,
    skip: Container[date] = frozenset(),
) -> tuple[datetime, ...]:
    """All occurrences in (after, until], oldest first, in UTC."""
    found: list[datetime] = []
    moment = next_occurrence(cadence, after, zone=zone, skip=skip)
    while moment is not None and moment <= until:
        found.append(moment)
        moment = next_occurrence(cadence, moment, zone=zone, skip=skip)
    return tuple(found)


def settle_missed(
    passed: tuple[datetime, ...],
    now: datetime,
    policy: Missed,
    *,
    grace: timedelta = timedelta(hours=1),
    limit: int = 3,
) -> Due:
    """Which of the occurrences that passed since the last look to run, by the declared policy.

    One within ``grace`` of now is on time and always runs. Of older ones, skip drops all,
    run_once keeps the newest unless one is on time, catch_up keeps the newest ``limit``.
    """
    ordered = tuple(sorted(passed))
    on_time = tuple(moment for moment in ordered if now - moment <= grace)
    late = ordered[: len(ordered) - len(on_time)]
    match policy:
        case Missed.SKIP:
            kept: tuple[datetime, ...] = ()
        case Missed.RUN_ONCE:
            kept = late[-1:] if not on_time else ()
        case Missed.CATCH_UP:
            kept = late[max(0, len(late) - limit) :]
    return Due(run=kept + on_time, dropped=late[: len(late) - len(kept)])


def upcoming(
    cadence: _Placed,
    after: datetime,
    count: int,
    *,
    zone: str,
    skip: Container[date] = frozenset(),
) -> tuple[datetime, ...]:
    """The next ``count`` occurrences strictly after an instant, fewer when the horizon ends."""
    return tuple(islice(_forward(cadence, after, zone, skip), count))


def _forward(
    cadence: _Placed, after: datetime, zone: str, skip: Container[date]
) -> Iterator[datetime]:
    # A day early, because a gap can move a time of day past midnight into the next date.
    start = _local_date(cadence, after, zone) - timedelta(days=1)
    newest = after
    for n in range(_HORIZON_DAYS):
        day = start + timedelta(days=n)
        if not _runs(day, cadence, skip):
            continue
        moment = local_instant(day, cadence, zone)
        # A zone that jumps a whole date maps two dates to one instant: it counts once.
        if moment > newest:
            newest = moment
            yield moment


def _runs(day: date, cadence: _Placed, skip: Container[date]) -> bool:
    return is_occurrence_date(day, cadence) and day not in skip


def _local_date(cadence: _Placed, moment: datetime, zone: str) -> date:
    return aware(moment).astimezone(ZoneInfo(cadence.timezone or zone)).date()
