"""Mail end to end: submitted, held until its time, sent, and looked after when answers are lost."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from drumbeat.connectors.smtp.connector import SmtpConnector
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.gate.answer import Answered
from drumbeat.store import escalations, proposals
from drumbeat.store.deliveries import DeliveryBook
from drumbeat.store.effects import EffectStatus
from tests.connectors.gated import Gated, gated
from tests.connectors.smtp.pieces import TARGET, crowd, send
from tests.connectors.smtp.post_office import PostOffice

WORKSPACE = Scope(kind=ScopeKind.WORKSPACE)


@pytest.fixture
def world(office: PostOffice) -> Gated:
    return gated(office.stage)


def test_a_send_waits_for_its_time_and_goes_out_then(office: PostOffice, world: Gated) -> None:
    at = office.stage.now + timedelta(hours=3)
    judged = world.ask(office.action(send(at)), not_before=at)
    world.pass_time(hours=2, minutes=59)
    assert office.server.taken == []
    world.pass_time(minutes=1)
    assert len(office.server.taken) == 4
    assert world.status(judged) is EffectStatus.DONE
    assert world.ledger() == ["judged", "attempted", "applied"]


def test_a_send_let_go_too_early_comes_back_at_its_time(office: PostOffice, world: Gated) -> None:
    judged = world.ask(office.action(send(office.stage.now + timedelta(hours=3))))
    world.pass_time(minutes=0)
    assert office.server.taken == []
    world.pass_time(hours=3)
    assert len(office.server.taken) == 4
    assert world.status(judged) is EffectStatus.DONE


def test_a_freeze_before_its_time_holds_a_send_back(office: PostOffice, world: Gated) -> None:
    at = office.stage.now + timedelta(hours=3)
    world.ask(office.action(send(at)), not_before=at)
    world.gate.hold(HoldMode.FREEZE, WORKSPACE, Actor.person("jon"), "a crisis")
    world.pass_time(hours=4)
    assert office.server.taken == []


def test_a_freeze_in_the_middle_of_a_send_is_seen_before_the_next_mail(
    office: PostOffice, world: Gated
) -> None:
    office.list_of(crowd(6))

    def stop(recipient: str) -> None:
        if len(office.server.taken) == 2:
            world.gate.hold(HoldMode.FREEZE, WORKSPACE, Actor.person("jon"), "a crisis")

    office.server.on_taken = stop
    judged = world.ask(office.action())
    world.pass_time(minutes=0)
    assert len(office.server.taken) == 2
    world.pass_time(minutes=1)
    assert world.status(judged) is EffectStatus.HELD
    jon = Actor.person("jon")
    world.gate.lift(HoldMode.FREEZE, WORKSPACE, jon, "settled", is_fresh=True)
    world.pass_time(minutes=1)
    assert world.status(judged) is EffectStatus.DONE
    readers = {f"reader-{n}@readers.example": 1 for n in range(1, 7)}
    assert Counter(office.server.recipients) == readers


def test_a_process_that_died_in_the_middle_is_looked_after(
    office: PostOffice, world: Gated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies after the second mail; the gate finds the change in flight and no note of it."""
    office.list_of(crowd(6))
    judged = world.ask(office.action())
    with monkeypatch.context() as patch:
        patch.setattr(DeliveryBook, "finish", _dying_at_second(DeliveryBook.finish))
        with pytest.raises(KeyboardInterrupt):
            world.pass_time(minutes=0)
    assert world.status(judged) is EffectStatus.IN_FLIGHT
    assert len(office.server.taken) == 2
    world.pass_time(minutes=6)
    world.pass_time(minutes=1)
    assert world.status(judged) is EffectStatus.DONE
    assert Counter(office.server.recipients) == _each_once(6)
    # One was taken by the server, and nobody noted it: that is told, and asked about.
    effect = world.effect(judged)
    assert effect.receipt is not None
    assert (effect.receipt.detail, effect.receipt.in_doubt) == ("5 sent, 1 unclear", 1)
    with office.stage.place.database.read() as connection:
        (told,) = escalations.all_open(connection)
        (question,) = proposals.waiting(connection)
    assert "reached all but one of its people for certain" in told.text
    assert question.proposal.action.target == f"{TARGET}-again"
    assert question.proposal.why == "send it again to one of its people, who may have it already"


