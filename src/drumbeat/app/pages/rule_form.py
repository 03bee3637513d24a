"""Rule form: a row of the action matrix as fields a person types, and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.app.rule_change import FORBIDDEN
from drumbeat.core.governance.levels import above
from drumbeat.core.governance.phase import Phase
from drumbeat.web.views.autonomy import Level, RuleField


class BadField(ValueError):
    """Something typed that no rule can say: which field, and what to write."""


@dataclass(frozen=True)
class _Field:
    """One input: where its value stands in the row, and how text becomes that value."""

    name: str
    label: str
    hint: str
    at: tuple[str, ...]
    read: Callable[[str], Any]
    choices: tuple[str, ...] = ()


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def _yes(text: str) -> bool:
    return text == "yes"


_LIMITS = (
    ("per_change", "Most at once", "relative, 20%", str),
    ("per_day", "Most a day", "relative, 20%", str),
    ("changes_per_day", "Changes a day", "of one target", int),
    ("changes_per_month", "Changes a month", "of one target", int),
    ("spend_per_change", "Money a change", "such as EUR 50", str),
    ("spend_per_day", "Money a day", "such as EUR 200", str),
)
_EITHER = ("no", "yes")
FIELDS = (
    _Field("agents", "Agents", "who may want it, with commas", ("agents",), _words),
    _Field("risk", "Risk", "", ("risk",), str, ("low", "medium", "high")),
    _Field("phase", "Alone from phase", "", ("phase",), str, tuple(map(str, Phase))),
    _Field("roles", "Approvers", "roles, with commas", ("approvals", "roles"), _words),
    _Field("count", "How many people", "1 to 5", ("approvals", "count"), int),
    _Field(
        "owners", "The campaigns’ owners among them", "", ("approvals", "owners"), _yes, _EITHER
    ),
    _Field("min_confidence", "Least confidence", "0 to 1", ("min_confidence",), float),
    _Field("signals", "Independent signals", "that must agree", ("signals",), int),
    _Field("cooldown", "Rest between changes", "such as 48h", ("cooldown",), str),
    _Field("hold", "Soft approval", "acts after this, such as 30m", ("hold",), str),
    *(_Field(name, label, hint, ("limits", name), read) for name, label, hint, read in _LIMITS),
    _Field("always_ask", "Always asks a person", "", ("always_ask",), _yes, _EITHER),
)


def typed_of(entry: Any) -> dict[str, str]:
    """What the form shows of a row; ``forbidden`` says whether it is."""
    row = entry if isinstance(entry, dict) else {}
    found = {field.name: _text(_at(row, field.at)) for field in FIELDS}
    either = {field.name: found[field.name] or "no" for field in FIELDS if field.choices == _EITHER}
    return {**found, **either, FORBIDDEN: "yes" if entry == FORBIDDEN else ""}


def fields_of(typed: Mapping[str, str]) -> tuple[RuleField, ...]:
    """Every field of the form, in its order, with what was typed in it; blank where nothing was."""
    return tuple(
        RuleField(f.name, f.label, f.hint, typed.get(f.name, ""), f.choices) for f in FIELDS
    )


def entry_of(entry: Any, typed: Mapping[str, str]) -> Any:
    """The row as it was typed; what was left alone stays as it is written. Raises BadField."""
    if typed.get(FORBIDDEN) == "yes":
        return FORBIDDEN
    row: dict[str, Any] = dict(entry) if isinstance(entry, dict) else {}
    shown = typed_of(row)
    for field in FIELDS:
        text = typed.get(field.name, shown[field.name]).strip()
        if text != shown[field.name]:
            _put(row, field.at, _value(field, text))
    return row


def cell_of(entry: Any, phase: str, level: str) -> Any:
    """The row with one cell of the matrix changed. Raises BadField."""
    if level == Level.NEVER:
        return FORBIDDEN
    if not isinstance(entry, dict):
        raise BadField("It is forbidden in every phase: write its whole row to allow it.")
    row = {name: value for name, value in entry.items() if name != "level"}
    if level == Level.OBSERVE:
        return {**row, "level": "observe"}
    later = above(Phase(phase))
    if level == Level.ASK and later is None:
        return {**row, "always_ask": True}
    row.pop("always_ask", None)
    return {**row, "phase": str(later if level == Level.ASK else phase)}


def _value(field: _Field, text: str) -> Any:
    if not text:
        return None
    try:
        return field.read(text)
    except ValueError as error:
        wanted = field.hint or "another value"
        raise BadField(f"{field.label}: {text!r} is no value; write {wanted}.") from error


def _put(row: dict[str, Any], at: tuple[str, ...], value: Any) -> None:
    """Set a field, or take it away; a block that is left empty goes with it."""
    name, *inner = at
    if inner:
        block = dict(row.get(name) or {})
        _put(block, tuple(inner), value)
        value = block or None
    if value is None:
        row.pop(name, None)
    else:
        row[name] = value


def _at(row: Any, at: tuple[str, ...]) -> Any:
    for name in at:
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
