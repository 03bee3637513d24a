"""Hooks: platforms' signed events, handed to the gate."""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.app.compose import App
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.by_chat import Repeated, Untrusted
from drumbeat.gate.receive import NotReceived
from drumbeat.web.services import (
    Accepted,
    ChatDone,
    ChatReceipt,
    Duplicate,
    NotTaken,
    Receipt,
)


@dataclass(frozen=True)
class GateHooks:
    """Puts the gate's answers into the web's; a refusal carries its reason and an HTTP status."""

    app: App

    def receive_event(self, connection: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Taken when anything in it was new; a call with nothing new is a repetition."""
        found = self.app.gate.receive(connection, body, headers)
        if isinstance(found, NotReceived):
            return NotTaken(found.why, 404 if found.is_missing else 401)
        return Accepted() if found.new or not found.repeated else Duplicate()

    def answer_chat(self, chat: str, body: bytes, headers: Mapping[str, str]) -> ChatReceipt:
        """Taken when the answer counted; a refusal says why, for the bot to show."""
        match self.app.gate.answer_chat(chat, body, headers):
            case Answered(complete=complete):
                return ChatDone(complete)
            case Repeated():
                return Duplicate()
            case NotAnswered(why, is_missing, needs_proof):
                status = 404 if is_missing else 403 if needs_proof else 409
                return NotTaken(why, status)
            case Untrusted(why, is_missing, is_unreadable):
                return NotTaken(why, 404 if is_missing else 422 if is_unreadable else 401)

    def unsubscribe(self, token: str) -> bool:
        """The reader behind a signed token opts out, at once and for every campaign."""
        return self.app.gate.opt_out(token)
