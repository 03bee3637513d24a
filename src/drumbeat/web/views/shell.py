"""Shell: what every page shows around its content: who, where, when, and what is frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Person:
    """The signed-in person. ``session`` names the session, never its secret; ``by_itself`` is
    true where the demo signed the person in without asking. ``is_fresh``: within the last minutes
    they have shown that it is them. ``scopes`` are the rights a token is cut down to; None: all
    their roles give."""

    id: str
    name: str
    roles: frozenset[str]
    session: str
    by_itself: bool = False
    is_fresh: bool = False
    scopes: frozenset[str] | None = None


@dataclass(frozen=True)
class FreezeNotice:
    """A freeze of the whole workspace in force."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class ClockView:
    """The demo's clock: virtual seconds a real second, what it may be set to, and why it is
    slower than asked for right now (empty: it is not)."""

    speed: int
    choices: tuple[int, ...]
    slowed_because: str = ""


@dataclass(frozen=True)
class ShellView:
    """``waiting`` counts the decisions that wait for this person; ``clock`` is None outside of the
    demo."""

    workspace: str
    zone: ZoneInfo
    now: datetime
    waiting: int
    frozen: FreezeNotice | None = None
    clock: ClockView | None = None


class ShellReads(Protocol):
    """What stands around every page, and the number by which the live feed knows that something
    happened."""

    def shell(self, person: Person) -> ShellView: ...

    def version(self) -> int:
        """The number of the newest thing that happened; asked 20 times a second, so cheap."""
        ...
