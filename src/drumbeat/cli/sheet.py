"""Sheet: a person's CSV file; whatever cannot be read is named by file and line."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn, TypeVar

from drumbeat.cli.exits import Exit, Failure, FileInvalid
from drumbeat.cli.moments import day_reader, reader
from drumbeat.files.history.cell import BadCell, number
from drumbeat.files.history.table import Table, TableInvalid, read_table

Value = TypeVar("Value")

# How exports write "not measured".
_GAPS = frozenset({"", "nan", "na", "n/a", "null", "none", "-"})
_YES_OR_NO = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
_CURRENCY = "currency"
_RIDDLE = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DAY_TO_TIME = ("a date such as 2026-04-01,", "a time such as 2026-04-01 08:00,")
_MOST_BYTES = 200_000_000
_MOST_SHOWN = 10


@dataclass(frozen=True)
class Sheet:
    """A header and rows. ``file`` is the path as the person wrote it."""

    file: Path
    table: Table

    @property
    def lines(self) -> list[int]:
        """The line of each row, counted from 1 with the header."""
        return [row.line for row in self.table.rows]

    def has(self, *names: str) -> bool:
        """Whether every one of these columns is there; case does not matter."""
        return set(names) <= {name.lower() for name in self.table.header}

    def column(self, wanted: str | None, names: Sequence[str], place: int | None = None) -> int:
        """Where a column is: the one the person ``wanted``, else the first known name, else the
        one at ``place``. Raises Failure with the header when there is none."""
        header = [name.lower() for name in self.table.header]
        found = [name.lower() for name in ([wanted] if wanted else names) if name.lower() in header]
        if found:
            return header.index(found[0])
        if wanted is None and place is not None and place < len(header):
            return place
        missing = repr(wanted) if wanted else " or ".join(names)
        there = ", ".join(name or "(unnamed)" for name in self.table.header)
        raise FileInvalid(f"{self.file}:1: there is no column {missing}; the header has {there}")

    def texts(self, column: int) -> list[str]:
        """The column as text. Raises Failure for an empty cell."""
        return self._read(column, _text)

    def labels(self, name: str) -> list[str]:
        """The column of this header as text, empty cells included."""
        return [text.strip() for text in self._cells(self.table.header.index(name))]

    def numbers(self, column: int, *, gaps: bool = False) -> list[float]:
        """The column as finite numbers; with ``gaps``, what was not measured is NaN.

        ``1,234.5`` is read as it is meant; ``1.234,5`` where a comma cannot part the columns.
        Raises Failure for anything else, a currency or a percent sign included, for thousands
        that may be fractions, and for rows of several currencies.
        """
        self._refuse_currencies()
        comma = self.table.delimiter != "," and any("," in cell for cell in self._cells(column))
        self._refuse_riddles(column, comma)

        def read(text: str) -> float:
            if gaps and text.strip().lower() in _GAPS:
                return float("nan")
            return float(number(text, decimal_comma=comma))

        return self._read(column, read)

    def outcomes(self, column: int) -> list[float]:
        """Numbers, or true and false (yes and no) as 1 and 0."""
        if all(text.strip().lower() in _YES_OR_NO for text in self.texts(column)):
            return self._read(column, lambda text: _YES_OR_NO[text.strip().lower()])
        return self.numbers(column)

    def counts(self, column: int) -> list[int]:
        """Whole numbers of zero or more."""
        self._refuse_riddles(column, comma=False)
        return self._read(column, _count)

    def days(self, column: int) -> list[date]:
        """``2026-04-01`` (with or without a time), ``1.4.2026`` and what ``moments`` reads."""
        return self._read(column, day_reader(self._cells(column)))

    def moments(self, column: int) -> list[datetime]:
        """Days or ISO 8601 times, with or without a zone; see ``moments``."""
        read = reader(self._cells(column))

        def moment(text: str) -> datetime:
            try:
                return read(text)
            except BadCell as error:
                raise BadCell(str(error).replace(*_DAY_TO_TIME)) from error

        return self._read(column, moment)

    def _cells(self, column: int) -> list[str]:
        return [row.cells[column] for row in self.table.rows if column < len(row.cells)]

    def _refuse_currencies(self) -> None:
        if not self.has(_CURRENCY):
            return
        column, first = self.column(_CURRENCY, ()), ""
        for row in self.table.rows:
            one = row.cells[column].strip().upper() if column < len(row.cells) else ""
            first = first or one
            if one and one != first:
                self.refuse(row.line, f"{one} after {first}: convert to one currency, or split")

    def _refuse_riddles(self, column: int, comma: bool) -> None:
        """Where columns are parted by semicolons, 1.234 is a thousand to some and one to others."""
        if self.table.delimiter == "," or not (comma or self.table.delimiter == ";"):
            return
        mark = "," if comma else "."
        marked = [cell.strip() for cell in self._cells(column) if mark in cell]
        if marked and all(_RIDDLE.fullmatch(cell.replace(mark, ".")) for cell in marked):
            row = next(
                r for r in self.table.rows if column < len(r.cells) and mark in r.cells[column]
            )
            self.refuse(
                row.line,
                f"{marked[0]!r} may be {marked[0].replace(mark, '')} or a fraction, and no other "
                "row tells: write thousands without a mark",
            )

    def refuse(self, line: int, message: str) -> NoReturn:
        """Raises FileInvalid: ``file:line: message``."""
        raise FileInvalid(f"{self.file}:{line}: {message}")

    def _read(self, column: int, read: Callable[[str], Value]) -> list[Value]:
        values, wrong = [], []
        for row in self.table.rows:
            try:
                if column >= len(row.cells):
                    raise BadCell(f"the row ends before column {self.table.header[column]!r}")
                values.append(read(row.cells[column]))
            except BadCell as error:
                wrong.append(f"{self.file}:{row.line}: {error}")
        if wrong:
            raise FileInvalid("\n".join(self._shortened(wrong, column)))
        return values

    def _shortened(self, wrong: list[str], column: int) -> list[str]:
        if len(wrong) == len(self.table.rows) > 1:
            name = self.table.header[column]
            return [f"{wrong[0]}; so it is in every row: is {name!r} the right column?"]
        more = len(wrong) - _MOST_SHOWN
        return wrong[:_MOST_SHOWN] + ([f"{self.file}: and {more:,} lines more"] if more > 0 else [])


def read_sheet(file: Path) -> Sheet:
    """Read a CSV file (UTF-8; comma, semicolon, tab or bar). Raises Failure."""
    if file.is_dir() or not file.exists():
        problem = "is a folder" if file.is_dir() else "there is no such file"
        raise Failure(f"{file}: {problem}", Exit.NOT_FOUND)
    if file.stat().st_size > _MOST_BYTES:
        size = _MOST_BYTES // 1_000_000
        raise FileInvalid(f"{file}: is larger than {size} MB; split it")
    raw = file.read_bytes()
    try:
        table = read_table(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileInvalid(f"{file}:{line}: is not UTF-8 here; export it as UTF-8") from error
    except TableInvalid as error:
        raise FileInvalid(f"{file}:{error.line}: {error}") from error
    for row in table.rows:
        if any(cell.strip() for cell in row.cells[len(table.header) :]):
            raise FileInvalid(
                f"{file}:{row.line}: has {len(row.cells)} cells, the header has "
                f"{len(table.header)}; a number with a {table.delimiter!r} in it needs quotes"
            )
    if not table.rows:
        raise FileInvalid(f"{file}:1: has a header and no rows")
    return Sheet(file, table)


def _text(text: str) -> str:
    if not text.strip():
        raise BadCell("the cell is empty")
    return text.strip()


def _count(text: str) -> int:
    value = number(text, decimal_comma=False)
    if value < 0 or value != int(value):
        raise BadCell(f"expected a whole number of 0 or more, got {text!r}")
    return int(value)
