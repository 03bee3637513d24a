"""The scripted people: nobody lifts a freeze in the midst of what it was for."""

from datetime import timedelta
from pathlib import Path

from drumbeat.app.approver import ScriptedApprover
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.store import holds
from drumbeat.testing.gate_world import CAMPAIGN
from tests.gate.escalation_world import EscalationWorld, escalation_world

HOUR = timedelta(hours=1)


def is_frozen(world: EscalationWorld) -> bool:
    with world.database.read() as connection:
        return bool(holds.in_force(connection))


def test_a_freeze_is_lifted_a_day_after_the_last_critical_trouble(tmp_path: Path) -> None:
    world = escalation_world(tmp_path)
    approver = ScriptedApprover(world.gate, seed=7)
    scope = Scope(kind=ScopeKind.CAMPAIGN, of=CAMPAIGN)
    world.fail("a recall is spoken of", severity="critical")
    world.gate.hold(HoldMode.FREEZE, scope, Actor.system("escalation"), "nobody answered")
    for hour in range(30):
        if hour == 20:
            world.fail("a boycott is spoken of", severity="critical")
        approver(world.clock.now())
        assert is_frozen(world), hour
        world.pass_time(hours=1)
    for _ in range(20):
        approver(world.clock.now())
        world.pass_time(hours=1)
    assert not is_frozen(world)
