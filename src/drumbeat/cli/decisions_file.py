"""Decisions file: what people did, as a CSV they keep themselves."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from drumbeat.cli.sheet import Sheet, read_sheet
from drumbeat.core.canonical import name
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.decision import Decision, direction_of

# What people call the kinds of action.
SHORT = {
    "budget": "ads.set_budget",
    "pause": "ads.pause",
    "enable": "ads.enable",
    "launch": "ads.launch_line_item",
    "remove": "ads.remove_line_item",
    "creatives": "ads.set_creatives",
    "audience": "ads.set_audience",
    "bid": "ads.set_bid",
    "send": "email.schedule_send",
    "cancel": "email.cancel_send",
    "post": "social.schedule_post",
    "delete": "social.delete_post",
    "boost": "social.boost_post",
    "stop-boost": "social.stop_boost",
}
_WHEN = ("date", "at", "timestamp", "day")
_PREFIX = {"email": "send", "ads": "line_item", "social": "post"}
_PERCENT = re.compile(r"([+\-\u2212]?\d+(?:\.\d+)?)\s*%")
_FROM_TO = re.compile(r"(\d+(?:\.\d+)?)\s*(?:->|\u2192|to)\s*(\d+(?:\.\d+)?)")


def read_decisions(
    file: Path, zone: str = "UTC", *, campaign: str = "", plain: bool = False
) -> tuple[Decision, ...]:
    """Every row as a decision. ``campaign`` stands where the file names none; with ``plain``
    targets stay as written, else a bare name becomes a platform's (``line_item:…``).

    Raises Failure: every bad row is named as ``file:line``.
    """
    sheet = read_sheet(file)
    return tuple(_decisions(sheet, ZoneInfo(zone), campaign, plain))


def _decisions(sheet: Sheet, zone: ZoneInfo, campaign: str, plain: bool) -> Iterator[Decision]:
    moments = sheet.moments(sheet.column(None, _WHEN))
    targets = sheet.texts(sheet.column(None, ("target", "line_item", "placement", "segment")))
    actions = sheet.texts(sheet.column(None, ("action", "kind")))
    rest = {column: _optional(sheet, column) for column in ("change", "campaign", "reason", "by")}
    for row, line in enumerate(sheet.lines):
        kind = SHORT.get(actions[row].lower(), actions[row])
        if kind not in KINDS:
            known = ", ".join(SHORT)
            sheet.refuse(line, f"no action is called {actions[row]!r}; write one of {known}")
        of = rest["campaign"][row] or campaign
        if not of:
            sheet.refuse(line, "names no campaign; add a campaign column or say --campaign")
        size = _size(sheet, line, rest["change"][row])
        at = _aware(moments[row], zone)
        channel = str(KINDS[kind].channel)
        target = targets[row] if plain else _target(targets[row], channel, of)
        yield Decision(
            id=name("dec", of, target, kind, at, rest["change"][row]),
            at=at,
            by=f"person:{rest['by'][row] or 'unnamed'}",
            campaign=of,
            kind=kind,
            channel=channel,
            target=target,
            direction=direction_of(kind, size),
            size=abs(size) if size is not None else None,
            why=rest["reason"][row],
            source=f"{sheet.file.name}:{line}",
        )


def _optional(sheet: Sheet, column: str) -> list[str]:
    if not sheet.has(column):
        return [""] * len(sheet.lines)
    place = sheet.column(column, ())
    rows = sheet.table.rows
    return [row.cells[place].strip() if place < len(row.cells) else "" for row in rows]


def _size(sheet: Sheet, line: int, text: str) -> float | None:
    """``+20%`` or ``200 -> 250`` as a share of what was there."""
    if not text:
        return None
    if found := _PERCENT.fullmatch(text):
        return float(found[1].replace("\u2212", "-")) / 100.0
    found = _FROM_TO.fullmatch(text)
    if found is None or float(found[1]) == 0:
        sheet.refuse(line, f"expected a change such as +20% or 200 -> 250, got {text!r}")
    return float(found[2]) / float(found[1]) - 1.0


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    """A day without a time counts from its noon, so that it lies within itself everywhere."""
    if moment.time() == time() and moment.tzinfo is None:
        moment = moment.replace(hour=12)
    return moment.replace(tzinfo=zone).astimezone(UTC) if moment.tzinfo is None else moment


def _target(text: str, channel: str, campaign: str) -> str:
    return text if ":" in text else f"{_PREFIX.get(channel, channel)}:{campaign}/{text}"
