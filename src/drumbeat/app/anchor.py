"""Anchor: the ledger's head, kept outside the database, so that a cut-off tail is seen."""

import json
from importlib.resources import files as package_files
from pathlib import Path

import sqlalchemy as sa

from drumbeat.core.governance.entry import Broken, Intact, verify
from drumbeat.files.atomic import write_text
from drumbeat.store import ledger

_FILE = Path(".drumbeat") / "ledger-head.json"


def write_anchor(home: Path, connection: sa.Connection) -> None:
    """Note the present head beside the database, replacing the file whole."""
    seq, head = ledger.head(connection)
    write_text(home / _FILE, json.dumps({"seq": seq, "hash": head}))


def read_anchor(home: Path) -> tuple[int, str] | None:
    """The head noted last; None when there is none (or only an empty ledger's). Raises ValueError
    for a note that cannot be read."""
    try:
        noted = json.loads((home / _FILE).read_text(encoding="utf-8"))
        return (int(noted["seq"]), str(noted["hash"])) if noted["seq"] else None
    except FileNotFoundError:
        return None
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def verified(home: Path, connection: sa.Connection) -> Intact | Broken:
    """The whole chain, walked to the head that was noted last: without that note nobody can say
    that its end was not cut off."""
    try:
        anchor = read_anchor(home)
    except ValueError:
        return Broken(0, f"the head noted in {_FILE} cannot be read, so its end may be cut off")
    return verify(ledger.entries(connection), anchor)


def stand_alone_verifier() -> str:
    """The script that verifies an exported ledger with Python's standard library only."""
    return (package_files("drumbeat.app") / "verify_ledger.py").read_text(encoding="utf-8")
