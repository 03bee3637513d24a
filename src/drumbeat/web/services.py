"""Services: everything the pages need from the rest of Drumbeat, as ports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drumbeat.web.verbs import Answer, Refused, Verbs
from drumbeat.web.views.asset import AssetReads
from drumbeat.web.views.autonomy import AutonomyReads
from drumbeat.web.views.calendar import CalendarReads
from drumbeat.web.views.campaign import CampaignReads
from drumbeat.web.views.change import ChangeReads
from drumbeat.web.views.connection import ConnectionReads
from drumbeat.web.views.cycle import CycleReads
from drumbeat.web.views.decision import DecisionReads
from drumbeat.web.views.experiment import ExperimentReads
from drumbeat.web.views.new_campaign import NewCampaigns
from drumbeat.web.views.review import ReviewReads
from drumbeat.web.views.saved import SavedViews
from drumbeat.web.views.search import SearchReads
from drumbeat.web.views.shared import Sharing
from drumbeat.web.views.shell import Person, ShellReads
from drumbeat.web.views.today import TodayReads
from drumbeat.web.views.trouble import Troubles


class Identity(Protocol):
    """Who is signed in. The guard asks it before every page; the accounts answer, in the demo also
    the demo's own person."""

    def authenticate(self, cookies: Mapping[str, str], *, is_active: bool = True) -> Person | None:
        """Who sends these cookies; None for nobody we know. ``is_active``: a person asked for
        something, which keeps the session alive; a page that refreshes itself does not."""
        ...


@dataclass(frozen=True)
class Stranger:
    """Who wants to sign in, as far as the request tells: where from, and with what browser."""

    address: str
    browser: str


@dataclass(frozen=True)
class SessionView:
    """Where a person is signed in; ``is_this`` is the session that asks."""

    id: str
    method: str
    address: str
    browser: str
    opened_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class SignedIn:
    """A session was opened. ``secret`` goes into the person's cookie and nowhere else."""

    secret: str
    until: datetime


@dataclass(frozen=True)
class DecisionLink:
    """A link from a mail to one decision. ``person`` is whom it was sent to, in a session that is
    the link itself; ``needs_proof``: it takes signing in."""

    person: Person
    proposal_id: str
    needs_proof: bool


@dataclass(frozen=True)
class EscalationLink:
    """A link from a mail to one escalation that nobody has in hand."""

    person: Person
    escalation_id: str
    text: str
    campaign: str
    severity: str
    opened_at: datetime


@dataclass(frozen=True)
class SpoiltLink:
    """A link nothing can be done with, and why. ``person`` where it was once somebody's."""

    why: str
    person: Person | None = None


MailLink = DecisionLink | EscalationLink | SpoiltLink


@dataclass(frozen=True)
class Site:
    """``host`` is the name passkeys are bound to, ``origin`` where their answers come from."""

    host: str
    origin: str


@dataclass(frozen=True)
class PasskeyView:
    """A passkey of a person, as they named it."""

    id: str
    name: str
    made_at: datetime
    used_at: datetime | None


class Passkeys(Protocol):
    """Keys that devices keep. Options and responses are WebAuthn's own JSON, as text."""

    def offer(self, site: Site, person: Person) -> str:
        """What a device needs to make one for this person, in this session."""
        ...

    def add(self, site: Site, person: Person, response: str, label: str) -> Answer: ...

    def ask(self, site: Site, person: Person | None) -> str:
        """What a device needs to show one: this person's, or (None) anybody's, to sign in."""
        ...

    def recognize(self, site: Site, response: str, person: Person | None) -> str | Refused:
        """The account whose key signed; once."""
        ...

    def of(self, person: Person) -> tuple[PasskeyView, ...]: ...

    def remove(self, person: Person, key: str) -> bool: ...


@dataclass(frozen=True)
class Begun:
    """``url`` is where the browser goes to sign in; ``ticket`` is what it keeps meanwhile."""

    url: str
    ticket: str


@dataclass(frozen=True)
class Came:
    """A service's word: the verified address of somebody, and how they showed who they are."""

    email: str
    method: str
    path: str


class SignInService(Protocol):
    """A service that says who somebody is (OpenID Connect)."""

    @property
    def name(self) -> str: ...

    def begin(self, site: Site, path: str, *, fresh: bool) -> Begun | Refused:
        """``fresh``: the service should ask for the person now, whoever was signed in there."""
        ...

    def finish(self, site: Site, query: Mapping[str, str], ticket: str) -> Came | Refused: ...


class Tokens(Protocol):
    """Programs' way in: the guard asks it of every bearer token that comes to the API."""

    def authenticate(self, secret: str) -> Person | None:
        """Whom an API token stands for, cut down to its scopes; None for one that counts not."""
        ...


class Links(Protocol):
    """The links in mails. Looking at one changes nothing; an answer uses it up."""

    def look(self, token: str) -> MailLink: ...

    def approve(self, token: str, reason: str) -> Answer: ...

    def reject(self, token: str, code: str, reason: str) -> Answer: ...

    def acknowledge(self, token: str) -> Answer: ...


class Accounts(Protocol):
    """Local accounts. Without them only ``Identity`` says who somebody is, as in the demo."""

    def password_hash(self, email: str) -> str | None:
        """The argon2id hash of an account that may sign in, by its address or name; None for any
        other."""
        ...

    def anybody(self) -> bool:
        """Whether there is a password at all: in a new workspace nobody can sign in yet."""
        ...

    def open_session(self, email: str, method: str, stranger: Stranger) -> SignedIn:
        """A new session for somebody who has proven, by this method, who they are."""
        ...

    def prove(self, person: Person) -> SignedIn | None:
        """The person has just confirmed that it is them: their session goes on under another
        secret, and counts as fresh for a few minutes. None: it has ended meanwhile."""
        ...

    def close_session(self, person: Person) -> None: ...

    def sessions_of(self, person: Person) -> tuple[SessionView, ...]:
        """Where the person is signed in now, the last used first."""
        ...

    def end_session(self, person: Person, session_id: str) -> bool:
        """End one of their own, here and everywhere; False where it is none of theirs."""
        ...

    def end_other_sessions(self, person: Person) -> int:
        """End all but the one that asks; how many that were."""
        ...


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


@dataclass(frozen=True)
class ChatDone:
    """A person's answer from a chat counted; ``complete``: enough people agreed now."""

    complete: bool


Receipt = Accepted | Duplicate | NotTaken
ChatReceipt = ChatDone | Duplicate | NotTaken


class Hooks(Protocol):
    """What arrives from outside without a session: platforms' events, chats' answers, readers who
    opt out. The gate checks each signature and has the last word."""

    def receive_event(self, connection: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """``headers`` have lower-case names; ``body`` is exactly what arrived."""
        ...

    def answer_chat(self, chat: str, body: bytes, headers: Mapping[str, str]) -> ChatReceipt:
        """A person's answer, passed on by a chat's bot and signed by it."""
        ...

    def unsubscribe(self, token: str) -> bool:
        """Never write to this token's reader again; False for a token that is not ours."""
        ...


class Health(Protocol):
    """What the readiness probe asks: whether the database answers and the process's own loops are
    well."""

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
    links: Links | None = None
    tokens: Tokens | None = None
    passkeys: Passkeys | None = None
    oidc: SignInService | None = None
    beginnings: NewCampaigns | None = None
    sharing: Sharing | None = None
