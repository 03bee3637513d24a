"""Thaw: what people approved goes out again unasked; what has changed, or is late, does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.gate.hold import scope_named
from drumbeat.gate.phases import lower
from drumbeat.gate.rollback import Undo
from drumbeat.gate.rungs import Loss
from drumbeat.store import escalations, holds, proposals
from drumbeat.store.proposals import Judged, Status
from drumbeat.testing.gate_world import CAMPAIGN, START, GateWorld, gate_world
from tests.gate.test_freeze import ABLE, ROW, SEND, SENDING, freeze, send, thaw

OTHER_SEND = f"{SEND}-b"
JON, LAUNCHER = Actor.person("jon"), Actor.agent("launcher")
# Every mail is asked for, whatever the phase.
ASKED = {"actions": {**SENDING["actions"], "email.schedule_send": {**ROW, "always_ask": True}}}
PACKED = {
    "actions": {
        **ASKED["actions"],
        "email.schedule_send": {**ROW, "agents": ["launcher"], "always_ask": True},
    }
}
_OTHER = {"email.schedule_send": {**ROW, "always_ask": True, "risk": "high"}}


@pytest.fixture
def mailing(tmp_path: Path) -> GateWorld:
    """A mail that people approved and the platform holds; then a freeze has called it back."""
    world = _mailing(tmp_path)
    asked = send(world)
    world.gate.submit(asked)
    world.gate.approve(asked.id, "dana", asked.fingerprint, is_fresh=True)
    world.pass_time(minutes=1)
    assert SEND in world.site.objects
    _freeze(world)
    return world


def _mailing(folder: Path, policy: dict[str, Any] = ASKED) -> GateWorld:
    world = gate_world(folder, capabilities=ABLE, policy=policy)
    for agent in ("optimizer", "launcher"):
        more = {"email.schedule_send"} | world.door.rules.declared_kinds[agent]
        world.door.rules.declared_kinds[agent] = frozenset(more)  # type: ignore[index]
    return world


def _freeze(world: GateWorld, name: str | None = None) -> None:
    freeze(world, name)
    world.pass_time(minutes=1)
    world.pass_time(minutes=1)
    assert SEND not in world.site.objects


def _waiting(world: GateWorld) -> list[Judged]:
    with world.database.read() as connection:
        return proposals.waiting(connection)


def _told(world: GateWorld) -> list[str]:
    with world.database.read() as connection:
        return [row.text for row in escalations.all_open(connection)]


def test_what_was_approved_goes_out_again_without_a_second_question(mailing: GateWorld) -> None:
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND in mailing.site.objects
    assert not _waiting(mailing)


def test_it_does_so_after_every_freeze(mailing: GateWorld) -> None:
    for _ in range(2):
        thaw(mailing)
        mailing.pass_time(minutes=1)
        _freeze(mailing)
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND in mailing.site.objects
    assert not _waiting(mailing)


def test_a_phase_lost_meanwhile_does_not_ask_again_for_what_people_agreed_to(
    mailing: GateWorld,
) -> None:
    with mailing.database.write() as transaction:
        for _ in range(3):
            lower(mailing.door, transaction, CAMPAIGN, Loss("system:router", "incident", "inc-1"))
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND in mailing.site.objects


def test_rules_that_changed_meanwhile_ask_again(mailing: GateWorld) -> None:
    matrix = mailing.door.rules.matrix
    other = matrix.model_validate(
        {**matrix.model_dump(), "actions": {**ASKED["actions"], **_OTHER}}
    )
    rules = replace(mailing.door.rules, matrix=other, version=other.digest)
    mailing.gate.door = replace(mailing.door, rules=rules)
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND not in mailing.site.objects
    assert len(_waiting(mailing)) == 1


def test_an_approver_who_has_left_meanwhile_counts_no_more(mailing: GateWorld) -> None:
    dana = mailing.door.rules.accounts["dana"]
    mailing.door.rules.accounts["dana"] = dana.model_copy(  # type: ignore[index]
        update={"is_active": False}
    )
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert len(_waiting(mailing)) == 1


def _first(world: GateWorld) -> Proposal:
    with world.database.read() as connection:
        return proposals.of_kind(connection, "email.schedule_send", START)[0].proposal


def _claim(world: GateWorld, content: Proposal, resumes: str) -> Status:
    """Somebody who may propose the content says that it was agreed to before."""
    claimed = propose(
        content.action,
        content.by,
        "as before",
        now=world.clock.now(),
        expires_at=content.expires_at,
        occasion=f"{resumes} at {world.clock.now()}",
    )
    return world.gate.submit(claimed.model_copy(update={"resumes": resumes})).status


def test_what_a_person_took_back_is_asked_for_again(mailing: GateWorld) -> None:
    first = _first(mailing)
    thaw(mailing)
    mailing.pass_time(minutes=1)
    step = mailing.gate.plan_rollback_last(CAMPAIGN)
    assert isinstance(step, Undo)
    mailing.gate.roll_back(step, JON, "we do not want it", "brand")
    for judged in _waiting(mailing):
        asked = judged.proposal
        mailing.gate.approve(asked.id, "dana", asked.fingerprint, is_fresh=True)
    mailing.pass_time(minutes=1)
    assert SEND not in mailing.site.objects
    assert _claim(mailing, first, first.id) is not Status.ALLOWED


def test_other_content_is_not_what_people_agreed_to(mailing: GateWorld) -> None:
    first = _first(mailing)
    with mailing.database.write() as transaction:
        holds.lift(transaction, HoldMode.FREEZE, scope_named(None), mailing.clock.now())
    other = send(mailing, hours=9)
    assert _claim(mailing, other, first.id) is Status.WAITING
    assert _claim(mailing, first, "prop-nowhere") is Status.WAITING
    assert _claim(mailing, first, first.id) is Status.ALLOWED


def test_a_pack_that_was_approved_counts_after_it_expired_but_for_its_own_content_only(
    tmp_path: Path,
) -> None:
    world = _mailing(tmp_path, PACKED)
    mail = send(world, hours=60)
    wanted: JsonValue = {"wanted": {SEND: [digest(mail.action.after)]}}
    launch = Action.model_validate(
        mail.action.model_dump() | {"kind": "campaign.launch", "target": "pack:p1", "after": wanted}
    )
    asked = propose(launch, LAUNCHER, "go", now=START, expires_at=START + timedelta(hours=2))
    world.gate.submit(asked)
    world.gate.approve(asked.id, "dana", asked.fingerprint, is_fresh=True)
    world.pass_time(minutes=1)
    world.gate.submit(
        propose(mail.action, LAUNCHER, "go", now=START, expires_at=mail.expires_at, pack="p1")
    )
    world.pass_time(minutes=1)
    assert not _waiting(world)
    world.pass_time(hours=5)
    _freeze(world)
    thaw(world)
    world.pass_time(minutes=1)
    assert SEND in world.site.objects
    assert not _waiting(world)


def test_what_agents_did_alone_is_judged_afresh(tmp_path: Path) -> None:
    world = _mailing(tmp_path, SENDING)
    world.gate.submit(send(world))
    world.pass_time(minutes=1)
    _freeze(world)
    with world.database.write() as transaction:
        for _ in range(3):
            lower(world.door, transaction, CAMPAIGN, Loss("system:router", "incident", "inc-1"))
    thaw(world)
    world.pass_time(minutes=1)
    assert len(_waiting(world)) == 1


def test_what_a_freeze_outlasted_is_told_once_and_stays_unsent(mailing: GateWorld) -> None:
    mailing.pass_time(hours=7)
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND not in mailing.site.objects
    assert [text for text in _told(mailing) if SEND in text] == [
        "the freeze of workspace outlasted their moment, so these stay unsent: " + SEND
    ]


def test_two_freezes_at_once_let_it_go_when_the_last_one_ends(mailing: GateWorld) -> None:
    freeze(mailing, CAMPAIGN)
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND not in mailing.site.objects
    thaw(mailing, CAMPAIGN)
    mailing.pass_time(minutes=1)
    assert SEND in mailing.site.objects


def _two_mails(folder: Path) -> GateWorld:
    """Two mails that people approved, called back by a freeze."""
    world = _mailing(folder)
    first = send(world)
    second = first.action.revised(target=OTHER_SEND)
    for action in (first.action, second):
        asked = propose(action, first.by, first.why, now=START, expires_at=first.expires_at)
        world.gate.submit(asked)
        world.gate.approve(asked.id, "dana", asked.fingerprint, is_fresh=True)
    world.pass_time(minutes=1)
    _freeze(world)
    return world


class _Crash(BaseException):
    """The process is gone; nothing catches it."""


@contextmanager
def _dying(place: str, calls: int, *, after: bool) -> Iterator[None]:
    """The process dies before or after the given call of a step of the thaw."""
    module, _, name = place.rpartition(".")
    whole = getattr(import_module(module), name)
    left = calls

    def step(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if not after and left < 0:
            raise _Crash
        answer = whole(*args, **kwargs)
        if after and left < 0:
            raise _Crash
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, step)
        try:
            yield
        except _Crash:
            return
    raise AssertionError(f"{place} was never reached")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("place", "calls"),
    [
        ("drumbeat.gate.dispatch.resume", 0),
        ("drumbeat.gate.thaw.submit", 0),
        ("drumbeat.gate.thaw.submit", 1),
        ("drumbeat.store.holds.resumed", 0),
    ],
)
def test_a_crash_during_the_thaw_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, place: str, calls: int, after: bool
) -> None:
    world = _two_mails(tmp_path)
    before = len(world.site.calls)
    thaw(world)
    with _dying(place, calls, after=after):
        world.pass_time(minutes=1)
    world.pass_time(minutes=1)
    assert {SEND, OTHER_SEND} <= world.site.objects.keys()
    assert len(world.site.calls) == before + 2
    world.pass_time(minutes=1)
    assert len(world.site.calls) == before + 2
    assert not _waiting(world)


def test_a_freeze_whose_end_is_cut_short_stands(mailing: GateWorld) -> None:
    with _dying("drumbeat.store.ledger.append", 0, after=True):
        thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND not in mailing.site.objects
    thaw(mailing)
    mailing.pass_time(minutes=1)
    assert SEND in mailing.site.objects


def test_what_is_still_being_called_back_at_the_thaw_goes_out_again_after_it(
    tmp_path: Path,
) -> None:
    world = _mailing(tmp_path, SENDING)
    world.gate.submit(send(world))
    world.pass_time(minutes=1)
    freeze(world)
    world.pass_time(minutes=1)  # the cancellation is written, not carried out
    thaw(world)
    world.pass_time(minutes=1)
    assert SEND not in world.site.objects
    world.pass_time(minutes=1)
    world.pass_time(minutes=1)
    assert SEND in world.site.objects
