"""ICS: the calendar as a feed that calendar programs subscribe to (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from drumbeat.web.views.calendar import CalendarItem

_LINE_BYTES = 73


def feed(items: tuple[CalendarItem, ...], workspace: str, now: datetime) -> str:
    """One event an item, half an hour long; lines folded at 75 bytes, ends as the RFC wants."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Drumbeat//Calendar//EN",
        f"X-WR-CALNAME:{_text(workspace)} campaigns",
    ]
    for item in items:
        lines += _event(item, now)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _fold(line))


def _event(item: CalendarItem, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(item.id)}@drumbeat",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(item.at)}",
        f"DTEND:{_utc(item.at + timedelta(minutes=30))}",
        f"SUMMARY:{_text(item.title)}",
        f"DESCRIPTION:{_text(f'{item.campaign}: {item.channel}, {item.status}')}",
        f"CATEGORIES:{_text(item.channel)}",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A value with what would end it or start another line taken away."""
    kept = "".join(letter for letter in value if letter == "\n" or letter >= " ")
    escaped = kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _fold(line: str) -> list[str]:
    folded, rest = [], line
    while len(rest.encode()) > _LINE_BYTES:
        cut = _LINE_BYTES
        while len(rest[:cut].encode()) > _LINE_BYTES:
            cut -= 1
        folded.append(rest[:cut])
        rest = " " + rest[cut:]
    return [*folded, rest]
