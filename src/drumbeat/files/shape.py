"""Shape: the keys a noun knows at a path, so that a mistyped key can be put right."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from drumbeat.files.tree import Path


def keys_at(model: type[BaseModel], path: Path) -> frozenset[str]:
    """The keys a file may write at a path; empty where names are free (a mapping) or unknown."""
    types: list[Any] = [model]
    for part in path:
        types = [inner for outer in types for inner in _inside(outer, part)]
    return frozenset(key for kind in types for key in _keys(kind))


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if part == (field.alias or name):
                yield from _members(field.annotation)
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (tuple, list) and isinstance(part, int):
        yield from _members(arguments[0])
    elif origin is dict and isinstance(part, str):
        yield from _members(arguments[1])


def _members(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation


def _keys(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield field.alias or name
