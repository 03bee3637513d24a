"""Source: one file of a workspace, read once, with its problems ready to be told."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from drumbeat.files.problem import Gravity, Problem
from drumbeat.files.tree import Mistake, Spot, SyntaxMistake, Tree
from drumbeat.files.yaml import Unreadable, parse

MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Source:
    """A file's text and tree. ``tree`` is None when it could not be read at all."""

    path: str
    text: str
    tree: Tree | None
    problems: tuple[Problem, ...]

    @property
    def data(self) -> Any:
        """What the file says, or None when it could not be read."""
        return self.tree.data if self.tree else None

    @property
    def digest(self) -> str:
        """SHA-256 of the text: names this version of the file."""
        return hashlib.sha256(self.text.encode(errors="surrogatepass")).hexdigest()

    def problem(self, mistake: Mistake) -> Problem:
        """A mistake at a path, told with the place where it stands."""
        found = self.tree.spot(mistake.path, is_key=mistake.is_key) if self.tree else None
        gravity = Gravity.WARNING if mistake.is_warning else Gravity.ERROR
        where = show_path(mistake.path)
        return self._tell(found or Spot(1, 1), mistake.message, mistake.hint, where, gravity)

    def _tell(
        self, spot: Spot, message: str, hint: str, where: str = "", gravity: Gravity = Gravity.ERROR
    ) -> Problem:
        lines = self.text.splitlines()
        line = lines[spot.line - 1] if spot.line <= len(lines) else ""
        return Problem(
            path=self.path,
            line=spot.line,
            column=spot.column,
            message=message,
            where=where,
            hint=hint,
            source=line,
            length=spot.length,
            gravity=gravity,
        )


def read_source(file: FilePath, shown: str) -> Source:
    """Read one YAML file; whatever is wrong with it becomes its problems. Never raises."""
    try:
        if file.is_dir():
            return _unread(shown, "is a folder; a file of this name belongs here")
        if file.exists() and not file.is_file():
            return _unread(shown, "is no plain file")
        raw = file.read_bytes()
    except OSError as error:
        return _unread(shown, f"cannot be read: {error.strerror or error}")
    if len(raw) > MOST_BYTES:
        return _unread(shown, f"is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(shown, raw, error.start)
    return from_text(shown, text)


# A workspace is read again whenever one of its files changes, and nobody changes what is read.
@lru_cache(maxsize=256)
def from_text(shown: str, text: str) -> Source:
    """The source of a text already read."""
    try:
        tree, mistakes = parse(text)
    except Unreadable as error:
        return _with_syntax(Source(shown, text, None, ()), [error.mistake])
    source = _with_syntax(Source(shown, text, tree, ()), mistakes)
    if tree.data is None and not mistakes:
        return _unread(shown, "is empty", "write at least version: 1", text)
    return source


def show_path(path: Iterable[str | int]) -> str:
    """``guardrails[1].metric`` for ("guardrails", 1, "metric")."""
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown


def _unread(shown: str, message: str, hint: str = "", text: str = "") -> Source:
    return Source(shown, text, None, (Problem(shown, 0, 0, message, hint=hint),))


def _not_utf8(shown: str, raw: bytes, at: int) -> Source:
    """The first byte that is no text, at its place in the line."""
    before, hint = raw[:at].decode("utf-8-sig"), "save the file with UTF-8 encoding"
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    wrong = Problem(shown, line, column, f"the byte {raw[at]:#04x} is not UTF-8", hint=hint)
    return Source(shown, "", None, (wrong,))


def _with_syntax(source: Source, mistakes: Iterable[SyntaxMistake]) -> Source:
    told = tuple(source._tell(m.spot, m.message, m.hint) for m in mistakes)
    return Source(source.path, source.text, source.tree, told)
