"""Problems: what is wrong in a file, where, and what to write instead; and how they are shown."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Literal

FORMAT_VERSION = 1
# As much of a line as is shown, and how much of that before the mistake.
_LONGEST, _BEFORE = 240, 60


class Gravity(StrEnum):
    """An error stops the workspace from being used; a warning says what it will do without."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake. ``line`` and ``column`` count from 1; 0 means the file as a whole.

    ``where`` is the path inside the file (``sla.plan``), ``source`` the line's own text.
    """

    path: str
    line: int
    column: int
    message: str
    where: str = ""
    hint: str = ""
    source: str = ""
    length: int = 1
    gravity: Gravity = Gravity.ERROR

    @property
    def text(self) -> str:
        """The message with its place in the file and its suggestion."""
        place = f"{self.where}: " if self.where else ""
        hint = f" — {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


Format = Literal["text", "json", "github"]


def render(problems: Iterable[Problem], form: Format = "text") -> str:
    """The problems as people (text), programs (json) or a pull request (github) read them."""
    listed = sorted(problems)
    match form:
        case "json":
            return as_json(listed)
        case "github":
            return "\n".join(map(_as_github, listed))
        case _:
            return "\n".join(map(as_text, listed))


def as_text(problem: Problem) -> str:
    """``file:line:column: message`` with the line under it and a caret at the column."""
    warning = "warning: " if problem.gravity is Gravity.WARNING else ""
    if not problem.line:
        return f"{problem.path}: {warning}{problem.text}"
    head = f"{problem.path}:{problem.line}:{problem.column}: {warning}{problem.text}"
    return f"{head}\n{_excerpt(problem)}" if problem.source.strip() else head


def as_json(problems: Iterable[Problem]) -> str:
    """One document: ``{format_version, problems: [{path, line, column, message, …}]}``."""
    listed = [asdict(problem) for problem in problems]
    return json.dumps(
        {"format_version": FORMAT_VERSION, "problems": listed}, indent=2, ensure_ascii=False
    )


def _excerpt(problem: Problem) -> str:
    number = f"{problem.line:>6}"
    # Of a line nobody reads to its end, what stands around the mistake.
    left = problem.column - _BEFORE if len(problem.source) > _LONGEST else 0
    start = max(0, left)
    shown = problem.source[start : start + _LONGEST].replace("\t", " ")
    at = problem.column - 1 - start
    room = max(1, len(shown) - at)
    caret = " " * at + "^" * max(1, min(problem.length, room))
    return f"{number} | {shown}\n{'':>6} | {caret}"


def _as_github(problem: Problem) -> str:
    # Workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    place = f"file={_property(problem.path)}"
    if problem.line:
        place += f",line={problem.line},col={problem.column}"
    return f"::{problem.gravity} {place}::{_data(problem.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
