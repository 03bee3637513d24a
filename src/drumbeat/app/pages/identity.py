"""Identity: who sends a request: a session that was opened here, or the demo's own person."""

import hashlib
import ipaddress
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.app.pages.ground import Ground
from drumbeat.store import settings
from drumbeat.web.services import SignedIn
from drumbeat.web.session_cookie import secret_in
from drumbeat.web.views.shell import Person

_LASTS = timedelta(hours=12)
# The demo's manager: can approve launches and budgets, and steer.
DEMO_ACCOUNT = "dana"
_DEMO_SESSION = "demo"


@dataclass(frozen=True)
class LocalAccounts:
    """Sessions and password hashes of the people in drumbeat.yaml, kept in the database.

    ``clock`` is the real time: a session lasts as long on a demo's fast clock as on any other.
    Only the digest of a session's secret is kept.
    """

    ground: Ground
    clock: Callable[[], datetime]

    def authenticate(self, cookies: Mapping[str, str]) -> Person | None:
        secret = secret_in(cookies)
        if not secret:
            return None
        session = _named(secret)
        with self.ground.app.database.read() as connection:
            kept = settings.get(connection, _session_key(session))
        if not kept or datetime.fromisoformat(kept["until"]) <= self.clock():
            return None
        return person_of(self.ground, kept["account"], session)

    def password_hash(self, email: str) -> str | None:
        found = self.ground.app.files.workspace.person(email)
        if found is None or found.agent:
            return None
        with self.ground.app.database.read() as connection:
            kept = settings.get(connection, _password_key(found.id))
        return str(kept) if kept else None

    def open_session(self, email: str, address: str) -> SignedIn:
        found = self.ground.app.files.workspace.person(email)
        if found is None:
            raise LookupError(f"nobody in drumbeat.yaml has the address {email!r}")
        return self.open_for(found.id, address)

    def open_for(self, account: str, address: str) -> SignedIn:
        """A new session for an account whose owner has proven who they are."""
        opened = SignedIn(secrets.token_urlsafe(32), self.clock() + _LASTS)
        kept = {"account": account, "until": opened.until.isoformat(), "from": address}
        with self.ground.app.database.write() as transaction:
            settings.put(transaction, _session_key(_named(opened.secret)), kept)
        return opened

    def close_session(self, person: Person) -> None:
        with self.ground.app.database.write() as transaction:
            settings.drop(transaction, _session_key(person.session))


@dataclass(frozen=True)
class DemoIdentity:
    """Signs the demo's manager in by itself on loopback; elsewhere nobody without a session."""

    accounts: LocalAccounts
    host: str

    def authenticate(self, cookies: Mapping[str, str]) -> Person | None:
        known = self.accounts.authenticate(cookies)
        if known is not None or not is_loopback(self.host):
            return known
        return person_of(self.accounts.ground, DEMO_ACCOUNT, _DEMO_SESSION, by_itself=True)


def person_of(
    ground: Ground, account: str, session: str, *, by_itself: bool = False
) -> Person | None:
    """The person behind an account of drumbeat.yaml; None for agents and for nobody."""
    found = next((one for one in ground.app.files.workspace.people if one.id == account), None)
    if found is None or found.agent:
        return None
    return Person(found.id, found.name, frozenset(map(str, found.roles)), session, by_itself)


def keep_password(ground: Ground, account: str, password_hash: str) -> None:
    """Set an account's argon2id hash, as ``drumbeat.web.passwords.hash_password`` makes it."""
    with ground.app.database.write() as transaction:
        settings.put(transaction, _password_key(account), password_hash)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``; a name other than localhost counts as no."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def _session_key(session: str) -> str:
    return f"session:{session}"


def _password_key(account: str) -> str:
    return f"password:{account}"
