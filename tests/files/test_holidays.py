"""Skipped days: public holidays, week-ends and blackouts as dates."""

from datetime import UTC, date, datetime

import pytest

from drumbeat.core.campaign.cadence import CalendarCadence, next_occurrence
from drumbeat.core.campaign.calendar import CalendarFile
from drumbeat.files.holidays import UnknownHolidays, public_holidays, skip_days

CALENDAR = CalendarFile.model_validate(
    {
        "version": 1,
        "blackouts": [
            {"id": "count", "from": "2026-12-30", "to": "2027-01-02", "reason": "We count."}
        ],
    }
)


def cadence(*skip: str) -> CalendarCadence:
    written = {"every": "week", "weekday": "fri", "at": "09:00", "skip": list(skip)}
    return CalendarCadence.model_validate(written)


def test_a_newsletter_due_at_christmas_waits_for_the_next_week_that_is_none() -> None:
    friday = cadence("holidays DE-BE", "count")
    skip = skip_days(friday, CALENDAR, (2026, 2027))
    after = datetime(2026, 12, 20, tzinfo=UTC)
    found = next_occurrence(friday, after, zone="Europe/Berlin", skip=skip)
    assert found == datetime(2027, 1, 8, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("skip", "day", "expected"),
    [
        pytest.param("holidays DE", "2026-10-03", True, id="national"),
        pytest.param("holidays DE", "2026-03-08", False, id="not everywhere"),
        pytest.param("holidays DE-BE", "2026-03-08", True, id="in berlin"),
        pytest.param("holidays US", "2026-07-04", True, id="elsewhere"),
        pytest.param("weekends", "2026-11-22", True, id="sunday"),
        pytest.param("weekends", "2026-11-23", False, id="monday"),
        pytest.param("count", "2026-12-31", True, id="blackout"),
        pytest.param("count", "2027-01-01", False, id="a year not asked for"),
        pytest.param("unheard-of", "2026-12-31", False, id="a blackout that is none"),
    ],
)
def test_a_skip_becomes_dates(skip: str, day: str, expected: bool) -> None:
    days = skip_days(cadence(skip), CALENDAR, (2026,))
    assert (date.fromisoformat(day) in days) is expected


def test_nothing_is_skipped_where_nothing_is_said() -> None:
    assert skip_days(cadence(), CALENDAR, (2026,)) == frozenset()


@pytest.mark.parametrize(("country", "part"), [("ZZ", None), ("DE", "ZZ")])
def test_an_unknown_country_is_refused(country: str, part: str | None) -> None:
    with pytest.raises(UnknownHolidays, match="no public holidays are known for"):
        public_holidays(country, part, (2026,))
