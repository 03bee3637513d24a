"""Anchor: the ledger's head, kept outside the database, so that a cut-off tail is seen."""

import json
from importlib.resources import files as package_files
from pathlib import Path

import sqlalchemy as sa

from drumbeat.files.atomic import write_text
from drumbeat.store import ledger

_FILE = Path(".drumbeat") / "ledger-head.json"


def write_anchor(home: Path, connection: sa.Connection) -> None:
    """Note the present head beside the database, replacing the file whole."""
    seq, head = ledger.head(connection)
    write_text(home / _FILE, json.dumps({"seq": seq, "hash": head}))


def read_anchor(home: Path) -> tuple[int, str] | None:
    """The head noted last; None when there is none (or only an empty ledger's)."""
    try:
        noted = json.loads((home / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return (int(noted["seq"]), str(noted["hash"])) if noted["seq"] else None


def stand_alone_verifier() -> str:
    """The script that verifies an exported ledger with Python's standard library only."""
    return (package_files("drumbeat.app") / "verify_ledger.py").read_text(encoding="utf-8")
