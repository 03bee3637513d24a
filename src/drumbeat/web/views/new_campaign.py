"""New campaign: a campaign to be, as fields a person types and the file that would be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from drumbeat.web.verbs import Answer
from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class CampaignKind:
    """A type there are defaults for. ``name`` is what the file says of it."""

    name: str
    title: str
    about: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class NewField:
    """One input. ``choices`` are values with their names, where only these can be said;
    ``error`` is what is wrong with what was typed."""

    name: str
    label: str
    hint: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True)
class NewCampaign:
    """``text`` is the file as it would be written to ``path``; ``missing`` what the implementation
    checklist still asks for, item and words; ``problems`` what belongs to none of the fields.
    ``of`` is how many items the list has, 0 where it could not be read."""

    kind: CampaignKind
    fields: tuple[NewField, ...]
    path: str
    text: str
    missing: tuple[tuple[str, str], ...]
    of: int
    problems: tuple[str, ...] = ()
    is_good: bool = False


class NewCampaigns(Protocol):
    """What the new-campaign page needs: the types there are, the file each would become, and the
    gate to ask for it."""

    def kinds(self) -> tuple[CampaignKind, ...]: ...

    def form(self, kind: str, typed: Mapping[str, str] | None) -> NewCampaign | None:
        """The form as it starts, or as it was typed; None for a type there is not."""
        ...

    def ask(self, kind: str, typed: Mapping[str, str], person: Person, reason: str) -> Answer:
        """Propose that the file be written; another person approves it."""
        ...
