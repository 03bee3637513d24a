"""Money at the gate: caps of every size, exposure, trailing windows, and a crowd that approves."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from drumbeat.core.governance.actor import Actor
from drumbeat.core.money import Money, Period
from drumbeat.core.operations.reading import Reading
from drumbeat.gate.answer import Answered
from drumbeat.gate.rules import Cap
from drumbeat.store import budgets, readings
from drumbeat.store.database import Database
from drumbeat.store.proposals import Judged, Status
from drumbeat.testing.gate_world import CAMPAIGN, GateWorld, change, gate_world
from tests.postgres import postgres as postgres

TARGET = "line_item:retargeting/main"
SCOPE = "campaign:retargeting/month:2026-03"
MONTH = Cap(Money(minor=100_00, currency="EUR"), Period.MONTH)


def euros(amount: int) -> Money:
    return Money(minor=amount * 100, currency="EUR")


def says(judged: Judged) -> set[str]:
    return {f.check for f in judged.verdict.findings}


def spent(world: GateWorld, minor: int) -> None:
    """The platform reports what the campaign spent this month."""
    now = world.clock.now()
    told = Reading(
        metric="spend",
        value=float(minor),
        currency="EUR",
        since=now - timedelta(hours=6),
        until=now,
        as_of=now,
        source="ads-account",
        target=TARGET,
    )
    with world.database.write() as transaction:
        readings.save(transaction, {TARGET: CAMPAIGN}, [told])


def test_what_the_platform_reports_counts_when_it_is_more(world: GateWorld) -> None:
    spent(world, 97_00)
    judged = world.gate.submit(world.budget(40_00, 44_00))
    assert judged.status is Status.DENIED
    assert says(judged) == {"budget"}


def test_what_the_platform_reports_changes_nothing_when_it_is_less(world: GateWorld) -> None:
    spent(world, 96_00)
    assert world.gate.submit(world.budget(40_00, 44_00)).status is Status.ALLOWED


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ({"per_action": euros(3)}, "campaign:retargeting/action"),
        ({"caps": (MONTH, Cap(euros(3), Period.DAY))}, "campaign:retargeting/day:2026-03-02"),
        ({"caps": (MONTH, Cap(euros(3), Period.QUARTER))}, "campaign:retargeting/quarter:2026-Q1"),
    ],
)
def test_every_cap_of_the_campaign_binds(tmp_path: Path, limit: dict[str, Any], text: str) -> None:
    world = gate_world(tmp_path, **limit)
    judged = world.gate.submit(world.budget(40_00, 44_00))
    assert judged.status is Status.DENIED
    assert text in judged.verdict.findings[0].text


def test_the_workspace_has_caps_across_campaigns(world: GateWorld) -> None:
    world.door.rules = replace(world.door.rules, workspace_caps=(Cap(euros(3), Period.QUARTER),))
    judged = world.gate.submit(world.budget(40_00, 44_00))
    assert "workspace/quarter:2026-Q1" in judged.verdict.findings[0].text


def test_a_cap_on_one_change_alone_covers_no_spend(tmp_path: Path) -> None:
    world = gate_world(tmp_path, caps=(), per_action=euros(50))
    assert says(world.gate.submit(world.budget(40_00, 44_00))) == {"budget"}


def test_a_platform_that_may_spend_twice_a_budget_is_believed(tmp_path: Path) -> None:
    world = gate_world(tmp_path, per_day=euros(80))
    world.door.platforms = {
        name: replace(one, overspend=2.0) for name, one in world.door.platforms.items()
    }
    assert says(world.gate.submit(world.budget(40_00, 44_00))) == {"daily"}


def test_two_small_steps_at_once_are_one_large_step(world: GateWorld) -> None:
    """Neither is made yet when the second is judged; together they pass what a day may move."""
    first = world.gate.submit(world.budget(40_00, 47_00))
    second = world.gate.submit(world.budget(40_00, 46_00))
    assert first.status is Status.ALLOWED
    assert second.status is Status.WAITING
    assert says(second) == {"pace"}


def test_small_steps_add_up_over_a_day_however_they_ended(tmp_path: Path) -> None:
    row = {
        "agents": ["optimizer"],
        "risk": "medium",
        "phase": "conditional",
        "approvals": {"roles": ["performance"], "count": 1},
        "limits": {"spend_per_day": "EUR 10"},
    }
    world = gate_world(tmp_path, policy={"actions": {"ads.set_budget": row}})
    for number in range(3):
        target = f"line_item:retargeting/{number}"
        world.site.objects[target] = {"daily_budget_minor": 40_00}
        asked = world.budget(40_00, 44_00, target=target)
        expected = Status.ALLOWED if number < 2 else Status.WAITING
        assert world.gate.submit(asked).status is expected
        world.gate.pump()
    world.pass_time(hours=24)
    again = world.budget(44_00, 48_00, target="line_item:retargeting/0")
    assert world.gate.submit(again).status is Status.ALLOWED


@pytest.mark.parametrize(("account", "status"), [("vic", "denied"), ("jon", "allowed")])
def test_a_person_proposes_within_their_role(world: GateWorld, account: str, status: str) -> None:
    asked = world.budget(40_00, 44_00, by=Actor.person(account))
    assert world.gate.submit(asked).status == status


def crowd(world: GateWorld) -> list[bool]:
    """Twelve large changes wait; eight threads approve them all at once."""
    asked = []
    for number in range(12):
        target = f"line_item:retargeting/{number}"
        world.site.objects[target] = {"daily_budget_minor": 40_00}
        asked.append(change("ads.set_budget", 40_00, 60_00, now=world.clock.now(), target=target))
        assert world.gate.submit(asked[-1]).status is Status.WAITING
    counted: list[bool] = []
    queue = list(asked)

    def approve() -> None:
        while True:
            try:
                one = queue.pop()
            except IndexError:
                return
            answer = world.gate.approve(one.id, "jon", one.fingerprint)
            counted.append(isinstance(answer, Answered))

    threads = [threading.Thread(target=approve) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.gate.pump()
    return counted


def committed(world: GateWorld) -> int:
    with world.database.read() as connection:
        return budgets.committed(connection, SCOPE, world.clock.now())


def test_a_crowd_that_approves_at_once_never_passes_the_cap(world: GateWorld) -> None:
    counted = crowd(world)
    assert (len(counted), sum(counted)) == (12, 5)  # five times EUR 20.00 under EUR 100.00
    assert committed(world) == 100_00
    assert len(world.site.calls) == 5


@pytest.mark.postgres
def test_nor_does_it_on_postgres(world: GateWorld, postgres: Callable[[], str]) -> None:
    database = Database(postgres())
    database.migrate()
    world.database = world.door.database = database
    world.door.platforms["ads-account"].connector._desk._database = database  # type: ignore[attr-defined]
    try:
        counted = crowd(world)
        assert (len(counted), sum(counted)) == (12, 5)
        assert committed(world) == 100_00
    finally:
        database.close()
