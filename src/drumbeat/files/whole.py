"""Whole: a campaign's fields as the text of a new file, in the order people read them."""

from collections.abc import Iterator, Mapping
from typing import Any

from drumbeat.files.one_line import in_one_line

_SCHEMA = "# yaml-language-server: $schema=../.drumbeat/schema/campaign.json\n"
# One block of the file each; whatever is not named here follows by name.
_BLOCKS = (
    ("version", "campaign", "name", "type", "owner", "channels", "connection"),
    ("goal", "success_metrics", "cadence", "starts", "ends", "slots"),
    ("audience", "offers", "themes", "languages", "landing_pages"),
    ("budget",),
    ("guardrails", "sla", "escalation", "autonomy", "rollback", "runbook"),
    ("hypotheses", "experiments", "data_sources", "naming"),
)
# Inside a block, what a reader looks for first.
_FIRST = (
    "include",
    "metric",
    "name",
    "source",
    "every",
    "review",
    "event",
    "window",
    "weekday",
    "day",
    "range",
    "rule",
)


def in_reading_order(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields, as the file has them: what it is, what for, for whom, within what."""
    known = [name for block in _BLOCKS for name in block if name in fields]
    names = (*known, *sorted(fields.keys() - set(known)))
    return {name: _in_order(fields[name]) for name in names}


def whole_text(fields: Mapping[str, Any]) -> str:
    """The file's text. The same fields give the same text, however they were kept meanwhile."""
    ordered = in_reading_order(fields)
    known = {name for block in _BLOCKS for name in block}
    rest = tuple(name for name in ordered if name not in known)
    blocks = ("".join(_lines(ordered, names)) for names in (*_BLOCKS, rest))
    return _SCHEMA + "\n".join(block for block in blocks if block)


def _lines(fields: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if name in fields:
            yield from _line(name, fields[name])


def _line(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        yield f"{name}:\n"
        yield from (f"  - {in_one_line(one)}\n" for one in value)
    else:
        yield f"{in_one_line(name)}: {in_one_line(value)}\n"


def _in_order(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_order(one) for one in value]
    if not isinstance(value, dict):
        return value
    ranked = {name: at for at, name in enumerate(_FIRST)}
    names = sorted(value, key=lambda name: (ranked.get(name, len(_FIRST)), name))
    return {name: _in_order(value[name]) for name in names}
