"""What a run left behind, read from its files alone: ledger, cycles, the market's orders."""

import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from drumbeat.connectors.rule_files import RULE_FILES
from drumbeat.core.governance.entry import Entry
from drumbeat.store import cycles, effects, ledger
from drumbeat.store.cycles import CycleRow
from drumbeat.store.database import Database, sqlite_url
from drumbeat.store.effects import OPEN, Effect
from drumbeat.store.tables import effect as effect_table

# What ends a change that was attempted; exactly one of them must follow.
TERMINAL = frozenset({"applied", "refused", "unresolved", "blocked"})
# What a cycle tells once on its way, however often its process died.
MILESTONES = (
    "cycle_opened", "briefed", "planned", "built", "reviewed", "launched", "measured", "learned",
    "cycle_done",
)  # fmt: skip


def said(entry: Entry) -> dict[str, Any]:
    """What an entry says beside its particulars."""
    return dict(entry.body)


@dataclass(frozen=True)
class Order:
    """One order the market carried out. ``key`` is the permit it came with."""

    key: str
    target: str
    after: Any
    digest: str


@dataclass(frozen=True)
class Record:
    """A workspace after (or between) runs. ``database_url``: where it is not the SQLite file."""

    folder: Path
    database_url: str = ""

    @cached_property
    def database(self) -> Database:
        url = self.database_url or sqlite_url(self.folder / "drumbeat.db")
        return Database(url, durable=False)

    def entries(self, *kinds: str, campaign: str | None = None) -> list[Entry]:
        with self.database.read() as connection:
            return list(ledger.entries(connection, kinds=kinds, campaign=campaign))

    def cycles(self, campaign: str) -> list[CycleRow]:
        """The oldest first."""
        with self.database.read() as connection:
            return list(reversed(cycles.of_campaign(connection, campaign)))

    def document(self, cycle: str, kind: str) -> Any:
        with self.database.read() as connection:
            return cycles.documents(connection, cycle)[kind]

    def documents(self, kind: str) -> list[Any]:
        """That document of every cycle which has one."""
        with self.database.read() as connection:
            every = [cycles.documents(connection, c.id) for c in cycles.everything(connection)]
        return [one[kind] for one in every if kind in one]

    def open_effects(self) -> list[Effect]:
        with self.database.read() as connection:
            permits = connection.execute(effect_table.select()).mappings().all()
            found = [effects.load(connection, row["permit"]) for row in permits]
        return [one for one in found if one is not None and one.status in OPEN]

    def permits_of(self, connection_id: str) -> set[str]:
        with self.database.read() as connection:
            asked = effect_table.c.connection == connection_id
            rows = connection.execute(effect_table.select().where(asked)).mappings().all()
        return {str(row["permit"]) for row in rows}

    def orders(self) -> list[Order]:
        """What the simulated market was made to do, in its own order."""
        with sqlite3.connect(self.folder / "world.db") as market:
            rows = market.execute("SELECT key, target, after, digest FROM orders ORDER BY seq")
            return [
                Order(key, target, json.loads(after), digest) for key, target, after, digest in rows
            ]

    def close(self) -> None:
        self.database.close()


def doubled(record: Record) -> list[str]:
    """Effects made twice, or made without the ledger knowing: none, whatever happened."""
    # What is made in the workspace's own files is no order of the market.
    ours = record.permits_of(RULE_FILES)
    applied = {said(e)["permit"] for e in record.entries("applied") if "permit" in said(e)} - ours
    attempted = {said(e)["permit"] for e in record.entries("attempted")}
    unsettled = {one.permit for one in record.open_effects()}
    orders = record.orders()
    keys = [order.key for order in orders]
    wrong = [f"{key} came twice" for key in set(keys) if keys.count(key) > 1]
    wrong += [f"{key} was never attempted" for key in keys if key not in attempted]
    wrong += [f"{key} is not in the ledger" for key in keys if key not in applied | unsettled]
    wrong += [f"{key} is in the ledger only" for key in applied - set(keys)]
    told = [(entry.cycle, entry.kind) for entry in record.entries(*MILESTONES)]
    wrong += [
        f"{cycle} was {kind} twice" for cycle, kind in set(told) if told.count((cycle, kind)) > 1
    ]
    latest: dict[str, Order] = {}
    for order in orders:
        before = latest.get(order.target)
        if before is not None and before.digest == order.digest:
            wrong.append(f"{order.target} was made the same twice: {before.key}, {order.key}")
        latest[order.target] = order
    return wrong


def lost(record: Record) -> list[str]:
    """Attempts without an end, and approved packs of which something is silently missing."""
    unsettled = {one.permit for one in record.open_effects()}
    ends: dict[str, list[str]] = {}
    for entry in record.entries(*TERMINAL):
        if "permit" in said(entry):
            ends.setdefault(said(entry)["permit"], []).append(entry.kind)
    attempted = {said(e)["permit"] for e in record.entries("attempted")}
    wrong = [
        f"{permit} ended {ends.get(permit, [])}"
        for permit in sorted(attempted - unsettled)
        if len(ends.get(permit, [])) != 1
    ]
    return wrong + _lost_of_packs(record)


def _lost_of_packs(record: Record) -> list[str]:
    made = {order.target for order in record.orders()}
    told = {
        e.cycle: {*said(e)["live"], *said(e)["missing"], *said(e)["declined"]}
        for e in record.entries("launched")
    }
    live = {target for e in record.entries("launched") for target in said(e)["live"]}
    ended = {e.cycle for e in record.entries("cycle_ended")}
    wrong = [f"{target} is called live, and was never made" for target in sorted(live - made)]
    for entry in record.entries("approved"):
        past_launch = entry.cycle in told or entry.cycle in ended
        if said(entry)["action"] != "campaign.launch" or not past_launch:
            continue
        pack = record.document(entry.cycle, "pack")
        wanted = {t for t, state in pack["wanted_objects"].items() if state is not None}
        forgotten = wanted - told.get(entry.cycle, wanted if entry.cycle in ended else set())
        wrong += [f"{target} is neither live nor named absent" for target in sorted(forgotten)]
    return wrong
