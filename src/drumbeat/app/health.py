"""Health: what works in this installation, and what to do about what does not."""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.app.anchor import verified
from drumbeat.app.compose import App
from drumbeat.core.governance.entry import Intact
from drumbeat.core.operations.sla_clock import SlaClock, next_at
from drumbeat.gate import internal
from drumbeat.store import clocks, escalations, history, ledger

_LATELY = timedelta(days=7)
_LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True)
class Examined:
    """One check's answer. ``detail`` says what to do when it is not well."""

    name: str
    is_well: bool
    detail: str


def examine(app: App) -> list[Examined]:
    """Every check, in the order people would ask."""
    return [
        *_machine(app),
        *_database(app),
        *_clocks(app),
        *_notices(app),
        *_connections(app),
        *_data(app),
    ]


def _machine(app: App) -> Iterator[Examined]:
    yield Examined("python", True, platform.python_version())
    free = shutil.disk_usage(app.home).free
    enough = free >= _LEAST_FREE_BYTES
    advice = "" if enough else "; free some space, or nothing can be written soon"
    yield Examined("disk", enough, f"{free / 1e9:.1f} GB free{advice}")


def _database(app: App) -> Iterator[Examined]:
    with app.database.read() as connection:
        found = verified(app.home, connection)
    if isinstance(found, Intact):
        yield Examined("ledger", True, f"{found.count:,} entries, unbroken")
    else:
        yield Examined("ledger", False, f"broken at entry {found.seq}: {found.why}")


def _clocks(app: App) -> Iterator[Examined]:
    """What promises and escalations wanted done by now, and was not: the clocks do not run, or
    something keeps them from it."""
    since = app.clock.now() - escalations.GRACE
    with app.database.read() as connection:
        steps = escalations.overdue(connection, since)
        promises = clocks.due(connection, since)
    if not steps and not promises:
        yield Examined("clocks", True, "no escalation and no promise is behind its time")
        return
    oldest = min(at for at in (*(s.next_at for s in steps), *_next(promises)) if at is not None)
    late = f"{len(steps)} escalations and {len(promises)} promises were due before"
    advice = "start `drumbeat up` or `drumbeat worker`, or see why it fails"
    yield Examined("clocks", False, f"{late}, the oldest {oldest:%Y-%m-%d %H:%M} UTC; {advice}")


def _next(found: list[tuple[SlaClock, int]]) -> Iterator[datetime | None]:
    for clock, _ in found:
        yield next_at(clock)


def _notices(app: App) -> Iterator[Examined]:
    """What people were not told by the ways they asked for; it is in their inbox all the same."""
    since = app.clock.now() - _LATELY
    with app.database.read() as connection:
        failed = ledger.during(connection, since, app.clock.now(), ("notice_failed",))
    ways = ", ".join(sorted({str(one.body["via"]) for one in failed}))
    detail = f"{len(failed)} notices of the last week could not be sent over {ways}; see `changes`"
    yield Examined("notices", not failed, detail if failed else "all of the last week went out")


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
    yield Examined("landing pages", True, _read_by(app.gate.door.pages))
    with app.database.read() as connection:
        rows = sum(history.sources(connection).values()) + len(app.files.history)
    yield Examined("history", True, f"{rows:,} rows of history to learn from")


def _read_by(connection: str) -> str:
    """A workspace may do without; it should know that it does."""
    if connection:
        return f"{connection} reads them before anything that leads to them goes out"
    return "nobody reads them, so a dead link is not noticed; add a connection with own-pages"
