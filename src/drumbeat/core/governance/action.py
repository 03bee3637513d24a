"""Action: a typed change of one target, from before to after, named by its fingerprint."""

from enum import StrEnum
from functools import cached_property
from typing import Any

from drumbeat.core.canonical import digest
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money
from drumbeat.core.noun import Noun


class Channel(StrEnum):
    """Where an action takes effect; ``workspace`` is Drumbeat's own state."""

    EMAIL = "email"
    ADS = "ads"
    SOCIAL = "social"
    WORKSPACE = "workspace"


class Action(Noun):
    """One change: ``target`` goes from ``before`` to ``after`` over ``connection``.

    ``before`` and ``after`` are JSON; None means the target is not there. ``spend_delta`` is
    the money this change adds to what may be spent (negative: takes away); ``audience_size``
    counts the people it reaches. ``kind`` names a row of the action matrix.
    """

    kind: str
    channel: Channel
    connection: str
    campaign: str
    target: str
    before: JsonValue
    after: JsonValue
    spend_delta: Money
    audience_size: int = 0
    cycle: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON: what an approval and a permit are bound to."""
        return digest(self.model_dump(mode="json"))

    def revised(self, **changes: Any) -> "Action":
        """The same action with some fields changed, checked again; a new fingerprint."""
        return Action.model_validate({**self.model_dump(), **changes})
