"""Exports: a file of past results as a command was given it, and what may be wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from drumbeat.cli.exits import Exit, Failure, FileInvalid

if TYPE_CHECKING:
    from drumbeat.files.history.reader import ImportOptions


@contextmanager
def reading_export(
    file: Path,
    pairs: tuple[str, ...],
    currency: str | None,
    year: int | None,
    campaign: str,
) -> "Iterator[ImportOptions]":
    """How the file is to be read; ``pairs`` are ``COLUMN=FIELD``. Within it, a map or a row that
    does not fit ends the command as bad input: Failure or FileInvalid. Empty names are none."""
    from drumbeat.files.history.columns import MapInvalid, read_map
    from drumbeat.files.history.parse import HistoryInvalid
    from drumbeat.files.history.reader import ImportOptions
    from drumbeat.files.problem import render

    if not file.exists():
        raise Failure(f"{file}: there is no such file", Exit.NOT_FOUND)
    try:
        yield ImportOptions(
            columns=read_map(pairs), currency=currency, year=year, campaign=campaign or None
        )
    except MapInvalid as error:
        raise Failure(f"--map: {error}", Exit.INVALID) from error
    except HistoryInvalid as error:
        raise FileInvalid(render(error.problems)) from error
