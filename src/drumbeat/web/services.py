"""Services: everything the pages need from the rest of Drumbeat, as ports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drumbeat.web.verbs import Verbs
from drumbeat.web.views.asset import AssetReads
from drumbeat.web.views.autonomy import AutonomyReads
from drumbeat.web.views.calendar import CalendarReads
from drumbeat.web.views.campaign import CampaignReads
from drumbeat.web.views.change import ChangeReads
from drumbeat.web.views.connection import ConnectionReads
from drumbeat.web.views.cycle import CycleReads
from drumbeat.web.views.decision import DecisionReads
from drumbeat.web.views.experiment import ExperimentReads
from drumbeat.web.views.review import ReviewReads
from drumbeat.web.views.saved import SavedViews
from drumbeat.web.views.search import SearchReads
from drumbeat.web.views.shell import Person, ShellReads
from drumbeat.web.views.today import TodayReads
from drumbeat.web.views.trouble import Troubles


class Identity(Protocol):
    def authenticate(self, cookies: Mapping[str, str]) -> Person | None:
        """Who sends these cookies; None for nobody we know."""
        ...


@dataclass(frozen=True)
class SignedIn:
    """A session was opened. ``secret`` goes into the person's cookie and nowhere else."""

    secret: str
    until: datetime


class Accounts(Protocol):
    """Local accounts. Without them only ``Identity`` says who somebody is, as in the demo."""

    def password_hash(self, email: str) -> str | None:
        """The argon2id hash of an account that may sign in; None for any other address."""
        ...

    def open_session(self, email: str, address: str) -> SignedIn:
        """A new session after the password was right; ``address`` is where it came from."""
        ...

    def close_session(self, person: Person) -> None: ...


@dataclass(frozen=True)
class Accepted:
    """A platform's event was taken in."""


@dataclass(frozen=True)
class Duplicate:
    """The event was taken in before; nothing happened again."""


@dataclass(frozen=True)
class NotTaken:
    """The event was refused: 401 forged or stale, 404 no such connection, 422 unreadable."""

    reason: str
    status: int


Receipt = Accepted | Duplicate | NotTaken


class Hooks(Protocol):
    def receive_event(self, connection: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """``headers`` have lower-case names; ``body`` is exactly what arrived."""
        ...

    def unsubscribe(self, token: str) -> bool:
        """Never write to this token's reader again; False for a token that is not ours."""
        ...


class Health(Protocol):
    def problems(self) -> tuple[str, ...]:
        """What keeps this process from serving, in words; empty when it is ready."""
        ...


@dataclass(frozen=True)
class Services:
    """``now`` is the real time, not the demo's. What is None has no page: it is missing from the
    menu and answers 404."""

    now: Callable[[], datetime]
    identity: Identity
    shell: ShellReads
    today: TodayReads
    decisions: DecisionReads
    campaigns: CampaignReads
    changes: ChangeReads
    verbs: Verbs
    hooks: Hooks
    health: Health
    assets: AssetReads | None = None
    cycles: CycleReads | None = None
    calendar: CalendarReads | None = None
    experiments: ExperimentReads | None = None
    review: ReviewReads | None = None
    autonomy: AutonomyReads | None = None
    connections: ConnectionReads | None = None
    search: SearchReads | None = None
    troubles: Troubles | None = None
    views: SavedViews | None = None
    accounts: Accounts | None = None
