"""Hooks: platforms' signed events, handed to the gate."""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.app.compose import App
from drumbeat.gate.receive import NotReceived
from drumbeat.web.services import Accepted, Duplicate, NotTaken, Receipt


@dataclass(frozen=True)
class GateHooks:
    app: App

    def receive_event(self, connection: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Taken when anything in it was new; a call with nothing new is a repetition."""
        found = self.app.gate.receive(connection, body, headers)
        if isinstance(found, NotReceived):
            return NotTaken(found.why, 404 if found.is_missing else 401)
        return Accepted() if found.new or not found.repeated else Duplicate()

    def unsubscribe(self, token: str) -> bool:
        """The reader behind a signed token opts out, at once and for every campaign."""
        return self.app.gate.opt_out(token)
