"""Decision: one proposal as a person must see it to answer: five questions, checks, verbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from drumbeat.web.verbs import Refused
from drumbeat.web.views.asset import Preview
from drumbeat.web.views.shell import Person
from drumbeat.web.views.value import Page, Tone, Value


class Look(StrEnum):
    """The picture beside an item: what kind of change it is."""

    ALARM = "alarm"
    MONEY = "money"
    MAIL = "mail"
    POST = "post"
    AD = "ad"
    TEST = "test"
    RULE = "rule"
    START = "start"


# New rows before they are read apart from the others.
_MUCH = 3


class Risk(StrEnum):
    """How much harm the change could do, by the action matrix. High takes a person who has just
    confirmed who they are."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class DiffRow:
    """One field, now and as proposed. Equal values mean no change. ``asset_id`` names the mail, ad
    or post it is about."""

    field: str
    before: Value
    after: Value
    asset_id: str = ""

    @property
    def is_change(self) -> bool:
        return self.before != self.after

    @property
    def is_new(self) -> bool:
        """Nothing stands there now."""
        return self.before is None and self.is_change


@dataclass(frozen=True)
class QueueItem:
    """A decision that waits. ``due`` is when it escalates to ``escalates_to``; ``alike`` counts
    the other waiting proposals of the same kind that one review could answer, and ``group`` names
    what they have in common; ``gist`` is what would change, in a line or three."""

    id: str
    fingerprint: str
    title: str
    look: Look
    campaign_id: str
    campaign: str
    proposer: str
    owner: str
    due: datetime | None
    escalates_to: str = ""
    risk: Risk = Risk.LOW
    alike: int = 0
    gist: tuple[DiffRow, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Signal:
    """One thing measured that speaks for the proposal, with its interval where it has one."""

    text: str
    source: str
    value: Value = None
    low: Value = None
    high: Value = None
    level: int = 95


class CheckState(StrEnum):
    """How one check came out; a warning is for a person to weigh."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class CheckLine:
    """What one check said; ``fix`` tells what would change its answer."""

    state: CheckState
    text: str
    fix: str = ""


class Verb(StrEnum):
    """What a person may do with a proposal."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    SNOOZE = "snooze"
    DELEGATE = "delegate"
    OBSERVE = "observe"
    FREEZE = "freeze"


@dataclass(frozen=True)
class EditField:
    """One value a person may change before approving. ``value`` is the text to start from,
    ``hint`` says the unit and the limits, ``is_long`` that it may have several lines."""

    name: str
    label: str
    value: str
    hint: str = ""
    is_long: bool = False
    # What it stands in with many others, such as the body of a mail.
    group: str = ""


@dataclass(frozen=True)
class Choice:
    """One option of a list a form offers."""

    id: str
    label: str


@dataclass(frozen=True)
class Answered:
    """How a proposal that no longer waits ended; whoever approved can undo it for a while."""

    word: str
    by: str
    at: datetime
    reason: str = ""
    decision_id: str = ""
    undo_until: datetime | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Undoing:
    """Whether the change can be taken back, in one sentence."""

    is_possible: bool
    text: str


@dataclass(frozen=True)
class DecisionView:
    """``rule`` says why a person is asked; ``confidence`` is computed from ``rests_on``;
    ``verbs`` are those this person may use and ``barred`` says why others are missing;
    ``hold`` is how long the effect waits after an approval, for an undo."""

    item: QueueItem
    proposed_at: datetime
    why: str
    rule: str
    diff: tuple[DiffRow, ...]
    signals: tuple[Signal, ...]
    if_nothing: str
    undoing: Undoing
    checks: tuple[CheckLine, ...]
    verbs: frozenset[Verb]
    hold: timedelta
    confidence: float | None = None
    rests_on: str = ""
    barred: str = ""
    needs: int = 1
    given: tuple[str, ...] = ()
    expires_at: datetime | None = None
    preview: Preview | None = None
    # The other ads and posts that go out with it.
    previews: tuple[Preview, ...] = ()
    edits: tuple[EditField, ...] = ()
    reject_codes: tuple[Choice, ...] = ()
    delegates: tuple[Choice, ...] = ()
    alike: tuple[QueueItem, ...] = ()
    answered: Answered | None = None
    cycle_id: str = ""
    tone: Tone = Tone.PLAIN
    # In a demo, who answers it in a moment, played by a script.
    played: str = ""


@dataclass(frozen=True)
class PutOff:
    """A decision this person does not want to see before ``until``."""

    id: str
    title: str
    until: datetime


@dataclass(frozen=True)
class QueueAside:
    """What stands beside the queue: what was put off, and, of an empty one, what comes next."""

    put_off: tuple[PutOff, ...] = ()
    next_up: str = ""


def in_parts(diff: tuple[DiffRow, ...]) -> tuple[tuple[DiffRow, ...], ...]:
    """Runs of rows that are new, and of rows beside what stands there now: where there is much of
    what is new, it is read apart. A few rows are one part."""
    fresh = sum(row.is_new for row in diff)
    if fresh < _MUCH and fresh < len(diff):
        return (diff,)
    return tuple(tuple(run) for _, run in groupby(diff, key=lambda row: row.is_new))


class DecisionReads(Protocol):
    """What the inbox needs of the gate: what waits for this person, one proposal with all it takes
    to answer it (None: there is none), and a mail as their words would make it. Answers go through
    ``Verbs``."""

    def queue(self, person: Person, *, after: str | None, limit: int) -> Page[QueueItem]:
        """What waits for an answer, the nearest deadline first."""
        ...

    def aside(self, person: Person, *, is_empty: bool) -> QueueAside: ...

    def decision(self, proposal_id: str, person: Person) -> DecisionView | None: ...

    def edited_mail(self, proposal_id: str, values: Mapping[str, str]) -> str | Refused:
        """The mail as it would be with these words, a whole document that is only ever shown in a
        sandbox. Nothing is kept."""
        ...