def _each_once(readers: int) -> dict[str, int]:
    return {f"reader-{n}@readers.example": 1 for n in range(1, readers + 1)}


@pytest.mark.parametrize("yes", [True, False], ids=["again", "leave-it"])
def test_a_person_decides_whether_somebody_in_doubt_gets_a_second_copy(
    office: PostOffice, world: Gated, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    office.list_of(crowd(6))
    world.ask(office.action())
    with monkeypatch.context() as patch:
        patch.setattr(DeliveryBook, "finish", _dying_at_second(DeliveryBook.finish))
        with pytest.raises(KeyboardInterrupt):
            world.pass_time(minutes=0)
    world.pass_time(minutes=6)
    world.pass_time(minutes=1)
    with office.stage.place.database.read() as connection:
        (question,) = proposals.waiting(connection)
    asked = question.proposal
    if yes:
        answered = world.gate.approve(asked.id, "jon", asked.fingerprint)
    else:
        answered = world.gate.reject(asked.id, "jon", "they will hear from us next week")
    assert isinstance(answered, Answered), answered
    world.pass_time(minutes=1)
    once = _each_once(6)
    expected = {**once, "reader-2@readers.example": 2} if yes else once
    assert Counter(office.server.recipients) == expected
    world.pass_time(minutes=5)
    assert Counter(office.server.recipients) == expected


def _dying_at_second(finish: Callable[..., None]) -> Callable[..., None]:
    calls = count(1)

    def dying(*given: object) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt
        finish(*given)

    return dying


def test_an_answer_that_got_lost_is_looked_up_and_nothing_doubles(
    office: PostOffice, world: Gated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything was sent and noted, and then the connector fails to say so."""
    judged = world.ask(office.action())
    with monkeypatch.context() as patch:
        patch.setattr(SmtpConnector, "_receipt", _interrupt_softly)
        world.pass_time(minutes=0)
    assert world.status(judged) is EffectStatus.UNKNOWN
    world.pass_time(minutes=2)
    assert world.status(judged) is EffectStatus.DONE
    assert len(office.server.taken) == 4


def _interrupt_softly(*given: object) -> None:
    raise RuntimeError("a defect of the connector")


def test_a_server_that_is_away_is_waited_for(office: PostOffice, world: Gated) -> None:
    judged = world.ask(office.action())
    office.server.stop()
    world.pass_time(minutes=0)
    assert world.status(judged) is EffectStatus.READY
    office.server.start()
    world.pass_time(minutes=3)
    assert world.status(judged) is EffectStatus.DONE
    assert len(office.server.taken) == 4


def test_a_server_that_stays_away_ends_in_a_refusal_with_nothing_sent(
    office: PostOffice, world: Gated
) -> None:
    judged = world.ask(office.action())
    office.server.stop()
    for _ in range(12):
        world.pass_time(minutes=15)
    effect = world.effect(judged)
    assert effect.status is EffectStatus.REFUSED
    assert effect.receipt is not None
    assert "cannot reach the mail server" in effect.receipt.detail


def test_one_full_mailbox_does_not_turn_a_send_into_a_refusal(
    office: PostOffice, world: Gated
) -> None:
    office.server.answers = {"reader-1@readers.example": ["452 mailbox full"]}
    judged = world.ask(office.action())
    for _ in range(12):
        world.pass_time(minutes=15)
    effect = world.effect(judged)
    assert effect.status is EffectStatus.DONE
    assert effect.receipt is not None
    assert effect.receipt.detail == "1 put off, 3 sent"
    assert office.stage.connector.read(TARGET) is not None
