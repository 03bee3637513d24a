"""Output: data on stdout, prose on stderr; JSON documents carry a format version."""

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

FORMAT_VERSION = 1

# What a terminal would obey instead of showing; texts from platforms and files may hold any.
_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
# Between two columns; and a word, such as an address, that may be cut.
_BETWEEN, _LONG_WORD = 2, 40
_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")


def data(kind: str, content: Mapping[str, Any]) -> None:
    """Print one JSON document: ``{"format_version": 1, "kind": …, …}``.

    Unknown figures (NaN, infinite) are null; times are ISO 8601.
    """
    assert not {"format_version", "kind"} & set(content), "a document's own names are taken"
    document = {"format_version": FORMAT_VERSION, "kind": kind, **_known(content)}
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=_plain, allow_nan=False))


def say(text: str) -> None:
    """Prose for the person, never mixed into the data."""
    click.echo(text, err=True)


def is_terminal() -> bool:
    """Whether somebody watches stderr: progress is shown to nobody else."""
    return sys.stderr.isatty()


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout. On a terminal it fits the window, or is a block a row where its words do
    not; elsewhere every row is one whole line.

    Elsewhere also means cells that are never cut, two spaces apart, so that an id can be copied.
    """
    shown = [[_safe(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _fit_to_window(headings, shown)
        return
    widths = [max(map(len, column)) for column in zip(headings, *shown, strict=True)]
    for row in (headings, *shown):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def figure(value: float | None, form: str = ",.6g") -> str:
    """A number for people; ``unknown`` for None, NaN and infinities."""
    if value is None or not math.isfinite(value):
        return "unknown"
    return format(value, form)


def _fit_to_window(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Not only without color: without any escape sequence, bold headings included.
    is_plain = bool(os.environ.get("NO_COLOR"))
    console = Console(color_system=None if is_plain else "auto")
    if not _words_fit(headings, rows, console.width):
        for row in rows:
            for heading, cell in zip(headings, row, strict=True):
                if cell:
                    console.print(Text.assemble((f"{heading}: ", "bold"), cell))
            console.print()
        return
    made = Table(box=SIMPLE, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        # As Text: brackets in a cell are characters, not markup.
        made.add_row(*map(Text, row))
    console.print(made)


def _words_fit(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether no word has to be cut, but one that would not fit a line of its own."""
    columns = zip(headings, *rows, strict=True)
    longest = [
        max((len(word) for cell in one for word in cell.split()), default=0) for one in columns
    ]
    return sum(min(one, _LONG_WORD) for one in longest) + _BETWEEN * len(headings) <= width


def _safe(cell: str) -> str:
    return cell.translate(_SPACES).translate(_CONTROL)


def _known(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _known(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_known(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)
