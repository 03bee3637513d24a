"""A reader's way out: signed, one click, in force at once."""

from drumbeat.connectors.unsubscribe import NOBODY, token_for
from drumbeat.store import events, ledger
from drumbeat.testing.gate_world import KEY, GateWorld

CONTACT = "c0ffee" * 5


def test_a_signed_token_takes_its_reader_off_every_list(world: GateWorld) -> None:
    assert world.gate.opt_out(token_for(CONTACT, KEY))
    with world.database.read() as connection:
        assert events.is_suppressed(connection, CONTACT)
        assert [e.kind for e in ledger.entries(connection)] == ["opted_out"]


def test_opting_out_twice_is_written_once(world: GateWorld) -> None:
    world.gate.opt_out(token_for(CONTACT, KEY))
    assert world.gate.opt_out(token_for(CONTACT, KEY))
    with world.database.read() as connection:
        assert ledger.head(connection)[0] == 1


def test_a_forged_token_changes_nothing(world: GateWorld) -> None:
    assert not world.gate.opt_out(token_for(CONTACT, b"another key"))
    assert not world.gate.opt_out(CONTACT)
    with world.database.read() as connection:
        assert not events.is_suppressed(connection, CONTACT)


def test_the_address_is_tried_by_the_token_of_nobody_and_nothing_is_written(
    world: GateWorld,
) -> None:
    assert world.gate.opt_out(token_for(NOBODY, KEY))
    with world.database.read() as connection:
        assert not events.is_suppressed(connection, NOBODY)
        assert list(ledger.entries(connection)) == []
