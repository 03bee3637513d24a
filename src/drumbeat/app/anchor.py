"""Anchor: the ledger's head, kept outside the database, so that a cut-off tail is seen."""

import json
from importlib.resources import files as package_files
from pathlib import Path

import sqlalchemy as sa

from drumbeat.store import ledger


def write_anchor(home: Path, connection: sa.Connection) -> None:
    """Note the present head beside the database, replacing the file whole."""
    seq, head = ledger.head(connection)
    path = home / ".drumbeat" / "ledger-head.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"seq": seq, "hash": head}), encoding="utf-8")
    fresh.replace(path)


def read_anchor(home: Path) -> tuple[int, str] | None:
    """The head noted last; None when there is none (or only an empty ledger's)."""
    path = home / ".drumbeat" / "ledger-head.json"
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return (int(noted["seq"]), str(noted["hash"])) if noted["seq"] else None


def stand_alone_verifier() -> str:
    """The script that verifies an exported ledger with Python's standard library only."""
    return (package_files("drumbeat.app") / "verify_ledger.py").read_text(encoding="utf-8")
