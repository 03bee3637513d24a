"""Health: what works in this installation, and what to do about what does not."""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from drumbeat.app.anchor import read_anchor
from drumbeat.app.compose import App
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.gate import internal
from drumbeat.store import history, ledger

_LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True)
class Examined:
    """One check's answer. ``detail`` says what to do when it is not well."""

    name: str
    is_well: bool
    detail: str


def examine(app: App) -> list[Examined]:
    """Every check, in the order people would ask."""
    return [*_machine(app), *_database(app), *_connections(app), *_data(app)]


def _machine(app: App) -> Iterator[Examined]:
    yield Examined("python", True, platform.python_version())
    free = shutil.disk_usage(app.home).free
    enough = free >= _LEAST_FREE_BYTES
    advice = "" if enough else "; free some space, or nothing can be written soon"
    yield Examined("disk", enough, f"{free / 1e9:.1f} GB free{advice}")


def _database(app: App) -> Iterator[Examined]:
    with app.database.read() as connection:
        found = verify(ledger.entries(connection), read_anchor(app.home))
    if isinstance(found, Intact):
        yield Examined("ledger", True, f"{found.count:,} entries, unbroken")
    else:
        yield Examined("ledger", False, f"broken at entry {found.seq}: {found.why}")


def _connections(app: App) -> Iterator[Examined]:
    door = app.gate.door
    with app.database.read() as connection:
        modes = {name: internal.mode_of(door, connection, name) for name in door.platforms}
    for name, one in door.platforms.items():
        health = one.connector.check()
        yield Examined(f"connection {name}", health.is_well, f"{modes[name]}: {health.detail}")


def _data(app: App) -> Iterator[Examined]:
    problems = [
        f"{name}: {problem}"
        for name, rules in app.gate.door.rules.campaigns.items()
        for problem in rules.data_problems
    ]
    yield Examined("data", not problems, "; ".join(problems) or "attribution is declared")
    with app.database.read() as connection:
        rows = sum(history.sources(connection).values()) + len(app.files.history)
    yield Examined("history", True, f"{rows:,} rows of history to learn from")
