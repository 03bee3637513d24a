"""Freeze: what is scheduled is called back, what is under way stops, and the thaw takes it up."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from drumbeat.connectors.contract import Capability, ConnectorError, ErrorKind
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.engine.brake import pressed
from drumbeat.gate.hold import HoldRefused, scope_named
from drumbeat.gate.rollback import Undo
from drumbeat.store import effects, ledger
from drumbeat.store.effects import EffectStatus
from drumbeat.testing.gate_world import ADS, CAMPAIGN, GateWorld, gate_world

JON, VIC = Actor.person("jon"), Actor.person("vic")
SEND = "send:retargeting/1"
ROW = {
    "agents": ["optimizer"],
    "risk": "medium",
    "phase": "supervised",
    "approvals": {"roles": ["manager"]},
}
SENDING = {
    "actions": {
        "email.schedule_send": ROW,
        "email.cancel_send": {"agents": [], "risk": "low", "phase": "full"},
    }
}
ABLE = frozenset({Capability.LOOK_UP, Capability.CANCEL, Capability.SCHEDULE})


@pytest.fixture
def mailing(tmp_path: Path) -> GateWorld:
    world = gate_world(tmp_path, capabilities=ABLE, policy=SENDING)
    more = {"email.schedule_send"} | world.door.rules.declared_kinds["optimizer"]
    world.door.rules.declared_kinds["optimizer"] = frozenset(more)  # type: ignore[index]
    return world


def send(world: GateWorld, *, hours: int = 6, occasion: str = "") -> Proposal:
    """A mail that is to go out in some hours."""
    after: JsonValue = {"send_at": (world.clock.now() + timedelta(hours=hours)).isoformat()}
    action = Action(
        kind="email.schedule_send",
        channel=Channel.EMAIL,
        connection=ADS,
        campaign=CAMPAIGN,
        target=SEND,
        before=None,
        after=after,
        spend_delta=Money.zero("EUR"),
    )
    return propose(
        action,
        Actor.agent("optimizer"),
        "the weekly mail",
        now=world.clock.now(),
        expires_at=world.clock.now() + timedelta(days=2),
        occasion=occasion,
    )


def scheduled(world: GateWorld, *, hours: int = 6) -> Proposal:
    """A send that the platform holds until later."""
    asked = send(world, hours=hours)
    world.gate.submit(asked)
    world.gate.pump()
    assert SEND in world.site.objects
    return asked


def test_nothing_begins_while_an_order_to_freeze_is_being_written(
    mailing: GateWorld, tmp_path: Path
) -> None:
    mailing.gate.submit(send(mailing))
    with pressed(tmp_path):
        again = mailing.gate.pump()
        assert mailing.site.objects.keys() == {"line_item:retargeting/main"}
        assert again is not None
        assert again > mailing.clock.now(), "it does not spin"
        freeze(mailing)
    mailing.gate.pump()
    assert mailing.site.objects.keys() == {"line_item:retargeting/main"}
    lifted = mailing.gate.lift(HoldMode.FREEZE, scope_named(None), JON, "over", is_fresh=True)
    mailing.gate.pump()
    assert lifted
    assert SEND in mailing.site.objects


def freeze(world: GateWorld, name: str | None = None) -> None:
    world.gate.hold(HoldMode.FREEZE, scope_named(name), VIC, "something smells")


def thaw(world: GateWorld, name: str | None = None) -> None:
    world.gate.lift(HoldMode.FREEZE, scope_named(name), JON, "it was nothing", is_fresh=True)


def kinds(world: GateWorld) -> list[str]:
    with world.database.read() as connection:
        return [entry.kind for entry in ledger.entries(connection)]


@pytest.mark.parametrize(
    "name", [None, CAMPAIGN, "channel:email", "action:email.schedule_send", "agent:optimizer"]
)
def test_a_freeze_calls_back_what_the_platform_holds_for_us(
    mailing: GateWorld, name: str | None
) -> None:
    scheduled(mailing)
    freeze(mailing, name)
    mailing.pass_time(seconds=1)
    mailing.pass_time(seconds=0)
    assert SEND not in mailing.site.objects
    assert kinds(mailing)[-1] == "verified"


@pytest.mark.parametrize("name", ["channel:social", "action:ads.set_bid", "agent:launcher"])
def test_another_scope_is_left_alone(mailing: GateWorld, name: str) -> None:
    scheduled(mailing)
    freeze(mailing, name)
    mailing.pass_time(minutes=1)
    assert SEND in mailing.site.objects


def test_what_was_called_back_is_scheduled_again_at_the_thaw(mailing: GateWorld) -> None:
    scheduled(mailing)
    freeze(mailing)
    for _ in range(3):
        mailing.pass_time(minutes=1)
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND in mailing.site.objects
    assert len(mailing.site.calls) == 3


def test_what_is_late_by_then_is_not_sent_late(mailing: GateWorld) -> None:
    scheduled(mailing, hours=2)
    freeze(mailing)
    mailing.pass_time(minutes=1)
    mailing.pass_time(hours=3)
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND not in mailing.site.objects


def test_a_platform_that_cannot_cancel_is_not_asked_to(tmp_path: Path) -> None:
    world = gate_world(tmp_path, policy=SENDING)
    more = {"email.schedule_send"} | world.door.rules.declared_kinds["optimizer"]
    world.door.rules.declared_kinds["optimizer"] = frozenset(more)  # type: ignore[index]
    scheduled(world)
    freeze(world)
    world.pass_time(minutes=1)
    assert len(world.site.calls) == 1


def test_a_call_whose_answer_was_lost_is_read_back_and_then_cancelled(mailing: GateWorld) -> None:
    mailing.site.faults = ["after"]
    scheduled(mailing)
    freeze(mailing)
    for _ in range(12):
        mailing.pass_time(minutes=5)
    assert SEND not in mailing.site.objects


def test_a_long_change_stops_in_the_middle_and_goes_on_at_the_thaw(mailing: GateWorld) -> None:
    """The connector asks before each part; a freeze is seen before the next one leaves."""
    sent: list[str] = []
    connector = mailing.door.platforms[ADS].connector

    def in_parts(action: Action, key: str) -> object:
        for name in ("a", "b", "c"):
            connector.stop_if_frozen(key)
            if name in sent:
                continue
            sent.append(name)
            if name == "a":
                freeze(mailing)
        return plain(action, key)

    plain = connector._apply
    connector._apply = in_parts  # type: ignore[method-assign,assignment]
    asked = mailing.budget(40_00, 44_00)
    mailing.gate.submit(asked)
    mailing.gate.pump()
    assert sent == ["a"]
    mailing.gate.pump()
    with mailing.database.read() as connection:
        effect = effects.of_proposal(connection, asked.id)
    assert effect is not None
    assert effect.status is EffectStatus.HELD
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert sent == ["a", "b", "c"]


def test_stopping_tells_the_connector_why(mailing: GateWorld) -> None:
    scheduled(mailing)
    freeze(mailing)
    connector = mailing.door.platforms[ADS].connector
    with pytest.raises(ConnectorError) as stopped:
        connector.stop_if_frozen("pmt-unknown")
    assert stopped.value.kind is ErrorKind.FROZEN


@pytest.mark.parametrize("name", ["nowhere", "channel:fax", "action:ads.fly", "agent:smith"])
def test_a_scope_nobody_knows_is_refused_with_those_there_are(world: GateWorld, name: str) -> None:
    with pytest.raises(HoldRefused, match="known are"):
        freeze(world, name)


def test_the_last_change_is_taken_back_and_read_once_more(world: GateWorld) -> None:
    world.gate.submit(world.budget(40_00, 44_00))
    world.gate.pump()
    step = world.gate.plan_rollback_last(CAMPAIGN)
    assert isinstance(step, Undo)
    world.gate.roll_back(step, JON, "it costs too much", "budget")
    world.gate.pump()
    assert world.site.objects["line_item:retargeting/main"] == {"daily_budget_minor": 40_00}
    assert kinds(world)[-1] == "verified"
