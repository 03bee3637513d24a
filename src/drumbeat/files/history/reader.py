"""Reader: one table's rows into history rows, every bad cell told with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import PurePath

from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.files.history.cell import BadCell, count, date_of, day, month, not_negative, number
from drumbeat.files.history.columns import DIMENSION, TARGETS
from drumbeat.files.history.table import Row, Table, spot_of
from drumbeat.files.problem import Problem
from drumbeat.files.tree import Spot

_MOST_PROBLEMS = 50
# Shares of a conversion are counted by some, and a figure of the business is of any kind.
_MAY_BE_PARTS = frozenset({"conversions", "value"})
# What an arm that got no mail is called; its people count as held out, not as sent to.
_HELD_OUT = frozenset(
    ["no e-mail", "no email", "no mail", "none", "control", "hold-out", "holdout"]
)


@dataclass(frozen=True)
class ImportOptions:
    """What the person says about a file that it does not say itself."""

    columns: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    year: int | None = None
    campaign: str | None = None


@dataclass
class _Sum:
    count: int = 0
    measures: dict[str, Decimal] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)


_Key = tuple[date | None, str, str | None, tuple[tuple[str, str], ...]]


class Reader:
    """Reads one table's rows, collecting every problem on the way."""

    def __init__(
        self,
        name: str,
        kind: HistoryKind,
        targets: dict[int, str],
        options: ImportOptions,
        table: Table,
    ) -> None:
        self.name, self.kind, self.targets = name, kind, targets
        self.options, self.table = options, table
        self.problems: list[Problem] = []
        self.columns = {target: number for number, target in targets.items()}
        self.decimal_comma = _uses_decimal_comma(table, targets, kind)
        counted = {"sent", "delivered"} & self.columns.keys()
        self.is_per_recipient = kind is HistoryKind.EMAIL and not counted

    def rows(self) -> tuple[HistoryRow, ...]:
        sums: dict[_Key, _Sum] = {}
        for row in self.table.rows:
            if len(self.problems) >= _MOST_PROBLEMS:
                break
            if len(row.cells) != len(self.table.header):
                have, want = len(row.cells), len(self.table.header)
                self._tell(Spot(row.line, 1), f"has {have} cells, the header has {want}", row)
            else:
                self._add(sums, row)
        return tuple(self._row(key, total) for key, total in sums.items())

    def _add(self, sums: dict[_Key, _Sum], row: Row) -> None:
        key = self._key(row)
        figures = list(self._figures(row))
        if key is None:
            return
        total = sums.setdefault(key, _Sum())
        total.count += 1
        for target, value in figures:
            is_amount = target in TARGETS[self.kind].amounts
            into = total.amounts if is_amount else total.measures
            into[target] = into.get(target, Decimal(0)) + value

    def _key(self, row: Row) -> _Key | None:
        before = len(self.problems)
        at = self._date(row)
        cell = self._text(row, "campaign")
        campaign = cell or self.options.campaign or PurePath(self.name).stem
        currency = self._currency(row)
        return None if len(self.problems) > before else (at, campaign, currency, self._dims(row))

    def _dims(self, row: Row) -> tuple[tuple[str, str], ...]:
        named = TARGETS[self.kind].dimensions
        found = (
            (target.removeprefix(DIMENSION), row.cells[number].strip())
            for number, target in self.targets.items()
            if target in named or target.startswith(DIMENSION)
        )
        return tuple(sorted((name, value) for name, value in found if value))

    def _figures(self, row: Row) -> Iterator[tuple[str, Decimal]]:
        known = TARGETS[self.kind].measures | TARGETS[self.kind].amounts
        for column, target in self.targets.items():
            cell = row.cells[column]
            if target not in known or not cell.strip():
                continue
            try:
                yield target, self._figure(cell, target)
            except BadCell as error:
                self._tell(spot_of(row, column, self.table.delimiter), str(error), row, target)

    def _figure(self, cell: str, target: str) -> Decimal:
        # A business figure may fall below zero (a net change); counts and money cannot.
        if target == "value":
            return number(cell, decimal_comma=self.decimal_comma)
        if target in TARGETS[self.kind].measures - _MAY_BE_PARTS:
            return count(cell, target, decimal_comma=self.decimal_comma)
        return not_negative(cell, target, decimal_comma=self.decimal_comma)

    def _date(self, row: Row) -> date | None:
        try:
            if "date" in self.columns:
                return day(row.cells[self.columns["date"]])
            if "month" in self.columns:
                month_number = month(row.cells[self.columns["month"]])
                return date_of(self._year(row), month_number, row.cells[self.columns["day"]])
        except BadCell as error:
            column = self.columns.get("date", self.columns.get("month", 0))
            self._tell(spot_of(row, column, self.table.delimiter), str(error), row, "date")
        return None

    def _year(self, row: Row) -> int:
        text = self._text(row, "year")
        if not text:
            return self.options.year or 1
        if not (text.isdecimal() and text.isascii() and len(text) == 4):
            raise BadCell(f"expected a year such as 2026, got {text!r}")
        return int(text)

    def _currency(self, row: Row) -> str | None:
        written = self._text(row, "currency") or self.options.currency
        if not self.columns.keys() & TARGETS[self.kind].amounts:
            return None
        if written and len(written) == 3 and written.isascii() and written.isupper():
            return written
        spot = Spot(row.line, 1)
        if "currency" in self.columns:
            spot = spot_of(row, self.columns["currency"], self.table.delimiter)
        self._tell(spot, f"expected a currency such as EUR, got {written or ''!r}", row, "currency")
        return None

    def _text(self, row: Row, target: str) -> str:
        return row.cells[self.columns[target]].strip() if target in self.columns else ""

    def _tell(self, spot: Spot, message: str, row: Row, where: str = "") -> None:
        lines = row.text.splitlines()
        source = lines[spot.line - row.line] if spot.line - row.line < len(lines) else ""
        problem = Problem(
            self.name, spot.line, spot.column, message, where, "", source, spot.length
        )
        self.problems.append(problem)

    def _row(self, key: _Key, total: _Sum) -> HistoryRow:
        at, campaign, currency, dimensions = key
        if self.is_per_recipient:
            total.measures |= _people(total.count, dict(dimensions).get("arm", ""))
        return HistoryRow(
            kind=self.kind,
            at=at,
            campaign=campaign,
            dimensions=dict(dimensions),
            measures=total.measures,
            amounts=total.amounts,
            currency=currency,
        )


def _people(count: int, arm: str) -> dict[str, Decimal]:
    """What a number of recipients' lines say: how many there are, and how many got a mail."""
    people = Decimal(count)
    mailed = Decimal(0) if arm.strip().lower() in _HELD_OUT else people
    return {"contacts": people, "sent": mailed, "delivered": mailed}


def _uses_decimal_comma(table: Table, targets: dict[int, str], kind: HistoryKind) -> bool:
    """Whether the file writes 1.234,56: only where a comma cannot be the delimiter."""
    if table.delimiter == ",":
        return False
    figures = TARGETS[kind].measures | TARGETS[kind].amounts
    columns = [number for number, target in targets.items() if target in figures]
    cells = (row.cells[n] for row in table.rows for n in columns if n < len(row.cells))
    return any("," in cell for cell in cells)
