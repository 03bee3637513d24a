"""Business calendars: when an SLA clock runs: weekly hours in a time zone, less the days off.

A minute counts as open when the wall clock of the zone, at that minute, stands inside one of the
day's windows. So an hour that daylight saving repeats counts twice and one that it skips counts
never, exactly as a person watching the wall would count.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from drumbeat.core.campaign.cadence import Weekday
from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.noun import Noun
from drumbeat.core.units import ClockTime, Zone

_DAY = timedelta(days=1)
_WEEKDAYS = tuple(Weekday)
# No zone's local day begins or ends further from the UTC day of the same date than this.
_FARTHEST = timedelta(hours=16)
_PRECISION = timedelta(seconds=1)


class Window(Noun):
    """Open from ``start`` until before ``end`` by the wall clock; 00:00 as ``end`` is midnight."""

    start: ClockTime
    end: ClockTime

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Window":
        if self.end != time() and self.end <= self.start:
            raise ValueError(f"closes at {self.end:%H:%M}, before it opens at {self.start:%H:%M}")
        return self


class BusinessCalendar(Noun):
    """``always`` is 24 x 7. ``overrides`` replace a date's windows, holidays' too; none: closed."""

    id: Slug = "always"
    name: Line = "around the clock"
    zone: Zone = "UTC"
    always: bool = False
    weekly: dict[Weekday, tuple[Window, ...]] = Field(default_factory=dict)
    holidays: tuple[date, ...] = ()
    overrides: dict[date, tuple[Window, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _opens_some_day(self) -> "BusinessCalendar":
        if not self.always and not any(self.weekly.values()):
            raise ValueError("no weekday has an opening; write weekly hours, or always: true")
        for day, windows in (*self.weekly.items(), *self.overrides.items()):
            _in_order(str(day), windows)
        return self

    def windows(self, day: date) -> tuple[Window, ...]:
        """The openings of a local date."""
        if day in self.overrides:
            return self.overrides[day]
        if day in self.holidays:
            return ()
        return self.weekly.get(_WEEKDAYS[day.weekday()], ())


def _in_order(day: str, windows: tuple[Window, ...]) -> None:
    for earlier, later in pairwise(windows):
        if earlier.end == time() or later.start < earlier.end:
            raise ValueError(f"the windows of {day} overlap or are out of order")


ALWAYS = BusinessCalendar(always=True)


def elapsed(calendar: BusinessCalendar, since: datetime, until: datetime) -> timedelta:
    """The open time from ``since`` to ``until``; zero when ``until`` comes first."""
    if calendar.always:
        return max(until - since, timedelta())
    return sum((end - start for start, end in openings(calendar, since, until)), timedelta())


def after(calendar: BusinessCalendar, since: datetime, amount: timedelta) -> datetime:
    """The first moment at which ``amount`` of open time has passed since ``since``, in UTC."""
    since = since.astimezone(UTC)
    if calendar.always or amount <= timedelta():
        return since + max(amount, timedelta())
    left = amount
    for start, end in openings(calendar, since, None):
        if end - start >= left:
            return start + left
        left -= end - start
    raise AssertionError("openings never end: some weekday has one")


def openings(
    calendar: BusinessCalendar, since: datetime, until: datetime | None
) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches between two moments, in UTC and in order; without an end, for ever."""
    since = since.astimezone(UTC)
    day = since.astimezone(ZoneInfo(calendar.zone)).date() - _DAY
    last = None if until is None else until.astimezone(ZoneInfo(calendar.zone)).date() + _DAY
    while last is None or day <= last:
        for start, end in _openings_of(calendar, day):
            begins, ends = max(start, since), end if until is None else min(end, until)
            if begins < ends:
                yield begins, ends
        day += _DAY


def _openings_of(calendar: BusinessCalendar, day: date) -> list[tuple[datetime, datetime]]:
    found = []
    for low, high, offset in _stretches(calendar.zone, day):
        for window in calendar.windows(day):
            ends_on = day + _DAY if window.end == time() else day
            start = datetime.combine(day, window.start, UTC) - offset
            end = datetime.combine(ends_on, window.end, UTC) - offset
            if max(start, low) < min(end, high):
                found.append((max(start, low), min(end, high)))
    return sorted(found)


@lru_cache(maxsize=4096)
def _stretches(zone: str, day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The UTC stretches around a local date, each with its offset; a change of clocks splits it."""
    low = datetime.combine(day, time(), UTC) - _FARTHEST
    high = datetime.combine(day, time(), UTC) + _DAY + _FARTHEST
    before, behind = _offset(zone, low), _offset(zone, high)
    if before == behind:
        return ((low, high, before),)
    change = _change(zone, low, high, before)
    return ((low, change, before), (change, high, behind))


def _change(zone: str, low: datetime, high: datetime, before: timedelta) -> datetime:
    """The second at which the offset stops being ``before``, by halving."""
    while high - low > _PRECISION:
        middle = low + timedelta(seconds=(high - low) // _PRECISION // 2)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _offset(zone: str, at: datetime) -> timedelta:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None, "an aware time has an offset"
    return offset
