"""Output: data on stdout, prose on stderr; JSON documents carry a format version."""

import json
import sys
from typing import Any

import click

FORMAT_VERSION = 1


def data(kind: str, content: Any) -> None:
    """Print one JSON document: ``{"format_version": 1, "kind": …, …}``."""
    document = {"format_version": FORMAT_VERSION, "kind": kind, **content}
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=str))


def say(text: str) -> None:
    """Prose for the person, never mixed into the data."""
    click.echo(text, err=True)


def is_terminal() -> bool:
    return sys.stderr.isatty()


def table(headings: list[str], rows: list[list[str]]) -> None:
    """A plain table on stdout; Rich only where a person looks."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    made = Table(*headings, box=SIMPLE, pad_edge=False)
    for row in rows:
        made.add_row(*row)
    Console(soft_wrap=not sys.stdout.isatty()).print(made)
