"""Stopping: what it takes to freeze or observe a workspace, and no more.

An order to stop must not fail for what it does not need: a secret that this shell does not have, a
connector that cannot be built, a file somebody has just broken while the workspace runs on.
"""

from dataclasses import dataclass
from pathlib import Path

from drumbeat.app.rules import rules_of
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.engine.clock import Clock
from drumbeat.files.load import LoadedWorkspace, WorkspaceInvalid, load
from drumbeat.gate.door import Door
from drumbeat.gate.rules import Rules
from drumbeat.store.database import Database, sqlite_url


@dataclass(frozen=True)
class Brakes:
    """``files`` is None where they have mistakes, told in ``mistakes``: then no campaign is known
    by name, and the whole workspace, a channel or an action can be stopped."""

    door: Door
    files: LoadedWorkspace | None
    mistakes: str = ""

    def close(self) -> None:
        self.door.database.close()


def brakes_of(home: Path, database_url: str | None, clock: Clock) -> Brakes:
    """A door to nothing outside. Raises DatabaseUnusable."""
    database = Database(database_url or sqlite_url(home / "drumbeat.db"))
    database.migrate()
    try:
        files = load(home)
    except WorkspaceInvalid as error:
        return Brakes(_door(database, clock, _nothing_known()), None, str(error))
    return Brakes(_door(database, clock, rules_of(files)), files)


def _door(database: Database, clock: Clock, rules: Rules) -> Door:
    return Door(database, clock, checks=(), rules=rules, platforms={}, key=b"")


def _nothing_known() -> Rules:
    return Rules(
        version="",
        matrix=ActionMatrix(version=1, actions={}),
        currency="",
        timezone="UTC",
        campaigns={},
        accounts={},
        connections={},
        declared_kinds={},
        readable={},
    )
