"""Tokens: programs' way in to the API, made and revoked on the workspace's own machine."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.app.compose import App
from drumbeat.core.campaign.workspace import Person as Account
from drumbeat.store import api_tokens, ledger
from drumbeat.store.api_tokens import ApiToken
from drumbeat.web.rights import Right
from drumbeat.web.views.shell import Person

# What a token can be cut down to. Steering the demo is nothing for programs.
SCOPES = (Right.SEE, Right.ANSWER, Right.FREEZE, Right.OPERATE, Right.EXPERIMENT)
# An agent or a service reads; it never decides, and it steers through proposals alone.
_OF_SERVICES = frozenset({Right.SEE})
LONGEST = timedelta(days=366)
# Recognized by scanners for leaked secrets, and by people in a log.
_PREFIX = "drumbeat_"
_NOTED_EVERY = timedelta(minutes=1)


class TokenRefused(ValueError):
    """No such token can be made, and why."""


@dataclass(frozen=True)
class Made:
    """``secret`` is shown once."""

    token: ApiToken
    secret: str


def make(
    app: App, account: Account, label: str, scopes: Sequence[str], lasts: timedelta, now: datetime
) -> Made:
    """A token for a person or a service of drumbeat.yaml. Raises TokenRefused."""
    wanted = frozenset(Right(one) for one in scopes)
    if account.agent and wanted - _OF_SERVICES:
        raise TokenRefused(f"{account.id} is an agent or service: its token can only {Right.SEE}")
    if not timedelta() < lasts <= LONGEST:
        raise TokenRefused(f"a token lasts {LONGEST.days} days at most")
    secret = _PREFIX + secrets.token_urlsafe(32)
    digest = _digest(secret)
    made = ApiToken(
        id=f"tok-{digest[:12]}",
        digest=digest,
        account=account.id,
        name=label,
        scopes=tuple(sorted(map(str, wanted))),
        made_at=now,
        until=now + lasts,
    )
    with app.database.write() as transaction:
        api_tokens.add(transaction, made)
        ledger.append(
            transaction,
            "token_made",
            at=app.clock.now(),
            actor="system:cli",
            subject=made.id,
            account=account.id,
            name=label,
            scopes=list(made.scopes),
            until=made.until.isoformat(),
        )
    return Made(made, secret)


def revoke(app: App, token_id: str, now: datetime) -> bool:
    """It counts no more; False where there is no such live token."""
    with app.database.write() as transaction:
        gone = api_tokens.revoke(transaction, token_id, now)
        if gone is None:
            return False
        ledger.append(
            transaction,
            "token_revoked",
            at=app.clock.now(),
            actor="system:cli",
            subject=gone.id,
            account=gone.account,
        )
    return True


def everything(app: App) -> list[ApiToken]:
    """All tokens that were made, the newest first; never their secrets."""
    with app.database.read() as connection:
        return api_tokens.everything(connection)


@dataclass(frozen=True)
class ApiTokens:
    """Who a token stands for. ``clock`` is the real time."""

    app: App
    clock: Callable[[], datetime]

    def authenticate(self, secret: str) -> Person | None:
        """The person, cut down to the token's scopes; None for a token that does not count."""
        now = self.clock()
        with self.app.database.read() as connection:
            kept = api_tokens.of_digest(connection, _digest(secret))
        if kept is None or not kept.is_live(now):
            return None
        found = self.app.files.workspace.person(kept.account)
        if found is None:
            return None
        if kept.used_at is None or now - kept.used_at >= _NOTED_EVERY:
            with self.app.database.write() as transaction:
                api_tokens.touch(transaction, kept.id, now)
        scopes = frozenset(kept.scopes)
        if found.agent:
            scopes &= _OF_SERVICES
        roles = frozenset(map(str, found.roles))
        return Person(found.id, found.name, roles, f"token:{kept.id}", scopes=scopes)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
