"""Skipped days: a cadence's calendar constraints as a set of local dates."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from drumbeat.core.campaign.cadence import Cadence
from drumbeat.core.campaign.calendar import CalendarFile
from drumbeat.core.campaign.skip import Skip, SkipKind, read_skip


class UnknownHolidays(ValueError):
    """No holidays are known for the country or the part of it."""


def skip_days(cadence: Cadence, calendar: CalendarFile, years: Iterable[int]) -> frozenset[date]:
    """The local dates of some years a cadence leaves out. Raises UnknownHolidays."""
    listed = tuple(years)
    days: set[date] = set()
    for text in cadence.skipped:
        days |= _days(read_skip(text), calendar, listed)
    return frozenset(day for day in days if day.year in listed)


def _days(skip: Skip, calendar: CalendarFile, years: tuple[int, ...]) -> set[date]:
    match skip.kind:
        case SkipKind.HOLIDAYS:
            return set(_holidays(skip.country, skip.subdivision, years))
        case SkipKind.WEEKENDS:
            return {day for year in years for day in _weekends(year)}
        case SkipKind.BLACKOUT:
            blackout = calendar.blackout(skip.blackout)
            return set(blackout.dates()) if blackout else set()


# A library reads the same few years of the same few countries for every cycle.
@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str | None, years: tuple[int, ...]) -> frozenset[date]:
    return frozenset(public_holidays(country, subdivision, years))


def public_holidays(country: str, subdivision: str | None, years: Iterable[int]) -> set[date]:
    """Public holidays of a country (ISO 3166) or a part of it. Raises UnknownHolidays."""
    import holidays  # takes a tenth of a second, which a check must not pay

    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=tuple(years))
    except NotImplementedError as error:
        place = f"{country}-{subdivision}" if subdivision else country
        raise UnknownHolidays(f"no public holidays are known for {place}") from error
    return set(found.keys())


def _weekends(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366))
    return (day for day in days if day.year == year and day.weekday() >= 5)
