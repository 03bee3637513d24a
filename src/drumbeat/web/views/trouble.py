"""Trouble: what went wrong, whose it is, who hears of it next, and the story of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drumbeat.web.verbs import Answer
from drumbeat.web.views.change import ActorKind
from drumbeat.web.views.shell import Person
from drumbeat.web.views.value import Page


@dataclass(frozen=True)
class TroubleRow:
    """An escalation that is not resolved. ``next_at`` is when ``next_to`` hears of it, unless
    somebody answers; ``in_hand_of`` is who took it; ``joined`` counts those grouped under it."""

    id: str
    title: str
    campaign_id: str
    campaign: str
    failure: str
    is_critical: bool
    owner: str
    state: str
    opened_at: datetime
    next_at: datetime | None = None
    next_to: str = ""
    in_hand_of: str = ""
    joined: int = 0
    # The finding in full; ``title`` is what it is about.
    text: str = ""


@dataclass(frozen=True)
class TroubleLine:
    """One line of the story: an agent, a person or Drumbeat itself wrote it."""

    at: datetime
    actor: str
    actor_kind: ActorKind
    text: str


@dataclass(frozen=True)
class TroubleView:
    """``steps`` is who is told in which order; ``runbook`` is what to do, one line each;
    ``before`` counts how often it was opened and resolved earlier."""

    row: TroubleRow
    steps: tuple[str, ...]
    done: int
    story: tuple[TroubleLine, ...]
    runbook: tuple[str, ...]
    own_runbook: str = ""
    cycle_id: str = ""
    is_over: bool = False
    outcome: str = ""
    before: int = 0
    # Whether people may write to its story: incidents have one.
    can_note: bool = True


class Troubles(Protocol):
    """What the escalation pages need of the gate: what is not resolved, one with its story (None:
    there is none), and people's answers to it."""

    def troubles(self, *, after: str | None, limit: int) -> Page[TroubleRow]:
        """What is open, the most pressing first."""
        ...

    def trouble(self, escalation_id: str) -> TroubleView | None: ...

    def acknowledge(self, escalation_id: str, person: Person) -> Answer:
        """Take it in hand: nobody else is called, and it is not over by that."""
        ...

    def resolve(self, escalation_id: str, person: Person, reason: str) -> Answer:
        """It is over, with everything grouped under it."""
        ...

    def note(self, escalation_id: str, person: Person, text: str) -> Answer:
        """Add to its story."""
        ...
