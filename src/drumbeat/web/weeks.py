"""Weeks: the days a calendar shows, and the ones before and after."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Shape(StrEnum):
    """How the calendar shows days: one week, a whole month, or what goes out in it one below the
    other."""

    WEEK = "week"
    MONTH = "month"
    LIST = "list"


@dataclass(frozen=True)
class Span:
    """Monday to Sunday once (week), or the whole weeks that hold a month (month, list)."""

    shape: Shape
    first: date
    last: date
    before: date
    after: date
    name: str

    @property
    def days(self) -> tuple[date, ...]:
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=day) for day in range(count))


def span_of(shape: Shape, day: date) -> Span:
    """The span that holds the day."""
    if shape is Shape.WEEK:
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(days=6)
        week = timedelta(days=7)
        return Span(shape, first, last, first - week, first + week, _week_name(first, last))
    month = day.replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    ends = following - timedelta(days=1)
    first = month - timedelta(days=month.weekday()) if shape is Shape.MONTH else month
    last = ends + timedelta(days=6 - ends.weekday()) if shape is Shape.MONTH else ends
    earlier = (month - timedelta(days=1)).replace(day=1)
    return Span(shape, first, last, earlier, following, f"{month:%B %Y}")


def _week_name(first: date, last: date) -> str:
    if first.month == last.month:
        return f"{first:%b} {first.day} – {last.day}, {last.year}"
    return f"{first:%b} {first.day} – {last:%b} {last.day}, {last.year}"
