"""Entry form: a promise or a claim of the library as fields a person types, and back.

A text is typed as it is; everything else (numbers, lists, blocks) as the file would say it.
"""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from drumbeat.core.campaign.hypothesis_file import HypothesesFile
from drumbeat.core.operations.sla_policy import SlaFile
from drumbeat.files.entry import Place
from drumbeat.files.one_line import in_one_line
from drumbeat.files.source import from_text
from drumbeat.web.views.autonomy import RuleField

# What the box at the end says of an entry; of a row of the matrix it forbids the action.
GONE = "gone"
_ID = "id"


def fields_of(
    place: Place, entry: Any, typed: Mapping[str, str] | None = None
) -> tuple[RuleField, ...]:
    """One input a field, those of the entry first; as typed, where something was."""
    shown = typed if typed is not None else _shown(entry)
    known = entry if isinstance(entry, dict) else {}
    names = [*known, *(name for name in _names(place) if name not in known)]
    return tuple(
        RuleField(name, _label(name), _hint(known.get(name)), shown.get(name, ""))
        for name in names
        if name != _ID
    )


def entry_of(place: Place, entry: Any, typed: Mapping[str, str]) -> Any:
    """The entry as it was typed; what was left alone stays as it is written, what was emptied
    goes. None where it is to be taken away."""
    if typed.get(GONE) == "yes":
        return None
    shown = _shown(entry)
    made: dict[str, Any] = {_ID: place.key, **(entry if isinstance(entry, dict) else {})}
    for name in (*shown, *_names(place)):
        text = typed.get(name, shown.get(name, "")).strip()
        if name == _ID or text == shown.get(name, ""):
            continue
        made[name] = _value(text, made.get(name))
    return {name: value for name, value in made.items() if value is not None}


def _value(text: str, before: Any) -> Any:
    """What was typed as the file would hold it; a text stays one, whatever it looks like."""
    if not text:
        return None
    if isinstance(before, str):
        return text
    read = from_text("form", f"value: {text}")
    is_yaml = not read.problems and isinstance(read.data, dict)
    return read.data.get("value") if is_yaml else text


def _shown(entry: Any) -> dict[str, str]:
    fields = entry.items() if isinstance(entry, dict) else ()
    return {name: one if isinstance(one, str) else in_one_line(one) for name, one in fields}


def _names(place: Place) -> tuple[str, ...]:
    """The fields the file's schema knows for such an entry."""
    file: type[BaseModel] = SlaFile if place.path == "policy/sla.yaml" else HypothesesFile
    entry: type[BaseModel] = get_args(file.model_fields[place.section].annotation)[0]
    return tuple(field.alias or name for name, field in entry.model_fields.items())


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _hint(value: Any) -> str:
    return "as the file says it" if isinstance(value, dict | list) else ""
