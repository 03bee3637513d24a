"""By chat: an answer that a chat's bot posts here, signed; the chat's user stands for an account.

The message follows the Standard Webhooks specification: ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature`` over id, timestamp and body. High risk is never answered this way.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from drumbeat.connectors.notifiers.webhook import signature
from drumbeat.core.governance.approval import UNPROVEN
from drumbeat.core.governance.matrix import Risk
from drumbeat.gate import answer
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.door import Chat, Door
from drumbeat.store import ledger, once, proposals

_VIA = "chat"
# Older or newer messages are refused; each passes once, so that replays find it used.
TOLERANCE = timedelta(minutes=5)

_Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ChatAnswer(BaseModel):
    """What the bot says: which of the chat's users said what about which question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: _Short
    proposal: _Short
    fingerprint: _Short
    answer: Literal["approve", "reject"]
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""
    code: Annotated[str, StringConstraints(max_length=100)] = "other"


@dataclass(frozen=True)
class Untrusted:
    """The message does not count as said by anybody: forged, old, unreadable, no such chat."""

    why: str
    is_missing: bool = False
    is_unreadable: bool = False


@dataclass(frozen=True)
class Repeated:
    """The same message came before; nothing was done again."""


def answer_chat(
    door: Door, chat_id: str, body: bytes, headers: Mapping[str, str]
) -> Answered | NotAnswered | Repeated | Untrusted:
    """Check the message and carry the answer to the gate. ``headers`` have lower-case names."""
    chat = door.chats.get(chat_id)
    if chat is None:
        return Untrusted(f"no chat is named {chat_id!r}", is_missing=True)
    if why := _objection(chat, body, headers, door.now):
        return Untrusted(why)
    try:
        said = ChatAnswer.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "body"
        return Untrusted(f"{where}: {first['msg']}", is_unreadable=True)
    account = chat.users.get(said.user)
    if account is None:
        return Untrusted(f"{said.user!r} is nobody's name in this chat")
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        message = f"chat:{chat_id}:{headers['webhook-id']}"
        if not once.claim(transaction, message, door.now + 2 * TOLERANCE, door.now):
            return Repeated()
        judged = proposals.load(transaction, said.proposal)
    if judged is not None and answer.risk_of(door, judged) is Risk.HIGH:
        return NotAnswered(UNPROVEN, needs_proof=True)
    if said.answer == "approve":
        return answer.approve(door, said.proposal, account, said.fingerprint, said.reason, via=_VIA)
    return answer.reject(
        door,
        said.proposal,
        account,
        said.reason,
        said.code,
        via=_VIA,
        fingerprint=said.fingerprint,
    )


def _objection(chat: Chat, body: bytes, headers: Mapping[str, str], now: datetime) -> str | None:
    """Why it does not count as sent by the chat; None when it does."""
    key, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not key or len(key) > 200 or not (stamp.isascii() and stamp.isdecimal()):
        return "webhook-id and webhook-timestamp are missing or odd"
    seconds = int(stamp[:12])
    if abs(datetime.fromtimestamp(seconds, UTC) - now) > TOLERANCE:
        return "it is too old, or from the future"
    wanted = signature(chat.secret, key, seconds, body)
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given[:10]):
        return "the signature does not match"
    return None
