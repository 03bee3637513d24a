"""Moments: days and times as exports write them; what one cell leaves open, its column may tell."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time

from drumbeat.files.history.cell import BadCell, day

_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:,?[ T]+(.+))?")
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_SECONDS = 10  # digits of an epoch in seconds from 2001 to 2286
_MONTHS = 12


def reader(cells: Iterable[str]) -> Callable[[str], datetime]:
    """Reads one cell of this column: a day, an ISO 8601 time, seconds or milliseconds since 1970,
    or ``12/31/2026`` where some cell shows which of the two is the month. Raises BadCell."""
    order = _order(cells)

    def read(text: str) -> datetime:
        plain = text.strip()
        if match := _SLASHED.fullmatch(plain):
            return _slashed(match, order, text)
        if _EPOCH.fullmatch(plain):
            return datetime.fromtimestamp(int(plain[:_SECONDS]), UTC)
        try:
            return datetime.fromisoformat(plain)
        except ValueError:
            return datetime.combine(day(plain), time())

    return read


def day_reader(cells: Iterable[str]) -> Callable[[str], date]:
    """The same for days: the time after one is ignored."""
    read = reader(cells)

    def read_day(text: str) -> date:
        plain = text.strip()
        if _SLASHED.fullmatch(plain) or _EPOCH.fullmatch(plain):
            return read(plain).date()
        return day(text)

    return read_day


def _order(cells: Iterable[str]) -> set[str]:
    """Which part is a day in this column, as far as one beyond 12 tells: "first" or "second"."""
    found: set[str] = set()
    for match in map(_SLASHED.fullmatch, map(str.strip, cells)):
        if match:
            found |= {"first"} if int(match[1]) > _MONTHS else set()
            found |= {"second"} if int(match[2]) > _MONTHS else set()
    return found


def _slashed(match: re.Match[str], order: set[str], text: str) -> datetime:
    if len(order) != 1:
        why = "day and month trade places in this column" if order else "day or month first?"
        raise BadCell(f"expected a date such as 2026-04-01, got {text[:40]!r}: {why}")
    parts = (match[2], match[1]) if order == {"first"} else (match[1], match[2])
    start = day(f"{match[3]}-{int(parts[0]):02}-{int(parts[1]):02}")
    try:
        return datetime.combine(start, _clock(match[4]))
    except ValueError:
        raise BadCell(f"expected a time such as 2026-04-01 08:00, got {text[:40]!r}") from None


def _clock(text: str | None) -> time:
    """``14:30`` or ``2:30 PM``. Raises ValueError."""
    if text is None:
        return time()
    half = text[-2:].upper()
    if half in ("AM", "PM"):
        clock = _clock(text[:-2].strip())
        return clock.replace(hour=clock.hour % 12 + 12 * (half == "PM"))
    return time.fromisoformat(text if len(text.split(":")[0]) > 1 else f"0{text}")
