"""Validation: data into a noun, or every mistake in it said in words, at its path."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from drumbeat.core.campaign.known import UNKNOWN_NAME
from drumbeat.files.shape import keys_at
from drumbeat.files.suggest import did_you_mean
from drumbeat.files.tree import Mistake, Path

Model = TypeVar("Model", bound=BaseModel)

_WANTED = {
    "string_type": "expected a text",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "date_type": "expected a date such as 2026-12-24",
    "date_parsing": "expected a date such as 2026-12-24",
    "date_from_datetime_parsing": "expected a date such as 2026-12-24",
    "datetime_type": "expected a moment such as 2026-12-24T09:00:00+01:00",
    "datetime_parsing": "expected a moment such as 2026-12-24T09:00:00+01:00",
    "datetime_from_date_parsing": "expected a moment such as 2026-12-24T09:00:00+01:00",
    "timezone_aware": "expected a moment with its zone, such as 2026-12-24T09:00:00+01:00",
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "dict_type": "expected a block of keys and values",
    "model_type": "expected a block of keys and values",
    "model_attributes_type": "expected a block of keys and values",
    "decimal_parsing": "expected a number",
    "decimal_type": "expected a number",
}


def validate(model: type[Model], data: Any) -> tuple[Model | None, tuple[Mistake, ...]]:
    """The noun, or None and every mistake found, each with the path it stands at."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, tuple(dict.fromkeys(_mistake(model, data, each) for each in details))


def _mistake(model: type[BaseModel], data: Any, error: ErrorDetails) -> Mistake:
    path = _path(data, error)
    match error["type"]:
        case "missing":
            name = str(error["loc"][-1])
            return Mistake(path, f"{name} is missing")
        case "extra_forbidden":
            return Mistake(path, "unknown key", _meant(model, path, error), is_key=True)
        case _:
            message, hint = _told(error)
            return Mistake(path, message, hint, is_key=error["loc"][-1:] == ("[key]",))


def _meant(model: type[BaseModel], path: Path, error: ErrorDetails) -> str:
    hint = did_you_mean(str(path[-1]), keys_at(model, path[:-1]))
    # In {a: one, two} the comma ends the text, and "two" becomes a key with nothing behind it.
    if error.get("input") is None and not hint.startswith("did"):
        return "if it belongs to the text before it, put that text in quotes"
    return hint


def _path(data: Any, error: ErrorDetails) -> Path:
    """The error's place in the file: pydantic's own marks (union members, [key]) left out."""
    found: list[str | int] = []
    for part in error["loc"]:
        if isinstance(data, dict) and part in data:
            data = data[str(part)]
        elif isinstance(data, (list, tuple)) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        found.append(part)
    return tuple(found)


def _told(error: ErrorDetails) -> tuple[str, str]:
    kind, given = error["type"], error.get("input")
    if kind in _WANTED:
        return f"{_WANTED[kind]}, got {_shown(given)}", _quoting(kind, given)
    teller = _TELLERS.get(kind)
    return teller(error) if teller else (_plain(error["msg"]), "")


def _quoting(kind: str, given: Any) -> str:
    is_figure = isinstance(given, (int, float, bool))
    return "put it in quotes" if kind == "string_type" and is_figure else ""


def _unknown(error: ErrorDetails) -> tuple[str, str]:
    context = error.get("ctx", {})
    return error["msg"], did_you_mean(str(context["word"]), context["known"])


def _choice(error: ErrorDetails) -> tuple[str, str]:
    expected = str(error.get("ctx", {}).get("expected", ""))
    options = [o.strip("'") for o in expected.replace(" or ", ", ").split(", ")]
    given = error.get("input")
    hint = did_you_mean(given, options) if isinstance(given, str) else ""
    hint = hint if hint.startswith("did") else ""
    return f"expected {expected.replace(chr(39), '')}, got {_shown(given)}", hint


def _length(error: ErrorDetails) -> tuple[str, str]:
    context = error.get("ctx", {})
    if error["type"] == "too_short":
        return f"needs at least {context['min_length']}, has {context['actual_length']}", ""
    return f"takes at most {context['max_length']}, has {context['actual_length']}", ""


def _bound(word: str, key: str) -> Callable[[ErrorDetails], tuple[str, str]]:
    def tell(error: ErrorDetails) -> tuple[str, str]:
        limit = error.get("ctx", {})[key]
        return f"must be {word} {limit}, got {_shown(error.get('input'))}", ""

    return tell


_TELLERS: dict[str, Callable[[ErrorDetails], tuple[str, str]]] = {
    UNKNOWN_NAME: _unknown,
    "enum": _choice,
    "literal_error": _choice,
    "too_short": _length,
    "too_long": _length,
    "greater_than_equal": _bound("at least", "ge"),
    "greater_than": _bound("more than", "gt"),
    "less_than_equal": _bound("at most", "le"),
    "less_than": _bound("less than", "lt"),
}


def _shown(given: Any) -> str:
    match given:
        case None:
            return "nothing"
        case bool():
            return str(given).lower()
        case str():
            return repr(given if len(given) <= 60 else f"{given[:57]}…")
        case dict():
            return "a block of keys"
        case list() | tuple():
            return "a list"
        case _:
            return str(given)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
