"""Days: which ones a calendar shows, and a feed other programs can read."""

from datetime import date, timedelta

import pytest

from drumbeat.testing.web_content.people import NOW
from drumbeat.testing.web_content.planning import ITEMS
from drumbeat.web.ics import feed
from drumbeat.web.weeks import Shape, span_of


@pytest.mark.parametrize(
    ("shape", "day", "first", "last", "name"),
    [
        (
            Shape.WEEK,
            date(2026, 11, 25),
            date(2026, 11, 23),
            date(2026, 11, 29),
            "Nov 23 – 29, 2026",
        ),
        (
            Shape.WEEK,
            date(2026, 12, 31),
            date(2026, 12, 28),
            date(2027, 1, 3),
            "Dec 28 – Jan 3, 2027",
        ),
        (Shape.MONTH, date(2026, 11, 25), date(2026, 10, 26), date(2026, 12, 6), "November 2026"),
        (Shape.MONTH, date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 28), "February 2027"),
        (Shape.LIST, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "December 2026"),
    ],
)
def test_a_span_holds_its_day(shape: Shape, day: date, first: date, last: date, name: str) -> None:
    span = span_of(shape, day)
    assert (span.first, span.last, span.name) == (first, last, name)
    assert day in span.days


@pytest.mark.parametrize("shape", list(Shape))
def test_before_and_after_lead_through_every_day_of_a_year(shape: Shape) -> None:
    seen: set[date] = set()
    span = span_of(shape, date(2026, 1, 1))
    for _ in range(60):
        seen |= set(span.days)
        assert span_of(shape, span_of(shape, span.after).before).first == span.first
        span = span_of(shape, span.after)
    assert {date(2026, 1, 1) + timedelta(days=n) for n in range(365)} <= seen


def test_a_feed_folds_long_lines_at_75_bytes() -> None:
    text = feed(ITEMS, "Nörthbean " * 20, NOW)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert "Nörthbean " * 20 in text.replace("\r\n ", "").replace("\\,", ",")


def test_a_feed_has_one_event_an_item() -> None:
    text = feed(ITEMS, "Northbean", NOW)
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == len(ITEMS)
    assert text.endswith("END:VCALENDAR\r\n")
