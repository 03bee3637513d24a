"""What a stage read is told with where it goes on; lost with a lost tick, kept when it fails."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from drumbeat.cycle.desk import Desk, Desks, Office
from drumbeat.gate.reads import ReadDenied
from drumbeat.store import ledger
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.testing.gate_world import CAMPAIGN, START, GateWorld, gate_world

CYCLE = CycleRow(
    "cyc-1", CAMPAIGN, 1, START + timedelta(days=5), "planning", CycleStatus.OPEN, START, ""
)


@dataclass(frozen=True)
class Role:
    name: str = "planner"
    reads: frozenset[str] = frozenset({"brief", "history"})


@dataclass(frozen=True)
class Room:
    world: GateWorld
    office: Office

    def look(self) -> Desk:
        return self.office.desks.of(self.office, CYCLE)

    def move_on(self, desk: Desk) -> None:
        with self.world.database.write() as transaction:
            desk.tell_reads(transaction)

    def told(self) -> list[tuple[str, Any]]:
        with self.world.database.read() as connection:
            found = list(ledger.entries(connection, kinds=("read", "read_denied")))
        return [(one.kind, one.body["scopes"]) for one in found]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    world = gate_world(tmp_path)
    rules = world.gate.door.rules
    own = replace(rules.campaigns[CAMPAIGN], readable={"planner": ("history",)})
    world.gate.door.rules = replace(rules, campaigns={CAMPAIGN: own})
    campaign = SimpleNamespace(campaign=CAMPAIGN)
    library = cast(Any, SimpleNamespace(campaigns={CAMPAIGN: campaign}))
    return Room(world, Office(world.gate, library, cast(Any, None), cast(Any, None), Desks()))


def test_reads_of_a_look_that_was_lost_go_with_it(room: Room) -> None:
    assert room.look().reading(Role()).may("history")
    assert room.told() == []
    desk = room.look()
    assert desk.reading(Role()).may("history")
    room.move_on(desk)
    assert room.told() == [("read", ["history"])]


def test_reads_of_a_stage_that_fails_are_kept(room: Room) -> None:
    desk = room.look()

    def stage() -> None:
        with desk.accountable():
            assert desk.reading(Role()).may("history")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stage()
    assert room.told() == [("read", ["history"])]


def test_a_stage_that_waits_for_leave_tells_what_it_was_denied(room: Room) -> None:
    desk = room.look()
    with pytest.raises(ReadDenied, match="planner may not read brief"):
        desk.reading(Role(), "brief")
    room.move_on(desk)
    assert room.told() == [("read_denied", ["brief"])]
