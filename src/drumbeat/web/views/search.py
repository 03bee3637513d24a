"""Search: campaigns, decisions, experiments and commands by a few letters of their name."""

from dataclasses import dataclass
from typing import Protocol

from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class Hit:
    """``kind`` is campaign, decision, experiment, asset or command; ``path`` where it leads."""

    title: str
    kind: str
    path: str


class SearchReads(Protocol):
    """What search and the palette need: hits whose title holds the text, ``limit`` at most;
    decisions only where they wait and this person has not snoozed them."""

    def search(self, text: str, person: Person, limit: int) -> tuple[Hit, ...]: ...
