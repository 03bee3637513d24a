"""Ticks and wakes: one short piece of work for one subject, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """One wake-up of ``subject``.

    ``seq`` counts the ticks the subject has committed: it is the fence, a tick whose ``seq`` is
    no longer the subject's is stale and changes nothing. ``attempt`` counts the failures of this
    ``seq``, so that a repeated tick has a name of its own.
    """

    subject: str
    seq: int
    attempt: int = 0

    def __post_init__(self) -> None:
        if not self.subject:
            raise ValueError("a tick needs a subject")
        if self.seq < 0 or self.attempt < 0:
            raise ValueError(f"a tick counts from 0, got seq {self.seq}, attempt {self.attempt}")

    @property
    def name(self) -> str:
        """``tick:{subject}:{seq}:{attempt}``: the same tick enqueued twice is one tick."""
        return f"tick:{self.subject}:{self.seq}:{self.attempt}"

    @classmethod
    def named(cls, name: str) -> "Tick":
        """The tick of a name. Raises ValueError for a name that is no tick's."""
        match name.removeprefix("tick:").rsplit(":", 2):
            case [subject, seq, attempt] if name.startswith("tick:"):
                return cls(subject, int(seq), int(attempt))
            case _:
                raise ValueError(f"{name!r} does not name a tick")


@dataclass(frozen=True, slots=True, order=True)
class Wake:
    """When a subject next needs a tick, and why."""

    at: datetime
    reason: str


def earliest(*wakes: Wake | None) -> Wake | None:
    """The first of several open deadlines; ties go to the reason that sorts first."""
    return min((wake for wake in wakes if wake is not None), default=None)
