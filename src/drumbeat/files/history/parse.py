"""Parsing history: a whole export into typed rows, or every bad cell named and nothing read."""

from dataclasses import dataclass
from pathlib import Path

from drumbeat.core.campaign.history import HistoryKind, HistoryRow, HistorySummary, summarize
from drumbeat.files.history.columns import TARGETS, MapInvalid, assign
from drumbeat.files.history.reader import ImportOptions, Reader
from drumbeat.files.history.table import Table, TableInvalid, read_table
from drumbeat.files.problem import Problem

_MOST_BYTES = 200_000_000
# A count and what it is a part of: more parts than there is of the whole are two columns mixed up.
# A click may be counted a day after its view, so this is asked of a whole file only.
_PARTS = (("clicks", "impressions"), ("delivered", "sent"), ("reach", "impressions"))


class HistoryInvalid(Exception):
    """The export cannot be imported. Nothing of it was; ``problems`` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problem(s); the first: {problems[0].text}")
        self.problems = problems


@dataclass(frozen=True)
class Import:
    """A whole export, read. ``left_out`` names the columns that were not read."""

    rows: tuple[HistoryRow, ...]
    summary: HistorySummary
    left_out: tuple[str, ...]


def read_history(
    file: Path, kind: HistoryKind, options: ImportOptions, *, shown: str = ""
) -> Import:
    """Read and parse an export; ``shown`` is how problems name it.

    Raises HistoryInvalid for anything wrong with it.
    """
    shown = shown or str(file)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise _invalid(shown, 0, f"cannot be read: {error.strerror or error}") from error
    if len(raw) > _MOST_BYTES:
        raise _invalid(shown, 0, f"is larger than {_MOST_BYTES // 1_000_000} MB; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _invalid(shown, line, "is not UTF-8 here; export it as UTF-8") from error
    return parse_history(text, shown, kind, options)


def parse_history(text: str, name: str, kind: HistoryKind, options: ImportOptions) -> Import:
    """Every row of an export. ``name`` is how the file is shown in problems.

    Rows alike in date, campaign, currency and dimensions are summed exactly. An email export
    with one line a recipient (no sent, delivered or contacts column) counts its lines. Raises
    HistoryInvalid with up to fifty problems, each with line and column.
    """
    try:
        table = read_table(text)
        targets = assign(kind, table.header, options.columns)
    except TableInvalid as error:
        raise _invalid(name, error.line, str(error)) from error
    except MapInvalid as error:
        raise _invalid(name, 1, str(error)) from error
    _refuse_gaps(name, kind, targets, options, table)
    reader = Reader(name, kind, targets, options, table)
    rows = reader.rows()
    if reader.problems:
        raise HistoryInvalid(tuple(reader.problems))
    left_out = tuple(c for n, c in enumerate(table.header) if n not in targets)
    try:
        summary = summarize(kind, rows)
    except ValueError as error:
        raise _invalid(name, 1, str(error)) from error
    _refuse_parts_above_the_whole(name, summary)
    return Import(rows, summary, left_out)


def _refuse_gaps(
    name: str, kind: HistoryKind, targets: dict[int, str], options: ImportOptions, table: Table
) -> None:
    """Refuse a file that leaves open what its figures mean, before any row is read."""
    found = set(targets.values())
    measured = found & (TARGETS[kind].measures | TARGETS[kind].amounts)
    if not measured and kind is not HistoryKind.CONTEXT:
        known = ", ".join(sorted(TARGETS[kind].measures | TARGETS[kind].amounts))
        raise _invalid(name, 1, f"no column holds a figure of {kind} history ({known}); use --map")
    if found & TARGETS[kind].amounts and "currency" not in found and not options.currency:
        raise _invalid(name, 1, "has amounts without a currency; say which with --currency EUR")
    if "month" in found and "year" not in found and options.year is None:
        raise _invalid(name, 1, "has months without a year; say which with --year 2026")
    if "month" in found and "day" not in found:
        raise _invalid(name, 1, "has months without days; map a day column with --map COLUMN=day")
    if not table.rows:
        raise _invalid(name, 1, "has a header and no rows")


def _refuse_parts_above_the_whole(name: str, summary: HistorySummary) -> None:
    for part, whole in _PARTS:
        parts, wholes = summary.measures.get(part), summary.measures.get(whole)
        if parts is not None and wholes is not None and parts > wholes:
            raise _invalid(
                name,
                1,
                f"has more {part} ({parts:,}) than {whole} ({wholes:,}); say with --map "
                "COLUMN=FIELD which column is which",
            )


def _invalid(name: str, line: int, message: str) -> HistoryInvalid:
    return HistoryInvalid((Problem(name, line, 1 if line else 0, message),))
