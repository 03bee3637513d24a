"""Reads pass the gate: one line a batch, and a denied one is a finding that somebody is told."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from drumbeat.core.campaign.sight import Sight
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.facts import Constraint
from drumbeat.gate import reads
from drumbeat.store import escalations, ledger, settings
from drumbeat.testing.gate_world import CAMPAIGN, GateWorld


@dataclass(frozen=True)
class Role:
    name: str = "planner"
    reads: frozenset[str] = frozenset({"brief", "history", "readings.delivered"})


def grant(world: GateWorld, *scopes: str) -> None:
    rules = world.gate.door.rules
    own = replace(rules.campaigns[CAMPAIGN], readable={"planner": scopes})
    world.gate.door.rules = replace(rules, campaigns={CAMPAIGN: own})


def close(world: GateWorld, sight: Sight) -> None:
    with world.database.write() as transaction:
        reads.close(world.gate.door, transaction, sight, CAMPAIGN, "cyc-1")


def told(world: GateWorld) -> list[Entry]:
    with world.database.read() as connection:
        return [e for e in ledger.entries(connection) if e.kind in ("read", "read_denied")]


def test_a_batch_of_reads_is_one_line(world: GateWorld) -> None:
    grant(world, "brief", "history", "readings")
    sight = reads.sight(world.gate.door, Role(), CAMPAIGN)
    reads.require(sight, ("brief",))
    assert all(sight.may(scope) for scope in ("history", "readings.delivered", "history"))
    close(world, sight)
    (entry,) = told(world)
    assert (entry.kind, entry.actor, entry.cycle) == ("read", "agent:planner", "cyc-1")
    assert entry.body == {"scopes": ["brief", "history", "readings.delivered"]}


def test_what_was_offered_and_left_is_written_down_with_what_was_read(world: GateWorld) -> None:
    grant(world, "brief", "history", "readings")
    sight = reads.sight(world.gate.door, Role(), CAMPAIGN)
    assert sight.may("brief")
    close(world, sight)
    (entry,) = told(world)
    assert entry.body == {"scopes": ["brief"], "left": ["history", "readings.delivered"]}


def test_a_grant_gives_no_more_than_the_role_declares(world: GateWorld) -> None:
    grant(world, "brief", "contacts", "readings")
    sight = reads.sight(world.gate.door, Role(), CAMPAIGN)
    assert sight.granted == ("brief", "readings.delivered")


def test_a_denied_read_is_written_down_and_told_once(world: GateWorld) -> None:
    grant(world, "brief")
    for _ in range(2):
        sight = reads.sight(world.gate.door, Role(), CAMPAIGN)
        assert sight.show("brief", "the brief", "")
        assert sight.show("history", ("a row",), ()) == ()
        close(world, sight)
    assert [(e.kind, e.body["scopes"]) for e in told(world)] == [
        ("read", ["brief"]),
        ("read_denied", ["history"]),
    ] * 2
    with world.database.read() as connection:
        (row,) = escalations.all_open(connection)
    assert (row.failure, row.campaign) == ("data", CAMPAIGN)
    assert "planner asked for history" in row.text


@dataclass(frozen=True)
class Learner:
    name: str = "planner"
    reads: frozenset[str] = frozenset({"lessons"})


def test_lessons_in_force_are_read_by_campaign_and_by_grant(world: GateWorld) -> None:
    def teach(campaign: str, days: int) -> Constraint:
        until = world.clock.now() + timedelta(days=days)
        made = Constraint("ads.pause", campaign, "no", "ledger#1", until)
        with world.database.write() as transaction:
            settings.add_constraint(transaction, made, world.clock.now())
        return made

    def read(campaign: str) -> tuple[tuple[Constraint, ...], Sight]:
        sight = reads.sight(world.gate.door, Learner(), CAMPAIGN)
        with world.database.read() as connection:
            return reads.lessons(world.gate.door, connection, sight, campaign), sight

    grant(world, "lessons")
    assert read(CAMPAIGN)[1].seen == {}, "nothing was taught, so nothing was read"
    mine, everywhere, _ = teach(CAMPAIGN, 7), teach("", 7), teach("other", 7)
    teach(CAMPAIGN, 2)
    world.clock.advance(timedelta(days=3))
    found, sight = read(CAMPAIGN)
    assert found == (mine, everywhere)
    assert list(sight.seen) == ["lessons"]
    grant(world, "brief")
    found, sight = read(CAMPAIGN)
    assert (found, list(sight.denied)) == ((), ["lessons"])


def test_what_an_agent_cannot_do_without_stops_it(world: GateWorld) -> None:
    grant(world, "history")
    sight = reads.sight(world.gate.door, Role(), CAMPAIGN)
    with pytest.raises(reads.ReadDenied, match="planner may not read brief"):
        reads.require(sight, ("brief",))
    close(world, sight)
    assert [e.kind for e in told(world)] == ["read_denied"]


def test_an_agent_nobody_named_reads_nothing(world: GateWorld) -> None:
    sight = reads.sight(world.gate.door, Role("stranger"), CAMPAIGN)
    assert sight.granted == ()
