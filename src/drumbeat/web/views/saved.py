"""Saved views: filters a person named, to come back to them."""

from dataclasses import dataclass
from typing import Protocol

from drumbeat.web.verbs import Answer
from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class SavedView:
    """``query`` is the filter as the page's address has it, without the question mark."""

    name: str
    query: str


class SavedViews(Protocol):
    """Where the campaigns page keeps filters, each person's apart from everybody else's."""

    def views(self, person: Person) -> tuple[SavedView, ...]:
        """What this person keeps, in the order of keeping."""
        ...

    def keep(self, person: Person, view: SavedView) -> Answer:
        """Keep it; one of the same name is replaced."""
        ...

    def drop(self, person: Person, name: str) -> Answer: ...
