"""Weekly review: did the business gain or only the operations; what agents got wrong; new rules."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from drumbeat.web.verbs import Answer
from drumbeat.web.views.shell import Person
from drumbeat.web.views.value import Page, Tone, Value


@dataclass(frozen=True)
class Kpi:
    """A figure of the week against the weeks before; ``meaning`` says the window and the unit."""

    name: str
    value: Value
    change: Value
    tone: Tone
    meaning: str = ""


@dataclass(frozen=True)
class Stumble:
    """Something that went off the road: an override, a breach, a refusal."""

    text: str
    campaign: str
    change_id: str = ""
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Agreement:
    """How often people answered as the agent proposed, with a 95% lower bound."""

    kind: str
    agreed: int
    of: int
    lower: float


@dataclass(frozen=True)
class RuleChange:
    """A proposed change of a policy file, as a unified diff; answered in the inbox. Without a
    ``proposal_id`` it has been earned and nobody has asked for it yet: ``campaign_id`` may."""

    proposal_id: str
    title: str
    file: str
    diff: str
    why: str
    campaign_id: str = ""


@dataclass(frozen=True)
class ReviewView:
    """``flag`` is a sentence where one side improves without the other, else empty. ``minutes``
    are a draft until ``minutes_by`` somebody has kept them; ``week`` is the ISO week."""

    first: date
    last: date
    business: tuple[Kpi, ...]
    operations: tuple[Kpi, ...]
    flag: str
    exceptions: Page[Stumble]
    agreement: tuple[Agreement, ...]
    rules: tuple[RuleChange, ...]
    grooming: tuple[str, ...]
    minutes: str
    earlier: str = ""
    later: str = ""
    week: str = ""
    minutes_by: str = ""
    minutes_at: datetime | None = None


class ReviewReads(Protocol):
    """What the weekly review needs of the ledger and the figures, and where its minutes are
    kept."""

    def review(self, week: str, *, after: str = "", limit: int = 10) -> ReviewView | None:
        """``week`` is an ISO week such as 2026-W47; empty for the newest finished one. ``after``
        pages through what went off the road, the newest first."""
        ...

    def keep_minutes(
        self, week: str, person: Person, text: str, *, and_send: bool = False
    ) -> Answer:
        """Keep what people agreed in the review, and send it to everybody a mail reaches; kept
        again, the newer text stands."""
        ...
