"""Traces: the files of a workspace in which an address still stands, after it was erased."""

from collections.abc import Iterator
from pathlib import Path

# What people keep; the database is ours, and was seen to.
_SUFFIXES = frozenset({".csv", ".tsv", ".yaml", ".yml", ".json", ".jsonl", ".md", ".txt", ".log"})
_LARGEST_BYTES = 50_000_000


def traces(home: Path, address: str) -> Iterator[str]:
    """``file:line`` of every line that holds the address, in any case."""
    wanted = address.strip().casefold()
    for file in sorted(home.rglob("*")):
        if file.suffix not in _SUFFIXES or not file.is_file():
            continue
        if file.stat().st_size > _LARGEST_BYTES:
            yield f"{file.relative_to(home)}: too large to look through"
            continue
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, 1):
            if wanted in line.casefold():
                yield f"{file.relative_to(home)}:{number}"
