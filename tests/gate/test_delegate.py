"""Delegation at the gate: a say is lent, never widened, and two who share one count once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.delegate import Delegated
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Status
from drumbeat.testing.gate_world import GateWorld, gate_world

NINA = Account(id="nina", person="nina", roles=frozenset({"analyst"}))
OLE = Account(id="ole", person="ole", roles=frozenset({"analyst"}))
LEX = Account(id="lex", person="lex", roles=frozenset({"approver:legal"}))


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> GateWorld:
    made = gate_world(tmp_path_factory.mktemp("lent"))
    more = {one.id: one for one in (NINA, OLE, LEX)}
    made.door.rules = replace(made.door.rules, accounts={**made.door.rules.accounts, **more})
    return made


def ask(world: GateWorld, **more: object) -> Proposal:
    asked = world.budget(40_00, 60_00, **more)
    assert world.gate.submit(asked).status is Status.WAITING
    return asked


def pause(world: GateWorld) -> Proposal:
    """A change that two people must approve."""
    asked = world.budget(40_00, 60_00)
    action = asked.action.revised(kind="ads.pause", spend_delta=asked.action.spend_delta)
    asked = asked.model_copy(update={"action": action})
    assert world.gate.submit(asked).status is Status.WAITING
    return asked


def approve(world: GateWorld, asked: Proposal, account: str) -> Answered | NotAnswered:
    return world.gate.approve(asked.id, account, asked.fingerprint, is_fresh=True)


def test_a_lent_say_counts_in_the_lenders_role(world: GateWorld) -> None:
    asked = ask(world)
    assert isinstance(approve(world, asked, "nina"), NotAnswered)
    assert isinstance(
        world.gate.delegate("jon", "nina", "away", proposal_id=asked.id, is_fresh=True), Delegated
    )
    assert isinstance(approve(world, asked, "nina"), Answered)
    with world.database.read() as connection:
        [given] = proposals.approvals(connection, asked.id, used=None)
        told = [e for e in ledger.entries(connection) if e.kind == "approved"]
    assert (given.role, given.for_account) == ("performance", "jon")
    assert told[0].body["in_place_of"] == "jon"
    world.gate.pump()
    assert len(world.site.calls) == 1


def test_it_is_lent_in_one_decision_only(world: GateWorld) -> None:
    first, second = ask(world), ask(world, occasion="2")
    world.gate.delegate("jon", "nina", "away", proposal_id=first.id, is_fresh=True)
    assert isinstance(approve(world, second, "nina"), NotAnswered)


def test_it_is_lent_for_a_while_and_no_longer(world: GateWorld) -> None:
    until = world.clock.now() + timedelta(days=1)
    assert isinstance(
        world.gate.delegate("jon", "nina", "away", until=until, is_fresh=True), Delegated
    )
    assert isinstance(approve(world, ask(world), "nina"), Answered)
    world.clock.advance(timedelta(days=1))
    assert isinstance(approve(world, ask(world, occasion="late"), "nina"), NotAnswered)


def test_it_is_taken_back_at_any_time(world: GateWorld) -> None:
    asked = ask(world)
    world.gate.delegate("jon", "nina", "away", proposal_id=asked.id, is_fresh=True)
    assert world.gate.end_delegation("jon", "nina", asked.id) == 1
    assert isinstance(approve(world, asked, "nina"), NotAnswered)


def test_the_two_of_a_delegation_count_as_one(world: GateWorld) -> None:
    asked = pause(world)
    world.gate.delegate("jon", "nina", "away", proposal_id=asked.id, is_fresh=True)
    answer = approve(world, asked, "nina")
    assert isinstance(answer, Answered)
    assert not answer.complete
    again = approve(world, asked, "jon")
    assert isinstance(again, NotAnswered)
    assert "already" in again.why
    assert isinstance(approve(world, asked, "dana"), Answered)


def test_one_say_is_not_lent_to_two(world: GateWorld) -> None:
    asked = pause(world)
    for name in ("nina", "ole"):
        world.gate.delegate("jon", name, "away", proposal_id=asked.id, is_fresh=True)
    assert isinstance(approve(world, asked, "nina"), Answered)
    assert isinstance(approve(world, asked, "ole"), NotAnswered)


def test_what_was_lent_is_not_lent_on(world: GateWorld) -> None:
    asked = ask(world)
    world.gate.delegate("jon", "nina", "away", proposal_id=asked.id, is_fresh=True)
    assert isinstance(
        world.gate.delegate("nina", "ole", "me too", proposal_id=asked.id, is_fresh=True),
        NotAnswered,
    )
    until = world.clock.now() + timedelta(days=1)
    world.gate.delegate("nina", "ole", "everything", until=until, is_fresh=True)
    assert isinstance(approve(world, asked, "ole"), NotAnswered)


def test_whoever_has_lost_the_role_lends_nothing(world: GateWorld) -> None:
    asked = ask(world)
    world.gate.delegate("jon", "nina", "away", proposal_id=asked.id, is_fresh=True)
    accounts = dict(world.door.rules.accounts)
    accounts["jon"] = accounts["jon"].model_copy(update={"roles": frozenset({"viewer"})})
    world.door.rules = replace(world.door.rules, accounts=accounts)
    assert isinstance(approve(world, asked, "nina"), NotAnswered)


@pytest.mark.parametrize(
    ("giver", "to", "why"),
    [
        ("jon", "vic", "may not be lent a say"),
        ("jon", "bot", "only be delegated to a person"),
        ("jon", "gone", "only be delegated to a person"),
        ("jon", "nobody", "only be delegated to a person"),
        ("jon", "jon-two", "the same person"),
        ("bot", "nina", "only a person"),
        ("nina", "ole", "no say in it to lend"),
    ],
)
def test_who_may_not_lend_or_be_lent_is_refused(
    world: GateWorld, giver: str, to: str, why: str
) -> None:
    asked = ask(world)
    answer = world.gate.delegate(giver, to, "away", proposal_id=asked.id, is_fresh=True)
    assert isinstance(answer, NotAnswered)
    assert why in answer.why


@pytest.mark.parametrize("pick", [lambda w: ("dana", "nina"), lambda w: ("jon", "dana")])
def test_the_proposer_neither_lends_nor_is_lent(
    world: GateWorld, pick: Callable[[GateWorld], tuple[str, str]]
) -> None:
    asked = world.budget(40_00, 60_00, by=Actor.person("dana"))
    action = asked.action.revised(kind="campaign.launch", spend_delta=asked.action.spend_delta)
    asked = asked.model_copy(update={"action": action})
    assert world.gate.submit(asked).status is Status.WAITING
    giver, to = pick(world)
    assert isinstance(
        world.gate.delegate(giver, to, "away", proposal_id=asked.id, is_fresh=True), NotAnswered
    )


def test_a_period_that_is_too_long_is_refused(world: GateWorld) -> None:
    until = world.clock.now() + timedelta(days=15)
    assert isinstance(
        world.gate.delegate("jon", "nina", "away", until=until, is_fresh=True), NotAnswered
    )
    assert isinstance(world.gate.delegate("jon", "nina", "away", is_fresh=True), NotAnswered)


def test_to_lend_everything_takes_a_fresh_proof(world: GateWorld) -> None:
    until = world.clock.now() + timedelta(days=3)
    refused = world.gate.delegate("jon", "nina", "away", until=until)
    assert isinstance(refused, NotAnswered)
    assert refused.needs_proof
