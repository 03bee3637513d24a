"""Folder: a workspace on disk, its files read once and told apart."""

import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from drumbeat.files.kinds import BY_NAME, KINDS, kind_of
from drumbeat.files.problem import Gravity, Problem
from drumbeat.files.source import Source, read_source
from drumbeat.files.suggest import did_you_mean

ROOT_FILE = "drumbeat.yaml"
_OWN_FOLDERS = ("campaigns", "policy", "hypotheses", "data", "runbooks")
_MOST_FILES = 5000


@dataclass
class Folder:
    """A workspace's root and its files, each read when it is first asked for."""

    root: Path
    _read: dict[str, Source] = field(default_factory=dict)

    @cached_property
    def files(self) -> frozenset[str]:
        """Every file of the workspace's own folders and root, relative, with forward slashes;
        what is given to be read as one counts, whether it is on the disk or not."""
        found = {file.name for file in self.root.iterdir() if file.is_file()}
        for name in _OWN_FOLDERS:
            found |= set(_below(self.root, name))
        found |= self._read.keys()
        return frozenset(found)

    def source(self, path: str) -> Source:
        """One file, read at most once."""
        if path not in self._read:
            self._read[path] = read_source(self.root / path, path)
        return self._read[path]

    def of(self, kind: str) -> tuple[Source, ...]:
        """The files of a kind, by name; none where the workspace has none."""
        pattern = BY_NAME[kind].pattern
        names = sorted(name for name in self.files if fnmatchcase(name, pattern))
        return tuple(self.source(name) for name in names)

    def only(self, kind: str) -> Source | None:
        """The one file of a kind, or None."""
        return next(iter(self.of(kind)), None)

    def stray(self) -> tuple[Problem, ...]:
        """YAML files nothing reads, and required files that are not there."""
        lost = (Problem(name, 0, 0, *_lost(name)) for name in sorted(self.files) if _is_lost(name))
        absent = (
            Problem(kind.pattern, 0, 0, "is missing", hint="drumbeat init writes one to start from")
            for kind in KINDS
            if kind.is_required and not self.of(kind.name)
        )
        return (*lost, *absent, *self._unmeasured())

    def _unmeasured(self) -> tuple[Problem, ...]:
        if self.of("attribution"):
            return ()
        text = "is missing, so nothing is optimized"
        hint = "drumbeat init writes one to start from"
        path = BY_NAME["attribution"].pattern
        return (Problem(path, 0, 0, text, hint=hint, gravity=Gravity.WARNING),)


def workspace_root(path: Path) -> Path | None:
    """The nearest folder at or above a path that holds a drumbeat.yaml."""
    start = path if path.is_dir() else path.parent
    return next((up for up in (start, *start.parents) if (up / ROOT_FILE).is_file()), None)


def _below(root: Path, folder: str) -> list[str]:
    names: list[str] = []
    for place, folders, files in os.walk(root / folder):
        # A folder that bears a file's name is told of, not passed over.
        odd = [one for one in folders if one.endswith(".yaml")]
        names += [(Path(place) / file).relative_to(root).as_posix() for file in (*files, *odd)]
        if len(names) > _MOST_FILES:
            break
    return names


def _is_lost(name: str) -> bool:
    in_place = name.split("/")[0] in ("campaigns", "policy", "hypotheses", "data")
    return in_place and name.endswith((".yaml", ".yml")) and kind_of(name) is None


def _lost(name: str) -> tuple[str, str, str]:
    """(message, where, hint) for a YAML file that no kind claims."""
    if name.endswith(".yml"):
        return "is not read", "", "name it .yaml"
    folder = name.split("/")[0]
    known = [kind.pattern for kind in KINDS if kind.pattern.startswith(f"{folder}/")]
    return "is not read: no file of this name belongs here", "", did_you_mean(name, known)
