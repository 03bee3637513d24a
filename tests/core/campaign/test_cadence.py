"""Occurrences, at the edges people notice: clock changes, month ends, skipped days, lost weeks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from drumbeat.core.campaign.cadence import (
    Cadence,
    CalendarCadence,
    ContinuousCadence,
    Missed,
    Recurrence,
    TriggeredCadence,
    next_occurrence,
    occurrences,
    previous_occurrence,
    settle_missed,
    upcoming,
)

BERLIN = "Europe/Berlin"
ZONES = (
    BERLIN,
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "UTC",
)
_READER: TypeAdapter[Any] = TypeAdapter(Cadence)


def read(**written: Any) -> Any:
    return _READER.validate_python(written)


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shown(moment: datetime | None, zone: str = BERLIN) -> str:
    assert moment is not None
    assert moment.tzinfo is UTC
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %z")


@pytest.mark.parametrize(
    ("written", "after", "expected"),
    [
        pytest.param(
            {"every": "week", "weekday": "tue", "at": "09:00"},
            "2026-11-23T10:00",
            "2026-11-24 09:00 +0100",
            id="the next tuesday",
        ),
        pytest.param(
            {"every": "week", "weekday": "tue", "at": "09:00"},
            "2026-11-24T09:00",
            "2026-12-01 09:00 +0100",
            id="strictly after, so a week on",
        ),
        pytest.param(
            {"every": "week", "weekday": ["mon", "thu"], "at": "09:00"},
            "2026-11-24T09:00",
            "2026-11-26 09:00 +0100",
            id="the nearer of two weekdays",
        ),
        pytest.param(
            {"every": "day", "at": "02:30"},
            "2026-03-28T12:00",
            "2026-03-29 03:30 +0200",
            id="a time the spring change removes moves forward by the gap",
        ),
        pytest.param(
            {"every": "day", "at": "02:30"},
            "2026-10-24T12:00",
            "2026-10-25 02:30 +0200",
            id="a time the autumn change repeats means the first",
        ),
        pytest.param(
            {"every": "week", "weekday": "sun", "at": "09:00"},
            "2026-03-22T09:00",
            "2026-03-29 09:00 +0200",
            id="nine stays nine across the change",
        ),
        pytest.param(
            {"every": "month", "day": 31, "at": "10:00"},
            "2026-01-31T10:00",
            "2026-02-28 10:00 +0100",
            id="the 31st of a short month is its last day",
        ),
        pytest.param(
            {"every": "month", "day": "last", "at": "10:00"},
            "2028-02-01T00:00",
            "2028-02-29 10:00 +0100",
            id="the last day of a leap february",
        ),
        pytest.param(
            {"review": "week", "weekday": "mon", "at": "08:00"},
            "2026-12-31T12:00",
            "2027-01-04 08:00 +0100",
            id="a review across the year's end",
        ),
        pytest.param(
            {"event": "signed_up", "window": "day", "at": "00:00"},
            "2026-11-23T00:00",
            "2026-11-24 00:00 +0100",
            id="a cohort window opens at midnight",
        ),
    ],
)
def test_the_next_occurrence_is_the_local_time_people_meant(
    written: dict[str, Any], after: str, expected: str
) -> None:
    assert shown(next_occurrence(read(**written), at(after), zone=BERLIN)) == expected


def test_the_second_half_past_two_of_an_autumn_night_is_not_a_second_occurrence() -> None:
    nightly = read(every="day", at="02:30")
    first = next_occurrence(nightly, at("2026-10-24T12:00"), zone=BERLIN)
    assert first is not None
    assert shown(next_occurrence(nightly, first, zone=BERLIN)) == "2026-10-26 02:30 +0100"


def test_a_date_that_a_zone_leaves_out_is_not_sent_twice() -> None:
    # Samoa went from the 29th to the 31st of December 2011: the 30th never was.
    daily = read(every="day", at="09:00", timezone="Pacific/Apia")
    found = upcoming(daily, at("2011-12-28T12:00", "Pacific/Apia"), 3, zone=BERLIN)
    assert [shown(moment, "Pacific/Apia")[:10] for moment in found] == [
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
    ]


def test_the_cadence_s_own_zone_wins_over_the_workspace_s() -> None:
    cadence = read(every="day", at="09:00", timezone="America/New_York")
    found = next_occurrence(cadence, at("2026-11-23T00:00"), zone=BERLIN)
    assert shown(found) == "2026-11-23 15:00 +0100"


def test_a_skipped_date_is_left_out() -> None:
    weekly = read(every="week", weekday="fri", at="09:00")
    christmas = frozenset({date(2026, 12, 25)})
    found = next_occurrence(weekly, at("2026-12-20T00:00"), zone=BERLIN, skip=christmas)
    assert shown(found) == "2027-01-01 09:00 +0100"


class _Always:
    def __contains__(self, day: object) -> bool:
        return True


def test_a_calendar_of_which_every_day_is_skipped_has_no_occurrence() -> None:
    daily = read(every="day", at="09:00")
    assert next_occurrence(daily, at("2026-11-23T00:00"), zone=BERLIN, skip=_Always()) is None
    assert previous_occurrence(daily, at("2026-11-23T00:00"), zone=BERLIN, skip=_Always()) is None


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        next_occurrence(read(every="day", at="09:00"), datetime(2026, 1, 1), zone=BERLIN)


@pytest.mark.parametrize(
    ("written", "kind", "recurrence"),
    [
        pytest.param(
            {"every": "day", "at": "09:00"}, CalendarCadence, Recurrence.CALENDAR, id="calendar"
        ),
        pytest.param(
            {"review": "day", "at": "09:00"},
            ContinuousCadence,
            Recurrence.CONTINUOUS,
            id="continuous",
        ),
        pytest.param(
            {"event": "signed_up", "window": "day", "at": "09:00"},
            TriggeredCadence,
            Recurrence.TRIGGERED,
            id="triggered",
        ),
    ],
)
def test_the_keys_tell_how_a_campaign_recurs(
    written: dict[str, Any], kind: Any, recurrence: Recurrence
) -> None:
    cadence: Any = read(**written)
    assert cadence.__class__ is kind
    assert cadence.recurrence is recurrence
    assert _READER.validate_python(cadence) == cadence
    assert _READER.validate_json(cadence.model_dump_json()) == cadence


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param({"every": "week", "at": "09:00"}, "weekly step needs one", id="no weekday"),
        pytest.param(
            {"every": "day", "weekday": "mon", "at": "09:00"},
            "weekday goes with",
            id="stray weekday",
        ),
        pytest.param({"every": "month", "at": "09:00"}, "monthly step needs one", id="no day"),
        pytest.param(
            {"every": "week", "weekday": "mon", "day": 3, "at": "09:00"}, "day goes with", id="both"
        ),
        pytest.param({"every": "month", "day": 32, "at": "09:00"}, "less than", id="no such day"),
        pytest.param({"every": "day", "at": "9:00"}, "time of day", id="no clock time"),
        pytest.param(
            {"every": "day", "at": "09:00", "timezone": "Europe/Berlim"}, "time zone", id="no zone"
        ),
        pytest.param(
            {"every": "day", "at": "09:00", "skip": ["holidays Germany"]}, "holidays DE", id="skip"
        ),
        pytest.param(
            {"review": "day", "at": "09:00", "skip": []}, "Extra", id="no skip on always-on"
        ),
    ],
)
def test_a_cadence_that_cannot_be_kept_is_refused(written: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        read(**written)


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC, second=0, microsecond=0)
)
CLOCKS = st.times().map(lambda time: time.strftime("%H:%M"))
WEEKDAYS = st.sets(
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1
).map(sorted)
STEPS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(dict, every=st.just("day"), at=CLOCKS),
    st.builds(dict, every=st.just("week"), at=CLOCKS, weekday=WEEKDAYS),
    st.builds(dict, every=st.just("month"), at=CLOCKS, day=st.integers(1, 31)),
)


def wanted_dates(written: dict[str, Any], first: date, days: int) -> list[date]:
    """The oracle's dates, found by asking each date alone, without the code under test."""
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    found = []
    for n in range(days):
        day = first + timedelta(days=n)
        tomorrow = day + timedelta(days=1)
        is_month_end = tomorrow.month != day.month
        answers = {
            "day": True,
            "week": names[day.weekday()] in written.get("weekday", ()),
            "month": day.day == written.get("day")
            or (is_month_end and day.day < written.get("day", 0)),
        }
        found += [day] * answers[written["every"]]
    return found


