"""Workspace: one brand, its people and their roles, its connections and who may read what."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from drumbeat.core.campaign.data_scope import DataPermissions
from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.role import Role as Role
from drumbeat.core.campaign.text import (
    Currency,
    Domain,
    EmailAddress,
    EnvironmentName,
    Language,
    Line,
    Paragraph,
    Slug,
    Url,
)
from drumbeat.core.campaign.web_entry import Web
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import MoneyText, RateText
from drumbeat.core.noun import Noun
from drumbeat.core.units import Zone

# A market of numbers: nobody is reached by it, so a file may let it act.
_MADE_UP = "simulated"
_SECRET_WORDS = ("password", "secret", "token", "api_key", "apikey", "private_key")


class Sender(Noun):
    """The From line of the brand's mail."""

    name: Line
    email: EmailAddress
    reply_to: EmailAddress | None = None


class Brand(Noun):
    """Who speaks: the legal sender, where it may link to, which languages it writes."""

    name: Line
    sender: Sender
    postal_address: Paragraph = Field(description="the address every commercial mail must show")
    domains: tuple[Domain, ...] = Field(min_length=1, description="links may only lead here")
    website: Url
    languages: tuple[Language, ...] = Field(min_length=1)
    mails_a_week: int | None = Field(
        default=None, ge=1, description="the most one person gets in any seven days, in all"
    )


class Person(Noun):
    """An account. ``person`` names the human behind it when one human has several accounts."""

    id: Slug
    name: Line
    email: EmailAddress
    roles: tuple[Role, ...] = Field(min_length=1)
    person: Slug | None = None
    agent: bool = False

    @property
    def human(self) -> str:
        """The human two-person rules count: two accounts of one human are one human."""
        return self.person or self.id


def _no_secret(settings: Any) -> Any:
    for key in settings if isinstance(settings, dict) else ():
        if any(word in str(key).lower() for word in _SECRET_WORDS):
            raise ValueError(
                f"{key} looks like a secret; name its environment variable under secrets instead"
            )
    return settings


Settings = Annotated[
    dict[str, JsonValue],
    BeforeValidator(_no_secret),
]


class Connection(Noun):
    """One account on one platform. Secrets are named by environment variable, never written."""

    id: Slug
    connector: Slug
    settings: Settings = Field(default_factory=dict)
    mode: ConnectionMode = ConnectionMode.SHADOW
    secrets: dict[str, EnvironmentName] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_not_live_by_file(self) -> "Connection":
        if self.mode is ConnectionMode.LIVE and self.connector != _MADE_UP:
            raise ValueError(
                f"live is a decision of its own: write shadow, and let a person order"
                f" `drumbeat connect {self.id} live`"
            )
        return self


class NotifierEntry(Noun):
    """A way of telling people beside the inbox. A webhook or a chat address belongs to the people
    it names; mail reaches everybody at their own address. Secrets are named, never written."""

    id: Slug
    notifier: Literal["mail", "webhook", "apprise"]
    people: tuple[Slug, ...] = ()
    severities: tuple[Severity, ...] = tuple(Severity)
    settings: Settings = Field(default_factory=dict)
    secrets: dict[str, EnvironmentName] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_somebodys(self) -> "NotifierEntry":
        if self.notifier != "mail" and not self.people:
            raise ValueError(f"{self.id}: say under people whom this address reaches")
        return self


class Purse(Noun):
    """What all campaigns together may promise, across channels."""

    caps: tuple[RateText, ...] = ()
    per_action: MoneyText | None = None


class Training(Noun):
    """Who is shown, now and then, something to decide about that is wrong on purpose. Nothing of
    it is ever done, and it counts nowhere but beside their name."""

    people: tuple[Slug, ...] = ()
    one_day_in: int = Field(default=10, ge=1, le=365, description="how often, on average")


class Workspace(Noun):
    """``drumbeat.yaml``: one brand's people, connections and permissions."""

    version: Literal[1]
    brand: Brand
    currency: Currency
    timezone: Zone
    people: tuple[Person, ...] = Field(min_length=1)
    connections: tuple[Connection, ...] = ()
    notifiers: tuple[NotifierEntry, ...] = ()
    web: Web = Web()
    budget: Purse = Purse()
    training: Training = Training()
    data_permissions: DataPermissions = Field(default_factory=dict)

    def person(self, reference: str) -> Person | None:
        """The person with this id or email address, if the file names one."""
        wanted = reference.casefold()
        named = (p for p in self.people if wanted in (p.id, p.email.casefold()))
        return next(named, None)

    def connection(self, name: str) -> Connection | None:
        """The connection of this id, if the file names one."""
        return next((c for c in self.connections if c.id == name), None)

    @model_validator(mode="after")
    def _notifies_its_people(self) -> "Workspace":
        known = {person.id for person in self.people if not person.agent}
        for entry in self.notifiers:
            strangers = sorted(set(entry.people) - known)
            if strangers:
                raise ValueError(f"notifier {entry.id}: nobody here is {', '.join(strangers)}")
        if strangers := sorted(set(self.training.people) - known):
            raise ValueError(f"training: nobody here is {', '.join(strangers)}")
        for chat in self.web.chats:
            strangers = sorted(set(chat.users.values()) - known)
            if strangers:
                raise ValueError(f"chat {chat.id}: nobody here is {', '.join(strangers)}")
        return self

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """The people, never agents, who hold a role, in file order."""
        return tuple(p for p in self.people if role in p.roles and not p.agent)
