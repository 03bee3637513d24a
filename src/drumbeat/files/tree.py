"""Tree: what a YAML file says, with the position of every key and value."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Path = tuple[str | int, ...]


class Spot(NamedTuple):
    """A place in a file: line and column from 1, and how many characters it covers."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True)
class Mistake:
    """Something wrong at a path of the data, before it is known where that stands."""

    path: Path
    message: str
    hint: str = ""
    is_key: bool = False
    is_warning: bool = False


@dataclass(frozen=True)
class SyntaxMistake:
    """Something wrong with the text itself, at a place of the file."""

    spot: Spot
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Tree:
    """The data of a file and where it stands. ``keys`` holds the places of mapping keys."""

    data: Any
    values: dict[Path, Spot] = field(default_factory=dict)
    keys: dict[Path, Spot] = field(default_factory=dict)

    def spot(self, path: Path, *, is_key: bool = False) -> Spot | None:
        """Where a path stands: the value, or its key; else the nearest thing around it.

        Parts of a path that the file does not have (a default's field) are left out.
        """
        if is_key and path in self.keys:
            return self.keys[path]
        for length in range(len(path), 0, -1):
            found = self.values.get(path[:length]) or self.keys.get(path[:length])
            if found:
                return found
        return self.values.get(())

    def at(self, *path: str | int) -> Any:
        """The data at a path, or None where the file has nothing there."""
        return dig(self.data, *path)


def dig(data: Any, *path: str | int) -> Any:
    """The value at a path of nested mappings and lists, or None where there is none."""
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def texts(data: Any, *path: str | int) -> Iterator[tuple[Path, str]]:
    """(path, text) of the texts in a list, or of a single text; nothing for anything else."""
    found = dig(data, *path)
    if isinstance(found, str):
        yield path, found
    for index, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, str):
            yield (*path, index), item


def blocks(data: Any, *path: str | int) -> Iterator[tuple[Path, dict[str, Any]]]:
    """(path, mapping) of the mappings in a list; nothing for anything else."""
    found = dig(data, *path)
    for index, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            yield (*path, index), item


def entries(data: Any, *path: str | int) -> Iterator[tuple[Path, Any]]:
    """(path, value) of a mapping's entries; nothing for anything else."""
    found = dig(data, *path)
    for key, value in found.items() if isinstance(found, dict) else ():
        yield (*path, key), value
