"""Door: what every part of the gate works with, in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drumbeat.connectors.contract import Capability, Connector
from drumbeat.connectors.notifiers.contract import Notifier
from drumbeat.core.governance.judge import Check
from drumbeat.engine.clock import Clock
from drumbeat.gate.rules import Rules
from drumbeat.store.database import Database

# The subject whose tick carries out what was allowed.
EFFECTS = "effects"
# The subject whose tick ends what is overdue; it sleeps until the next deadline.
CLOCKS = "clocks"
# The subject whose tick sends what people must be told outside the inbox.
NOTICES = "notices"


@dataclass(frozen=True)
class Platform:
    """One connection with what its manifest promises."""

    connector: Connector
    capabilities: frozenset[Capability]
    key_window: timedelta | None
    look_up_lag: timedelta
    # How many times a daily budget it may spend on one day.
    overspend: float = 1.0

    @property
    def only_reads(self) -> bool:
        """Whether it changes nothing whatever it is granted: a reader of pages."""
        return self.capabilities == {Capability.PAGES}


_SEVERITIES = frozenset({"critical", "warning"})


@dataclass(frozen=True)
class Way:
    """A notifier of drumbeat.yaml: whom it reaches (nobody named: everybody), and about what."""

    notifier: Notifier
    people: frozenset[str] = frozenset()
    severities: frozenset[str] = _SEVERITIES
    # Whether only the person themselves reads it, so that it may carry links that are theirs.
    is_personal: bool = False

    def takes(self, person: str, severity: str) -> bool:
        """What is less than a warning goes where warnings go."""
        known = severity if severity in _SEVERITIES else "warning"
        return known in self.severities and (not self.people or person in self.people)


@dataclass(frozen=True)
class Chat:
    """A chat whose bot may post answers: what it signs with, and whom its users stand for."""

    secret: bytes
    users: Mapping[str, str]


@dataclass
class Door:
    """``rules`` and ``platforms`` are replaced as a whole when the files change."""

    database: Database
    clock: Clock
    checks: tuple[Check, ...]
    rules: Rules
    platforms: Mapping[str, Platform]
    # Seals permits; never leaves this process.
    key: bytes
    # Whether an order to freeze is just being written: nothing new goes out until it is.
    is_braked: Callable[[], bool] = lambda: False
    # The connection that reads the brand's own pages; empty where none does.
    pages: str = ""
    # How people are told beside the inbox, by the name drumbeat.yaml gives each way.
    ways: Mapping[str, Way] = field(default_factory=dict)
    # Chats that people answer from, by the name drumbeat.yaml gives each.
    chats: Mapping[str, Chat] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.clock.now()


class NoPlatform(LookupError):
    """No working connection has this id."""


def platform_of(door: Door, connection: str) -> Platform:
    """The platform behind a connection's id. Raises NoPlatform."""
    platform = door.platforms.get(connection)
    if platform is None:
        raise NoPlatform(f"no connection is named {connection!r}")
    return platform
