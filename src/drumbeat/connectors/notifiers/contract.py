"""The contract of notifiers: tell one person one thing, at least once, whatever else is frozen.

A notifier needs no permit: it changes nothing but what a person knows. It is called again with
the same key where its answer was lost, so that a receiver can drop the second one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Contact:
    """A person of drumbeat.yaml and where they are reached."""

    id: str
    name: str
    email: str


@dataclass(frozen=True)
class MessageLink:
    """Something the person can do about it, at an address that is theirs alone."""

    label: str
    url: str


@dataclass(frozen=True)
class Message:
    """``text`` is plain text for a person; nothing of it is markup. ``html`` says the same, for
    ways that can show it. ``links`` go only where nobody else reads along."""

    to: Contact
    subject: str
    text: str
    severity: str
    campaign: str
    at: datetime
    links: tuple[MessageLink, ...] = ()
    html: str = ""


class NotTold(Exception):
    """The message did not go out. ``permanent``: trying again the same way is no use."""

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


class Notifier(Protocol):
    """One way of reaching people."""

    def notify(self, message: Message, key: str) -> None:
        """Tell them; returning means the next hop has it. Raises NotTold."""
        ...
