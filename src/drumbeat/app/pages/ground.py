"""Ground: what every page's reads stand on: the running workspace, and the names in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from drumbeat.app.compose import App
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.web.views.change import ActorKind

_KINDS = {
    "agent": ActorKind.AGENT,
    "person": ActorKind.PERSON,
    "system": ActorKind.SYSTEM,
    "connection": ActorKind.OUTSIDE,
    "guest": ActorKind.OUTSIDE,
}


@dataclass(frozen=True)
class Actor:
    """Who did something, as people say it."""

    name: str
    kind: ActorKind


@dataclass(frozen=True)
class Ground:
    """One opened workspace as the pages see it. Safe to share between threads."""

    app: App

    @property
    def now(self) -> datetime:
        return self.app.clock.now()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The workspace's own zone: days on every page are its days."""
        return ZoneInfo(self.app.files.workspace.timezone)

    @property
    def currency(self) -> str:
        return self.app.files.workspace.currency

    @property
    def campaigns(self) -> dict[str, Campaign]:
        return self.app.files.campaigns

    def title(self, campaign: str) -> str:
        """A campaign's name; its id where the file is gone, nothing for the workspace itself."""
        found = self.campaigns.get(campaign)
        return found.title if found else campaign

    @cached_property
    def _names(self) -> dict[str, str]:
        return {person.id: person.name for person in self.app.files.workspace.people}

    def name(self, account: str) -> str:
        """The person's name; the id of somebody no longer in drumbeat.yaml."""
        return self._names.get(account, account)

    def actor(self, text: str) -> Actor:
        """``person:ana``, ``agent:planner``, ``system:gate``, ``connection:house-mail``."""
        kind, _, name = text.partition(":")
        found = _KINDS.get(kind, ActorKind.SYSTEM)
        if found is ActorKind.SYSTEM:
            return Actor("Drumbeat", found)
        if found is ActorKind.AGENT:
            return Actor((name or kind).capitalize(), found)
        if kind == "guest":
            return Actor("A guest, by link", found)
        return Actor(self.name(name) if found is ActorKind.PERSON else name or kind, found)

    @cached_property
    def _owners(self) -> dict[str, str]:
        return {}

    def owner(self, campaign: str) -> str:
        """The account that answers for a campaign; empty for none. Campaigns may be added."""
        if campaign not in self._owners and (found := self.campaigns.get(campaign)):
            person = self.app.files.workspace.person(found.owner)
            self._owners[campaign] = person.id if person else ""
        return self._owners.get(campaign, "")

    def local_midnight(self, back_days: int = 0) -> datetime:
        """The start of today in the workspace's zone, or of a day before."""
        local = self.now.astimezone(self.zone) - timedelta(days=back_days)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)
