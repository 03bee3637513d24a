"""Weeks as people and citations write them: ``2026-W08``."""

from collections.abc import Iterable
from datetime import date


def week_of(day: date) -> str:
    """The ISO 8601 week of a date."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def window_of(days: Iterable[date | None]) -> str:
    """The weeks some dates span: one week, ``first to last``, or ``undated``."""
    known = [day for day in days if day is not None]
    if not known:
        return "undated"
    first, last = week_of(min(known)), week_of(max(known))
    return first if first == last else f"{first} to {last}"
