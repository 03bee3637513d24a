"""Edit and approve: the edited change is a new one, and its editor is not who approves it."""

import pytest

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.money import Money
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Judged, Status
from drumbeat.testing.gate_world import GateWorld


def smaller(asked: Proposal, minor: int = 55_00) -> Action:
    delta = Money(minor=minor - 40_00, currency="EUR")
    return asked.action.revised(after={"daily_budget_minor": minor}, spend_delta=delta)


@pytest.fixture
def asked(world: GateWorld) -> Proposal:
    """A large change by the optimizer, waiting."""
    proposal = world.budget(40_00, 60_00)
    assert world.gate.submit(proposal).status is Status.WAITING
    return proposal


def edited(world: GateWorld, asked: Proposal, by: str = "jon") -> Judged:
    made = world.gate.edit(asked.id, by, smaller(asked), "too much at once")
    assert isinstance(made, Judged)
    return made


def test_the_edited_change_waits_under_its_own_fingerprint(
    world: GateWorld, asked: Proposal
) -> None:
    made = edited(world, asked)
    assert made.status is Status.WAITING
    assert made.proposal.fingerprint != asked.fingerprint
    with world.database.read() as connection:
        old = proposals.load(connection, asked.id)
        kinds = [entry.kind for entry in ledger.entries(connection)]
    assert old is not None
    assert old.status is Status.REPLACED
    assert kinds == ["judged", "edited", "judged"]


def test_a_small_edit_does_not_slip_past_people(world: GateWorld, asked: Proposal) -> None:
    made = world.gate.edit(asked.id, "jon", smaller(asked, 41_00), "hardly any")
    assert isinstance(made, Judged)
    assert made.status is Status.WAITING


@pytest.mark.parametrize("account", ["jon", "jon-two"])
def test_the_editor_cannot_approve_it_under_any_account(
    world: GateWorld, asked: Proposal, account: str
) -> None:
    made = edited(world, asked).proposal
    refused = world.gate.approve(made.id, account, made.fingerprint)
    assert isinstance(refused, NotAnswered)
    assert "proposer or editor" in refused.why


def test_another_person_approves_exactly_the_edited_change(
    world: GateWorld, asked: Proposal
) -> None:
    made = edited(world, asked).proposal
    assert isinstance(world.gate.approve(made.id, "dana", asked.fingerprint), NotAnswered)
    assert isinstance(world.gate.approve(made.id, "dana", made.fingerprint), Answered)
    world.gate.pump()
    assert world.site.objects[made.action.target] == {"daily_budget_minor": 55_00}


def test_the_old_one_cannot_be_approved_any_more(world: GateWorld, asked: Proposal) -> None:
    edited(world, asked)
    refused = world.gate.approve(asked.id, "dana", asked.fingerprint)
    assert isinstance(refused, NotAnswered)


@pytest.mark.parametrize(
    ("account", "reason", "why"),
    [
        pytest.param("bot", "x", "only a person", id="agent"),
        pytest.param("gone", "x", "only a person", id="former"),
        pytest.param("nobody", "x", "only a person", id="unknown"),
        pytest.param("jon", "  ", "needs a reason", id="no reason"),
    ],
)
def test_who_may_not_edit_is_told_why(
    world: GateWorld, asked: Proposal, account: str, reason: str, why: str
) -> None:
    said = world.gate.edit(asked.id, account, smaller(asked), reason)
    assert isinstance(said, NotAnswered)
    assert why in said.why


def test_an_edit_changes_something_and_never_the_target(world: GateWorld, asked: Proposal) -> None:
    same = world.gate.edit(asked.id, "jon", asked.action, "x")
    other = world.gate.edit(asked.id, "jon", asked.action.revised(target="line_item:x/y"), "x")
    missing = world.gate.edit("prop-none", "jon", smaller(asked), "x")
    assert isinstance(same, NotAnswered)
    assert isinstance(other, NotAnswered)
    assert isinstance(missing, NotAnswered)
    assert ("nothing was changed" in same.why, "target" in other.why) == (True, True)
    assert missing.is_missing


def test_what_the_rules_forbid_replaces_nothing(world: GateWorld, asked: Proposal) -> None:
    over = asked.action.revised(
        after={"daily_budget_minor": 900_00}, spend_delta=Money(minor=860_00, currency="EUR")
    )
    said = world.gate.edit(asked.id, "jon", over, "all in")
    assert isinstance(said, NotAnswered)
    assert "the gate does not let the changed one through" in said.why
    with world.database.read() as connection:
        kept = proposals.load(connection, asked.id)
    assert kept is not None
    assert kept.status is Status.WAITING
