"""Identity: who sends a request: a session that was opened here, or the demo's own person."""

import hashlib
import ipaddress
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.store import ledger, sessions, settings
from drumbeat.store.sessions import Session
from drumbeat.web.rights import Right, holds
from drumbeat.web.services import SessionView, SignedIn, Stranger
from drumbeat.web.session_cookie import secret_in
from drumbeat.web.views.shell import Person

_LASTS = timedelta(hours=12)
# Whoever may decide or operate is signed out when they have done nothing for this long.
_IDLE = timedelta(minutes=30)
# How long a proof counts as fresh.
FRESH_FOR = timedelta(minutes=5)
# A visit is noted once a minute at most, so that looking at pages writes next to nothing.
_NOTED_EVERY = timedelta(minutes=1)
# The ways of signing in that show, at that moment, that it is the person.
_PROOFS = frozenset({"password", "passkey", "oidc-fresh"})
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

    def authenticate(self, cookies: Mapping[str, str], *, is_active: bool = True) -> Person | None:
        """``is_active``: a person asked, not a page that refreshes itself."""
        secret = secret_in(cookies)
        if not secret:
            return None
        now = self.clock()
        with self.ground.app.database.read() as connection:
            kept = sessions.of_digest(connection, _digest(secret))
        person = person_of(self.ground, kept.account, kept.id) if kept else None
        if kept is None or person is None or ends_at(kept, person.roles) <= now:
            return None
        if is_active and now - kept.seen_at >= _NOTED_EVERY:
            with self.ground.app.database.write() as transaction:
                sessions.touch(transaction, kept.id, now)
        is_fresh = kept.proven_at is not None and now - kept.proven_at < FRESH_FOR
        return replace(person, is_fresh=is_fresh)

    def password_hash(self, email: str) -> str | None:
        found = self.ground.app.files.workspace.person(email)
        if found is None or found.agent:
            return None
        with self.ground.app.database.read() as connection:
            kept = settings.get(connection, _password_key(found.id))
        return str(kept) if kept else None

    def anybody(self) -> bool:
        people = self.ground.app.files.workspace.people
        keys = [_password_key(person.id) for person in people if not person.agent]
        with self.ground.app.database.read() as connection:
            return bool(settings.many(connection, keys))

    def open_session(self, email: str, method: str, stranger: Stranger) -> SignedIn:
        found = self.ground.app.files.workspace.person(email)
        if found is None or found.agent:
            raise LookupError(f"nobody in drumbeat.yaml has the address {email!r}")
        return self.open_for(found.id, stranger.address, method, stranger.browser)

    def open_for(
        self, account: str, address: str, method: str = "password", browser: str = ""
    ) -> SignedIn:
        """A new session for an account whose owner has proven who they are."""
        secret, now = secrets.token_urlsafe(32), self.clock()
        digest = _digest(secret)
        opened = Session(
            id=digest[:32],
            digest=digest,
            account=account,
            method=method,
            opened_at=now,
            seen_at=now,
            until=now + _LASTS,
            proven_at=now if method in _PROOFS else None,
            address=address[:64],
            browser=browser[:300],
        )
        with self.ground.app.database.write() as transaction:
            sessions.add(transaction, opened)
            self._record(transaction, "signed_in", account, method=method)
        return SignedIn(secret, opened.until)

    def prove(self, person: Person) -> SignedIn | None:
        """The person has shown that it is them: the session goes on under another secret."""
        secret, now = secrets.token_urlsafe(32), self.clock()
        with self.ground.app.database.write() as transaction:
            if not sessions.renew(transaction, person.session, _digest(secret), now):
                return None
            kept = sessions.of_digest(transaction, _digest(secret))
        assert kept is not None
        return SignedIn(secret, kept.until)

    def close_session(self, person: Person) -> None:
        self.end_session(person, person.session)

    def sessions_of(self, person: Person) -> tuple[SessionView, ...]:
        now = self.clock()
        with self.ground.app.database.read() as connection:
            kept = sessions.of_account(connection, person.id, now)
        return tuple(
            SessionView(
                id=one.id,
                method=one.method,
                address=one.address,
                browser=one.browser,
                opened_at=one.opened_at,
                seen_at=one.seen_at,
                is_this=one.id == person.session,
            )
            for one in kept
            if ends_at(one, person.roles) > now
        )

    def end_session(self, person: Person, session_id: str) -> bool:
        with self.ground.app.database.write() as transaction:
            return sessions.end(transaction, session_id, person.id)

    def end_other_sessions(self, person: Person) -> int:
        with self.ground.app.database.write() as transaction:
            return sessions.end_all(transaction, person.id, but=person.session)

    def _record(self, transaction: sa.Connection, kind: str, account: str, **body: str) -> None:
        ledger.append(
            transaction,
            kind,
            at=self.ground.now,
            actor=f"person:{account}",
            subject=account,
            **body,
        )


@dataclass(frozen=True)
class DemoIdentity:
    """Signs the demo's manager in by itself on loopback; elsewhere nobody without a session.

    The demo's own person counts as having confirmed who they are: there is nothing real at stake,
    and every page says so.
    """

    accounts: LocalAccounts
    host: str

    def authenticate(self, cookies: Mapping[str, str], *, is_active: bool = True) -> Person | None:
        known = self.accounts.authenticate(cookies, is_active=is_active)
        if known is not None or not is_loopback(self.host):
            return known
        found = person_of(self.accounts.ground, DEMO_ACCOUNT, _DEMO_SESSION)
        return replace(found, by_itself=True, is_fresh=True) if found else None


def person_of(ground: Ground, account: str, session: str) -> Person | None:
    """The person behind an account of drumbeat.yaml; None for agents and for nobody."""
    found = next((one for one in ground.app.files.workspace.people if one.id == account), None)
    if found is None or found.agent:
        return None
    return Person(found.id, found.name, frozenset(map(str, found.roles)), session)


def keep_password(ground: Ground, account: str, password_hash: str) -> None:
    """Set an account's argon2id hash, as ``drumbeat.web.passwords.hash_password`` makes it; whoever
    is signed in with the old one is signed out."""
    with ground.app.database.write() as transaction:
        settings.put(transaction, _password_key(account), password_hash)
        sessions.end_all(transaction, account)


def ends_at(kept: Session, roles: frozenset[str]) -> datetime:
    """When a session is over: for those who decide or operate, also by doing nothing."""
    is_weighty = holds(roles, Right.ANSWER) or holds(roles, Right.OPERATE)
    return min(kept.until, kept.seen_at + _IDLE) if is_weighty else kept.until


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``; a name other than localhost counts as no."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _password_key(account: str) -> str:
    return f"password:{account}"
