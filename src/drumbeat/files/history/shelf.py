"""History of a workspace: the exports kept in data/history, read with the workspace's currency."""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.files.history.parse import HistoryInvalid, read_history
from drumbeat.files.history.reader import ImportOptions
from drumbeat.files.problem import Gravity, Problem

FOLDER = "data/history/"


def kind_of_export(path: str) -> HistoryKind | None:
    """The kind a file of data/history is, by the first word of its name: ``ads-2026.csv``."""
    if not path.startswith(FOLDER) or not path.endswith(".csv"):
        return None
    word = PurePosixPath(path).stem.split("-")[0].split("_")[0]
    return HistoryKind(word) if word in set(HistoryKind) else None


def kept_history(
    root: Path, files: frozenset[str], currency: str
) -> tuple[tuple[HistoryRow, ...], tuple[Problem, ...]]:
    """Every row of the workspace's own exports, and what is wrong with them. Never raises."""
    rows: list[HistoryRow] = []
    problems: list[Problem] = []
    for path in sorted(files):
        if not path.startswith(FOLDER) or not path.endswith(".csv"):
            continue
        kind = kind_of_export(path)
        if kind is None:
            known = ", ".join(f"{name}.csv" for name in HistoryKind)
            problems.append(
                Problem(path, 0, 0, "is not read", hint=f"name it {known} or ads-….csv")
            )
            continue
        try:
            # A workspace without a currency is told so once, not again for every export.
            read = _rows(root / path, kind, currency or "XXX", path, _stamp(root / path))
        except HistoryInvalid as error:
            problems += error.problems
            continue
        rows += read
        problems += _foreign(path, read, currency)
    return tuple(rows), tuple(problems)


def _foreign(path: str, rows: tuple[HistoryRow, ...], currency: str) -> list[Problem]:
    """The warning that an export counts in another currency than the workspace."""
    theirs = {row.currency for row in rows if row.amounts} - {currency, None}
    if not currency or not theirs:
        return []
    text = f"counts in {theirs.pop()} and the workspace in {currency}"
    hint = "campaigns that count otherwise use its counts and leave its amounts out"
    return [Problem(path, 0, 0, text, hint=hint, gravity=Gravity.WARNING)]


# Exports seldom change, and are asked for with every change of any other file.
@lru_cache(maxsize=32)
def _rows(
    file: Path, kind: HistoryKind, currency: str, shown: str, stamp: tuple[int, ...]
) -> tuple[HistoryRow, ...]:
    """The rows of one export; ``stamp`` tells one state of the file from another."""
    return read_history(file, kind, ImportOptions(currency=currency), shown=shown).rows


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
