"""The same on Postgres: what two workers may both see, one does; what is erased leaves no trace."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
import sqlalchemy as sa

from drumbeat.core.governance.entry import Intact, verify
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.cycle.clocks import steps
from drumbeat.gate.door import Door
from drumbeat.gate.erase import Erased
from drumbeat.store import clocks, escalations, incidents, ledger, passkeys, sessions
from drumbeat.store.database import Database
from drumbeat.store.passkeys import Passkey
from drumbeat.store.sessions import Session
from drumbeat.store.tables import metadata
from drumbeat.testing.gate_world import START, gate_world
from tests.cycle.test_stage_clocks import Road
from tests.gate.escalation_world import EscalationWorld, escalation_world
from tests.gate.test_erase import ADDRESS, CONTACT, WORDS, fill
from tests.postgres import postgres as postgres

T = TypeVar("T")


@pytest.fixture
def world(tmp_path: Path, postgres: Callable[[], str]) -> EscalationWorld:
    world = escalation_world(tmp_path)
    world.base.database = world.door.database = _fresh(postgres)
    return world


def _fresh(postgres: Callable[[], str]) -> Database:
    database = Database(postgres())
    database.migrate()
    return database


def _both(work: Callable[[Database], T], database: Database) -> list[T]:
    """Two workers of one database do the same at the same moment."""
    together = Barrier(2)

    def one(_: int) -> T:
        with closing(Database(database.url)) as own:
            together.wait(30)
            return work(own)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


@pytest.mark.postgres
def test_a_failure_climbs_is_grouped_and_resolved(world: EscalationWorld) -> None:
    world.fail("angry", severity="critical", failure="brand_crisis", kind=AlertKind.METRIC)
    world.fail("more", severity="critical", failure="brand_crisis")
    for _ in range(8):
        world.pass_time(minutes=15)
    assert "froze" in world.kinds()
    assert world.row("more").leader == world.row("angry").id
    world.gate.resolve(world.row("angry").id, "dana", "answered", group=True)
    with world.database.read() as connection:
        [story] = incidents.latest(connection)
        found = escalations.of_incident(connection, story.id)
        assert clocks.frozen(connection) == []
    assert story.is_over
    assert len(found) == 2
    assert world.is_intact()
    world.database.close()


@pytest.mark.postgres
def test_a_promise_that_two_workers_see_broken_is_told_once(
    tmp_path: Path, postgres: Callable[[], str]
) -> None:
    road = Road(tmp_path)
    road.world.base.database = road.world.door.database = database = _fresh(postgres)
    road.to("planning")
    shared = road.world.door

    def look(own: Database) -> None:
        door: Door = replace(shared, database=own)
        with own.write() as transaction:
            steps(door, transaction)

    for hours in (24, 15, 9):  # half of the time is used up, most of it, all of it
        road.world.clock.advance(timedelta(hours=hours, minutes=1))
        _both(look, database)
    assert road.world.kinds().count("sla_breached") == 1
    assert len(road.world.rows()) == 1
    told = [text for _, text, _ in road.world.told()]
    assert len(told) == len(set(told)) == 3
    assert road.world.is_intact()
    database.close()


@pytest.mark.postgres
def test_an_erased_contact_is_in_no_table_and_the_chain_holds(
    tmp_path: Path, postgres: Callable[[], str]
) -> None:
    world = gate_world(tmp_path)
    world.database = world.door.database = database = _fresh(postgres)
    fill(world)

    def traces() -> list[str]:
        with database.read() as connection:
            rows = [connection.execute(sa.select(t)).all() for t in metadata.tables.values()]
        held = str(rows).lower()
        wanted = (ADDRESS, CONTACT, WORDS, "mustermann")
        return [one for one in wanted if one.lower() in held]

    assert len(traces()) == 4
    outcome = world.gate.erase(ADDRESS, "dana", "asked by letter")
    assert isinstance(outcome, Erased)
    assert outcome.is_scrubbed
    assert traces() == []
    with database.read() as connection:
        assert isinstance(verify(ledger.entries(connection)), Intact)
    database.close()


@pytest.mark.postgres
def test_sessions_and_passkeys_pass_once(postgres: Callable[[], str]) -> None:
    database, later = _fresh(postgres), START + timedelta(days=1)
    opened = Session(
        "s-1", "digest", "ana", "password", START, START, later, None, "::1", "Firefox"
    )
    key = Passkey("key-1", "ana", "her phone", "public", 4, START)
    with database.write() as transaction:
        sessions.add(transaction, opened)
        assert (passkeys.add(transaction, key), passkeys.add(transaction, key)) == (True, False)

    def use(own: Database) -> bool:
        with own.write() as transaction:
            return passkeys.note_use(transaction, key, 5, later)

    assert sorted(_both(use, database)) == [False, True]

    def sign_out(own: Database) -> bool:
        with own.write() as transaction:
            return sessions.end(transaction, "s-1", "ana")

    with database.read() as connection:
        assert sessions.of_digest(connection, "digest") == opened
    assert sorted(_both(sign_out, database)) == [False, True]
    with database.read() as connection:
        assert sessions.of_account(connection, "ana", START) == []
        (kept,) = passkeys.of_account(connection, "ana")
    assert (kept.sign_count, kept.used_at) == (5, later)
    database.close()
