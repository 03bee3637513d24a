"""Table: a CSV text as rows that know where each of their cells stands."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from drumbeat.files.tree import Spot

_DELIMITERS = (",", ";", "\t", "|")


class TableInvalid(ValueError):
    """The text is no table: empty, without a header, or with a quote that never closes."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Row:
    """One record. ``line`` is where it starts, from 1; ``text`` is the record as written."""

    line: int
    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Table:
    """A header and its rows, in the file's order."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str


def read_table(text: str) -> Table:
    """Read a CSV text; the delimiter is the one the header has most of.

    Quoted cells may hold delimiters and line breaks. Raises TableInvalid.
    """
    records = _records(text, _delimiter(text))
    header = next(records, None)
    if header is None:
        raise TableInvalid(1, "is empty; expected a header line")
    names = tuple(cell.strip() for cell in header.cells)
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise TableInvalid(header.line, f"the header names {', '.join(sorted(twice))} twice")
    return Table(names, tuple(records), _delimiter(text))


def spot_of(row: Row, number: int, delimiter: str) -> Spot:
    """Where a cell stands: the line and column at which it starts."""
    line, column, cell, is_quoted = row.line, 1, 0, False
    for character in row.text:
        if cell == number:
            break
        is_quoted ^= character == '"'
        if character == delimiter and not is_quoted:
            cell += 1
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    length = len(row.cells[number]) if number < len(row.cells) else 1
    return Spot(line, column, max(1, length))


def _delimiter(text: str) -> str:
    header = text.lstrip("\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _records(text: str, delimiter: str) -> Iterator[Row]:
    # At line feeds alone: a cell may hold what only Unicode calls the end of a line.
    lines = list(StringIO(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    done = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableInvalid(done + 1, f"is no CSV from here on: {error}") from error
        if any(cell.strip() for cell in cells):
            yield Row(done + 1, tuple(cells), "".join(lines[done : reader.line_num]))
        done = reader.line_num
