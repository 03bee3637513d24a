"""Answers from a chat: signed by its bot, fresh, once, and only in the name its user stands for."""

import base64
import json
from collections.abc import Mapping

import pytest

from drumbeat.connectors.notifiers.webhook import read_secret, signature
from drumbeat.core.governance.approval import CHANGED
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.by_chat import Repeated, Untrusted
from drumbeat.gate.door import Chat
from drumbeat.store import ledger
from drumbeat.testing.gate_world import GateWorld

SECRET = read_secret("whsec_" + base64.b64encode(b"thirty-two bytes only tests know").decode())
USERS = {"U1": "jon", "U2": "vic", "U3": "bot", "U4": "gone", "U5": "jon-two"}


@pytest.fixture
def chatty(world: GateWorld) -> GateWorld:
    world.door.chats = {"slack": Chat(SECRET, USERS)}
    return world


@pytest.fixture
def asked(chatty: GateWorld) -> Proposal:
    made = chatty.budget(40_00, 60_00)
    chatty.gate.submit(made)
    return made


def said(asked: Proposal, **changes: str) -> bytes:
    content = {
        "user": "U1",
        "proposal": asked.id,
        "fingerprint": asked.fingerprint,
        "answer": "approve",
        **changes,
    }
    return json.dumps(content).encode()


def signed(
    world: GateWorld, body: bytes, *, key: str = "msg-1", late: int = 0, secret: bytes = SECRET
) -> Mapping[str, str]:
    stamp = int(world.clock.now().timestamp()) - late
    made = signature(secret, key, stamp, body)
    return {
        "webhook-id": key,
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,b3RoZXI= {made}",
    }


def approvals(world: GateWorld) -> list[tuple[str, object]]:
    with world.database.read() as connection:
        found = ledger.entries(connection, kinds=("approved",))
        return [(entry.actor, entry.body["via"]) for entry in found]


def test_an_answer_counts_in_the_name_of_the_account(chatty: GateWorld, asked: Proposal) -> None:
    body = said(asked)
    assert isinstance(chatty.gate.answer_chat("slack", body, signed(chatty, body)), Answered)
    assert approvals(chatty) == [("person:jon", "chat")]


def test_a_rejection_carries_its_reason(chatty: GateWorld, asked: Proposal) -> None:
    body = said(asked, answer="reject", reason="too dear")
    assert isinstance(chatty.gate.answer_chat("slack", body, signed(chatty, body)), Answered)
    with chatty.database.read() as connection:
        [entry] = ledger.entries(connection, kinds=("rejected",))
    assert (entry.actor, entry.body["reason"], entry.body["via"]) == (
        "person:jon",
        "too dear",
        "chat",
    )


def test_the_same_message_again_does_nothing(chatty: GateWorld, asked: Proposal) -> None:
    body = said(asked)
    headers = signed(chatty, body)
    chatty.gate.answer_chat("slack", body, headers)
    assert chatty.gate.answer_chat("slack", body, headers) == Repeated()
    assert len(approvals(chatty)) == 1


FORGED = [
    pytest.param({"secret": b"x" * 32}, "does not match", id="another-secret"),
    pytest.param({"late": 301}, "too old", id="old"),
    pytest.param({"late": -301}, "from the future", id="future"),
    pytest.param({"key": ""}, "missing", id="no-id"),
]


@pytest.mark.parametrize(("changes", "why"), FORGED)
def test_what_the_chat_did_not_sign_now_is_nobodys(
    chatty: GateWorld, asked: Proposal, changes: dict[str, object], why: str
) -> None:
    body = said(asked)
    answer = chatty.gate.answer_chat("slack", body, signed(chatty, body, **changes))  # type: ignore[arg-type]
    assert isinstance(answer, Untrusted)
    assert why in answer.why
    assert approvals(chatty) == []


def test_a_body_changed_on_the_way_does_not_count(chatty: GateWorld, asked: Proposal) -> None:
    headers = signed(chatty, said(asked, user="U2"))
    assert isinstance(chatty.gate.answer_chat("slack", said(asked), headers), Untrusted)
    assert isinstance(chatty.gate.answer_chat("other", said(asked), headers), Untrusted)
    assert isinstance(chatty.gate.answer_chat("slack", said(asked), {}), Untrusted)


REFUSED = [
    pytest.param({"user": "U2"}, "needs one of", id="no-approver"),
    pytest.param({"user": "U3"}, "an agent cannot", id="agent"),
    pytest.param({"user": "U4"}, "disabled", id="ex-approver"),
    pytest.param({"fingerprint": "0" * 64}, CHANGED, id="stale"),
    pytest.param({"proposal": "prop-none"}, "there is no proposal", id="no-such"),
    pytest.param(
        {"answer": "reject", "reason": "x", "fingerprint": "0" * 64}, CHANGED, id="stale-rejection"
    ),
    pytest.param({"answer": "reject"}, "needs a reason", id="no-reason"),
]


@pytest.mark.parametrize(("changes", "why"), REFUSED)
def test_the_gate_has_the_last_word(
    chatty: GateWorld, asked: Proposal, changes: dict[str, str], why: str
) -> None:
    body = said(asked, **changes)
    answer = chatty.gate.answer_chat("slack", body, signed(chatty, body))
    assert isinstance(answer, NotAnswered)
    assert why in answer.why


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"user":"U1"}', b'{"user":"U1","x":1}', b"\xff"]
)
def test_what_cannot_be_read_is_told_so(chatty: GateWorld, body: bytes) -> None:
    answer = chatty.gate.answer_chat("slack", body, signed(chatty, body))
    assert isinstance(answer, Untrusted)
    assert answer.is_unreadable


def test_a_stranger_in_the_chat_is_nobody(chatty: GateWorld, asked: Proposal) -> None:
    body = said(asked, user="U99")
    answer = chatty.gate.answer_chat("slack", body, signed(chatty, body))
    assert isinstance(answer, Untrusted)


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_high_risk_is_not_answered_in_a_chat(chatty: GateWorld, word: str) -> None:
    asked = chatty.budget(40_00, 0)
    pause = asked.model_copy(update={"action": asked.action.revised(kind="ads.pause")})
    chatty.gate.submit(pause)
    body = said(pause, answer=word, reason="x")
    answer = chatty.gate.answer_chat("slack", body, signed(chatty, body))
    assert isinstance(answer, NotAnswered)
    assert answer.needs_proof
