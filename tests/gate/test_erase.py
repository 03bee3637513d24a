"""A contact asks to be forgotten: no trace is left in any file, and the chain still holds."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.connectors.contact_hash import contact_hash
from drumbeat.connectors.unsubscribe import token_for
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.core.governance.person import Account
from drumbeat.gate.erase import Erased, NotErased
from drumbeat.store import events, ledger
from drumbeat.store.deliveries import Claim, DeliveryBook
from drumbeat.testing.gate_world import KEY, START, GateWorld

ADDRESS = "Erika.Mustermann@mail.example"
WORDS = "Erika here, my parcel from Musterstrasse 9 never came"
CONTACT = contact_hash(ADDRESS, KEY)
OTHER = contact_hash("ben@mail.example", KEY)


@pytest.fixture
def known(world: GateWorld) -> GateWorld:
    return fill(world)


def fill(world: GateWorld) -> GateWorld:
    """A world in which Erika got two mails, wrote to us and opted out, and Ben got one."""
    chief = Account(id="dana", person="dana", roles=frozenset({"manager"}))
    accounts = world.gate.door.rules.accounts
    assert isinstance(accounts, dict)
    accounts["dana"] = chief
    book = DeliveryBook(world.database)
    for contact, target in ((CONTACT, "send:a"), (CONTACT, "send:b"), (OTHER, "send:a")):
        said = f"250 taken for {ADDRESS}" if contact == CONTACT else "250 taken"
        book.claim(f"pmt-{target}", contact, target, "only", START)
        book.finish(f"pmt-{target}", contact, "sent", said, START)
    for number, contact in enumerate((CONTACT, OTHER)):
        comment(world, f"evt-{number}", contact)
    assert world.gate.opt_out(token_for(CONTACT, KEY))
    return world


def comment(world: GateWorld, name: str, contact: str) -> None:
    row = {
        "id": name, "kind": "commented", "at": START,
        "target": "post:a", "contact": contact, "text": WORDS if contact == CONTACT else "hi",
        "label": "complaint", "value_minor": 0, "received_at": START,
    }  # fmt: skip
    with world.database.write() as transaction:
        assert events.add(transaction, "ads-account", [row])


def everything(folder: Path, world: GateWorld) -> bytes:
    """Every byte of the database's files, and of an export of the ledger."""
    with world.database.read() as connection:
        export = [one.model_dump(mode="json") for one in ledger.entries(connection)]
    files = b"".join(file.read_bytes() for file in sorted(folder.glob("gate.db*")))
    return files + json.dumps(export, ensure_ascii=False).encode()


def traces(folder: Path, world: GateWorld) -> list[str]:
    held = everything(folder, world).lower()
    wanted = (ADDRESS, CONTACT, WORDS, "mustermann", "musterstrasse")
    return [one for one in wanted if one.lower().encode() in held]


def test_no_trace_is_left_and_the_chain_holds(tmp_path: Path, known: GateWorld) -> None:
    assert len(traces(tmp_path, known)) == 5
    outcome = known.gate.erase(ADDRESS, "dana", "asked by letter")
    assert isinstance(outcome, Erased)
    assert (outcome.found.events, outcome.found.deliveries) == (1, 2)
    assert outcome.found.was_suppressed
    assert outcome.is_scrubbed
    assert traces(tmp_path, known) == []
    with known.database.read() as connection:
        entries = list(ledger.entries(connection))
    assert [one.kind for one in entries] == ["opted_out", "contact_erased"]
    assert isinstance(verify(entries), Intact)


def test_whoever_was_erased_is_never_written_to_again(known: GateWorld) -> None:
    known.gate.erase(ADDRESS, "dana", "asked by letter")
    book = DeliveryBook(known.database)
    with known.database.read() as connection:
        assert events.is_suppressed(connection, CONTACT)
        assert events.suppressed_of(connection, [CONTACT, OTHER]) == {CONTACT}
    later = START + timedelta(days=9)
    assert book.claim("pmt-send:b", CONTACT, "send:b", "only", later) is Claim.TAKEN
    assert book.claim("pmt-send:c", CONTACT, "send:c", "only", later) is Claim.SUPPRESSED


def test_counts_stay_true_and_others_stay_known(known: GateWorld) -> None:
    known.gate.erase(ADDRESS, "dana", "asked by letter")
    assert DeliveryBook(known.database).counts("send:a") == {"sent": 2}
    with known.database.read() as connection:
        assert not events.is_suppressed(connection, OTHER)


def test_erasing_again_finds_nothing(known: GateWorld) -> None:
    known.gate.erase(ADDRESS, "dana", "asked by letter")
    again = known.gate.erase(ADDRESS.lower(), "dana", "asked once more")
    assert isinstance(again, Erased)
    assert (again.found.events, again.found.deliveries) == (0, 0)


@pytest.mark.parametrize(
    ("address", "account", "reason", "why"),
    [
        pytest.param(ADDRESS, "vic", "asked", "one of these roles", id="viewer"),
        pytest.param(ADDRESS, "bot", "asked", "nobody who may", id="agent"),
        pytest.param(ADDRESS, "gone", "asked", "nobody who may", id="left"),
        pytest.param(ADDRESS, "dana", " ", "say why", id="no-reason"),
        pytest.param("Erika", "dana", "asked", "an email address", id="no-address"),
    ],
)
def test_who_may_not_erases_nothing(
    known: GateWorld, address: str, account: str, reason: str, why: str
) -> None:
    outcome = known.gate.erase(address, account, reason)
    assert isinstance(outcome, NotErased)
    assert why in outcome.why
    with known.database.read() as connection:
        assert [one.kind for one in ledger.entries(connection)] == ["opted_out"]