def minutes_of(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The oracle's instant: the first UTC minute whose local reading is at or past the clock."""
    hour, minute = int(clock[:2]), int(clock[3:])
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    for n in range(54 * 60):
        moment = start + timedelta(minutes=n)
        local = moment.astimezone(zone)
        if local.date() == day and (local.hour, local.minute) >= (hour, minute):
            return moment
    raise AssertionError(f"{day} has no {clock} in {zone}")


@settings(max_examples=120, deadline=None)
@given(STEPS, MOMENTS, st.sampled_from(ZONES), st.sets(st.integers(0, 70), max_size=12))
def test_the_next_occurrence_equals_a_search_through_days_and_minutes(
    written: dict[str, Any], after: datetime, zone: str, skipped: set[int]
) -> None:
    place = ZoneInfo(zone)
    first = after.astimezone(place).date() - timedelta(days=1)
    skip = frozenset(first + timedelta(days=n) for n in skipped)
    days = [day for day in wanted_dates(written, first, 200) if day not in skip]
    oracle = (minutes_of(day, written["at"], place) for day in days)
    expected = next(moment for moment in oracle if moment > after)
    # In a gap the oracle takes the first minute after it; ours keeps the minutes past the hour.
    found = next_occurrence(read(**written), after, zone=zone, skip=skip)
    assert found is not None
    assert expected <= found <= expected + timedelta(hours=1)
    assert found.astimezone(place).date() == expected.astimezone(place).date()
    is_in_gap = found.astimezone(place).strftime("%H:%M") != written["at"]
    assert found == expected or is_in_gap


@settings(max_examples=80, deadline=None)
@given(STEPS, MOMENTS, st.sampled_from(ZONES))
def test_forward_and_back_agree(written: dict[str, Any], after: datetime, zone: str) -> None:
    cadence = read(**written)
    found = next_occurrence(cadence, after, zone=zone)
    assert found is not None
    later = next_occurrence(cadence, found, zone=zone)
    assert later is not None
    assert previous_occurrence(cadence, later, zone=zone) == found


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), CLOCKS, st.integers(2025, 2028))
def test_a_daily_send_happens_once_a_date_all_year(zone: str, clock: str, year: int) -> None:
    daily = read(every="day", at=clock, timezone=zone)
    start, end = at(f"{year}-01-01T00:00", zone), at(f"{year + 1}-01-01T00:00", zone)
    found = occurrences(daily, start - timedelta(minutes=1), end - timedelta(minutes=1), zone=zone)
    dates = [moment.astimezone(ZoneInfo(zone)).date() for moment in found]
    assert len(dates) == len(set(dates)) == (date(year + 1, 1, 1) - date(year, 1, 1)).days


NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ON_TIME = NOW - timedelta(minutes=30)
WEEKS = [NOW - timedelta(weeks=n, minutes=30) for n in range(6)]


@pytest.mark.parametrize(
    ("passed", "policy", "run", "dropped"),
    [
        pytest.param([], Missed.CATCH_UP, [], [], id="nothing passed"),
        pytest.param([ON_TIME], Missed.SKIP, [ON_TIME], [], id="on time runs under skip"),
        pytest.param(WEEKS[1:3], Missed.SKIP, [], [2, 1], id="skip drops what is late"),
        pytest.param(WEEKS[1:3], Missed.RUN_ONCE, [1], [2], id="run once keeps the newest"),
        pytest.param(WEEKS[:3], Missed.RUN_ONCE, [0], [2, 1], id="one on time is that once"),
        pytest.param(WEEKS[1:3], Missed.CATCH_UP, [2, 1], [], id="catch up runs all, oldest first"),
        pytest.param(WEEKS[:6], Missed.CATCH_UP, [3, 2, 1, 0], [5, 4], id="catch up has a limit"),
    ],
)
def test_missed_occurrences_follow_the_declared_policy(
    passed: list[datetime], policy: Missed, run: list[Any], dropped: list[Any]
) -> None:
    due = settle_missed(tuple(passed), NOW, policy)
    named = {0: WEEKS[0], 1: WEEKS[1], 2: WEEKS[2], 3: WEEKS[3], 4: WEEKS[4], 5: WEEKS[5]}
    assert list(due.run) == [named.get(item, item) for item in run]
    assert list(due.dropped) == [named.get(item, item) for item in dropped]


@given(st.lists(MOMENTS, max_size=12, unique=True), MOMENTS, st.sampled_from(list(Missed)))
def test_no_occurrence_is_both_run_and_dropped_and_none_is_lost(
    passed: list[datetime], now: datetime, policy: Missed
) -> None:
    due = settle_missed(tuple(passed), now, policy)
    assert sorted((*due.run, *due.dropped)) == sorted(passed)
    assert list(due.run) == sorted(due.run)
