"""The same escalations on Postgres: what two workers may both see, one does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drumbeat.core.operations.escalation import AlertKind
from drumbeat.store import clocks, escalations, incidents
from drumbeat.store.database import Database
from tests.gate.escalation_world import EscalationWorld, escalation_world
from tests.postgres import postgres as postgres


@pytest.fixture
def world(tmp_path: Path, postgres: Callable[[], str]) -> EscalationWorld:
    world = escalation_world(tmp_path)
    database = Database(postgres())
    database.migrate()
    world.base.database = world.door.database = database
    return world


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
