"""Change: one line of the ledger as people read it: who, what, from, to, why, and back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from drumbeat.web.views.value import Page, Tone, Value


class ActorKind(StrEnum):
    """Whose doing a change is. Outside is what a platform reports and what a guest says by a
    link."""

    AGENT = "agent"
    PERSON = "person"
    SYSTEM = "system"
    OUTSIDE = "outside"


class Way(StrEnum):
    """How a change can be taken back."""

    UNDO = "undo"
    ROLL_BACK = "roll back"
    NONE = "none"


@dataclass(frozen=True)
class WayBack:
    """``id`` is the decision to undo or the change to roll back; ``text`` says why there is no
    way back (\"already delivered to 4,102 people\")."""

    way: Way
    id: str = ""
    text: str = ""


@dataclass(frozen=True)
class ChangeRow:
    """``field`` is empty for a decision to change nothing (``is_held``); ``kind`` is what was done
    in words that rows of other objects share."""

    id: str
    at: datetime
    actor: str
    actor_kind: ActorKind
    campaign_id: str
    campaign: str
    field: str = ""
    before: Value = None
    after: Value = None
    why: str = ""
    back: WayBack = WayBack(Way.NONE)
    is_held: bool = False
    # Held because of what a person said before.
    is_lesson: bool = False
    kind: str = ""


@dataclass(frozen=True)
class MetricShift:
    """A metric in the days before and after a change; its interval tells noise from effect."""

    metric: str
    before: Value
    after: Value
    change: Value
    window: str
    tone: Tone = Tone.PLAIN
    text: str = ""


@dataclass(frozen=True)
class ChainProof:
    """Where the entry stands in the chain, and whether the chain was whole when last read."""

    number: int
    hash: str
    previous: str
    is_whole: bool
    checked_at: datetime


@dataclass(frozen=True)
class ChangeView:
    """One change in full: its ``proof``, its metrics before and after, who approved it, and the
    evidence its proposal cited (``rests_on``)."""

    row: ChangeRow
    proof: ChainProof
    shifts: tuple[MetricShift, ...] = ()
    approved_by: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    proposal_id: str = ""
    cycle_id: str = ""


@dataclass(frozen=True)
class ChangeFilter:
    """Empty fields let everything through."""

    campaign_id: str = ""
    actor_kind: str = ""
    text: str = ""


class ChangeReads(Protocol):
    """What the change pages need of the ledger: the newest first, page by page; one entry with its
    proof (None: there is none); and the whole of it."""

    def changes(
        self, wanted: ChangeFilter, *, after: str | None, limit: int
    ) -> Page[ChangeRow]: ...

    def change(self, change_id: str) -> ChangeView | None: ...

    def export(self) -> str:
        """The whole ledger, one JSON entry a line, as ``drumbeat ledger export`` writes it."""
        ...
