"""Calendars against a minute-by-minute oracle that only ever asks the wall clock."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from drumbeat.core.campaign.cadence import Weekday
from drumbeat.core.operations.business_calendar import (
    ALWAYS,
    BusinessCalendar,
    Window,
    after,
    elapsed,
    openings,
)

MINUTE = timedelta(minutes=1)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
    "Pacific/Apia",
)


def window(start: str, end: str) -> Window:
    return Window.model_validate({"start": start, "end": end})


def office(zone: str = "Europe/Berlin", **more: Any) -> BusinessCalendar:
    hours = (window("09:00", "12:30"), window("13:30", "18:00"))
    weekly = dict.fromkeys(tuple(Weekday)[:5], hours)
    return BusinessCalendar.model_validate(
        {"id": "office", "name": "office hours", "zone": zone, "weekly": weekly, **more}
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def is_open(calendar: BusinessCalendar, at: datetime) -> bool:
    """The oracle: what a person reads off the wall."""
    wall = at.astimezone(ZoneInfo(calendar.zone))
    spans = [(w.start, w.end) for w in calendar.windows(wall.date())]
    return any(s <= wall.time() and (e == time() or wall.time() < e) for s, e in spans)


def counted(calendar: BusinessCalendar, since: datetime, until: datetime) -> int:
    minutes = int((until - since) / MINUTE)
    return sum(is_open(calendar, since + n * MINUTE) for n in range(minutes))


# The weeks in which clocks change, a leap day, and an ordinary week.
MOMENTS = (
    "2026-03-27T00:00",
    "2026-10-23T00:00",
    "2026-03-06T00:00",
    "2026-10-30T00:00",
    "2026-04-03T00:00",
    "2026-09-04T00:00",
    "2028-02-27T00:00",
    "2026-06-10T00:00",
)


@pytest.mark.parametrize("zone", ZONES)
def test_open_time_equals_what_the_wall_clock_counts(zone: str) -> None:
    chance = random.Random(zone)
    for moment in MOMENTS:
        since = utc(moment) + chance.randrange(2880) * MINUTE
        until = since + chance.randrange(1, 6000) * MINUTE
        day = since.date() + timedelta(days=chance.randrange(5))
        night = (window("00:00", "03:30"), window("22:15", "00:00"))
        calendar = office(zone, holidays=[day], overrides={day + timedelta(days=1): night})
        assert elapsed(calendar, since, until) == counted(calendar, since, until) * MINUTE


@pytest.mark.parametrize("zone", ZONES)
def test_the_end_of_a_span_is_the_first_minute_at_which_it_is_used_up(zone: str) -> None:
    chance = random.Random(f"end of {zone}")
    for moment in MOMENTS:
        since = utc(moment) + chance.randrange(2880) * MINUTE
        amount = chance.randrange(1, 1500) * MINUTE
        calendar = office(zone)
        end = after(calendar, since, amount)
        assert counted(calendar, since, end) * MINUTE == amount
        assert counted(calendar, since, end - MINUTE) * MINUTE == amount - MINUTE


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        pytest.param("2026-03-29T00:00", "2026-03-29T04:00", 2, id="spring-skips-an-hour"),
        pytest.param("2026-10-24T22:00", "2026-10-25T04:00", 5, id="autumn-repeats-an-hour"),
    ],
)
def test_a_window_over_the_change_of_clocks(since: str, until: str, hours: int) -> None:
    night = BusinessCalendar(
        id="night", name="nights", zone="Europe/Berlin",
        weekly={Weekday.SUN: (window("00:00", "04:00"),)},
    )  # fmt: skip
    assert elapsed(night, utc(since), utc(until)) <= timedelta(hours=hours)
    assert elapsed(night, utc(since), utc(until)) == counted(night, utc(since), utc(until)) * MINUTE


def test_a_window_inside_the_repeated_hour_opens_twice() -> None:
    calendar = BusinessCalendar(
        id="half", name="half past two", zone="Europe/Berlin",
        weekly={Weekday.SUN: (window("02:00", "02:30"),)},
    )  # fmt: skip
    found = list(openings(calendar, utc("2026-10-25T00:00"), utc("2026-10-25T04:00")))
    assert found == [
        (utc("2026-10-25T00:00"), utc("2026-10-25T00:30")),
        (utc("2026-10-25T01:00"), utc("2026-10-25T01:30")),
    ]


def test_around_the_clock_counts_every_hour() -> None:
    since = utc("2026-03-29T00:00")
    assert elapsed(ALWAYS, since, since + timedelta(days=3)) == timedelta(days=3)
    assert after(ALWAYS, since, timedelta(hours=48)) == since + timedelta(hours=48)


def test_an_override_opens_a_holiday_and_closes_a_working_day() -> None:
    first = date(2026, 5, 1)
    calendar = office(holidays=[first], overrides={first: [], date(2026, 5, 4): []})
    assert after(calendar, utc("2026-04-30T16:00"), timedelta(hours=1)) == utc("2026-05-05T08:00")
    opened = office(holidays=[first], overrides={first: [window("10:00", "11:00")]})
    assert elapsed(opened, utc("2026-05-01T00:00"), utc("2026-05-02T00:00")) == timedelta(hours=1)


def test_no_time_passes_backwards() -> None:
    moment = utc("2026-06-10T10:00")
    assert elapsed(office(), moment, moment - timedelta(days=1)) == timedelta()
    assert elapsed(ALWAYS, moment, moment - timedelta(days=1)) == timedelta()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        pytest.param({"weekly": {}}, "no weekday has an opening", id="never-open"),
        pytest.param(
            {"weekly": {"mon": [{"start": "12:00", "end": "09:00"}]}}, "before it opens", id="back"
        ),
        pytest.param(
            {
                "weekly": {
                    "mon": [{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]
                }
            },
            "overlap",
            id="overlap",
        ),
        pytest.param({"zone": "Europe/Berlen"}, "no time zone", id="zone"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(broken: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        office(**broken)
