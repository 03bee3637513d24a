"""Known names: a value that must be one of a list, refused with the list for a suggestion."""

from collections.abc import Iterable

from pydantic_core import PydanticCustomError

UNKNOWN_NAME = "unknown_name"


def unknown_name(what: str, value: str, known: Iterable[str]) -> PydanticCustomError:
    """The refusal of a value; its context carries ``known`` so that a reader can be helped."""
    return PydanticCustomError(
        UNKNOWN_NAME,
        "no {what} is named {value}",
        {"what": what, "value": repr(value), "word": value, "known": sorted(map(str, known))},
    )
