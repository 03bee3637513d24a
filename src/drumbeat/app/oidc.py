"""OIDC: a sign-in service's word for who somebody is: OpenID Connect with Authlib.

Authorization code with PKCE (S256), state and nonce; the ID token's signature, issuer, audience,
times and nonce are checked. Keys are fetched again when a token names one we do not know, so that
the service may rotate them. What the service says of roles counts for nothing here.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from drumbeat.core.campaign.web_entry import OidcEntry
from drumbeat.store import ledger, once
from drumbeat.store.database import Database
from drumbeat.web.services import Begun, Came, Site
from drumbeat.web.verbs import Refused

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
CALLBACK = "/sign-in/oidc/done"
_LASTS = timedelta(minutes=10)
_DISCOVERED_FOR = timedelta(hours=1)
# A flood of tokens with made-up key names must not become a flood of requests.
_KEYS_AT_MOST_EVERY = timedelta(seconds=30)
_FRESH_FOR = timedelta(minutes=5)
_LEEWAY_SECONDS = 60
_TIMEOUT_SECONDS = 10.0
_BASIC = "client_secret_basic"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_NOT_NOW = "The sign-in service cannot be reached. Try again, or use your password."
_NOT_RIGHT = "The sign-in service's answer could not be trusted, so nobody was signed in."


class _Untrusted(Exception):
    """An answer that does not hold; the text is for the log, never for the page."""


class _Line:
    """What Authlib's client sends its one request over."""

    def post(
        self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any
    ) -> httpx.Response:
        place, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return httpx.post(
            place, content=body, headers=sent, timeout=_TIMEOUT_SECONDS, follow_redirects=False
        )


@dataclass
class OidcService:
    """``clock`` is the real time; ``key`` seals what the browser keeps meanwhile."""

    entry: OidcEntry
    secret: str
    key: bytes
    database: Database
    clock: Callable[[], datetime]
    _known: dict[str, Any] = field(default_factory=dict)
    _known_until: datetime | None = None
    _keys: Any = None
    _keys_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.entry.name

    def begin(self, site: Site, path: str, *, fresh: bool) -> Begun | Refused:
        from authlib.common.security import generate_token

        kept = {
            "state": secrets.token_urlsafe(24),
            "nonce": secrets.token_urlsafe(24),
            "verifier": generate_token(64),
            "path": path,
            "until": int((self.clock() + _LASTS).timestamp()),
        }
        try:
            endpoint = self._discovered()["authorization_endpoint"]
        except (httpx.HTTPError, _Untrusted):
            return Refused(_NOT_NOW, 502)
        # Ask for the person, not for whoever left a browser open.
        more = {"prompt": "login", "max_age": "0"} if fresh else {}
        url, _ = self._client(site).create_authorization_url(
            endpoint,
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
            **more,
        )
        return Begun(url, self._seal(kept))

    def finish(self, site: Site, query: Mapping[str, str], ticket: str) -> Came | Refused:
        kept = self._unseal(ticket)
        now = self.clock()
        if kept is None or kept["until"] <= now.timestamp():
            return Refused("Signing in took too long, or began in another browser. Try again.", 400)
        if not hmac.compare_digest(str(kept["state"]), query.get("state", "")):
            return Refused(_NOT_RIGHT, 400)
        if not self._first_time(kept["state"], now):
            return Refused("This sign-in was used already. Try again.", 400)
        if query.get("error"):
            return Refused("The sign-in service did not let you in.", 403)
        try:
            claims = self._claims(site, query, kept)
        except httpx.HTTPError:
            return Refused(_NOT_NOW, 502)
        except _Untrusted:
            return Refused(_NOT_RIGHT, 403)
        email = claims.get("email")
        if (
            not isinstance(email, str)
            or "@" not in email
            or claims.get("email_verified") is not True
        ):
            return Refused("The sign-in service has not verified your email address.", 403)
        return Came(email, self._method(claims, now), str(kept["path"]))

    def _claims(
        self, site: Site, query: Mapping[str, str], kept: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        from authlib.oauth2 import OAuth2Error

        known = self._discovered()
        # RFC 9207: an answer of another service does not pass as this one's.
        if query.get("iss", known["issuer"]) != known["issuer"] or not query.get("code"):
            raise _Untrusted("iss")
        try:
            told = self._client(site).fetch_token(
                known["token_endpoint"],
                code=query["code"],
                grant_type="authorization_code",
                code_verifier=kept["verifier"],
            )
        except (OAuth2Error, ValueError) as error:
            raise _Untrusted(str(error)) from error
        token = told.get("id_token")
        if not isinstance(token, str):
            raise _Untrusted("there is no ID token")
        return self._checked(token, str(told.get("access_token") or ""), str(kept["nonce"]))

    def _checked(self, token: str, access_token: str, nonce: str) -> Mapping[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            found = jwt.decode(token, self._keys_for(token), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, KeyError) as error:
            raise _Untrusted(str(error)) from error
        claims = CodeIDToken(
            found.claims,
            found.header,
            options={
                "iss": {"essential": True, "value": self._discovered()["issuer"]},
                "aud": {"essential": True, "value": self.entry.client_id},
            },
            params={
                "nonce": nonce,
                "client_id": self.entry.client_id,
                "access_token": access_token,
            },
        )
        try:
            claims.validate(now=int(self.clock().timestamp()), leeway=_LEEWAY_SECONDS)
        except Exception as error:  # the library's errors share no base that stays
            raise _Untrusted(str(error)) from error
        checked: Mapping[str, Any] = claims
        return checked

    def _keys_for(self, token: str) -> Any:
        """The service's keys; fetched again where they lack the one the token names."""
        from joserfc.jwk import KeySet

        header = json.loads(_decoded(token.partition(".")[0]))
        wanted = header.get("kid") if isinstance(header, dict) else None
        now = self.clock()
        names = {key.kid for key in self._keys.keys} if self._keys else set()
        is_rested = self._keys_at is None or now - self._keys_at >= _KEYS_AT_MOST_EVERY
        if self._keys is None or (wanted not in names and is_rested):
            told: Any = self._fetched(self._discovered()["jwks_uri"])
            self._keys = KeySet.import_key_set(told)
            self._keys_at = now
        return self._keys

    def _discovered(self) -> Mapping[str, Any]:
        now = self.clock()
        if self._known_until is None or now >= self._known_until:
            known = self._fetched(f"{self.entry.issuer}/.well-known/openid-configuration")
            if str(known.get("issuer", "")).rstrip("/") != self.entry.issuer:
                raise _Untrusted("the service calls itself by another name")
            wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if not all(_is_safe(str(known.get(one, ""))) for one in wanted):
                raise _Untrusted("an address of the service is missing or not https")
            self._known, self._known_until = known, now + _DISCOVERED_FOR
        return self._known

    def _fetched(self, url: str) -> dict[str, Any]:
        if not _is_safe(url):
            raise _Untrusted(f"{url} is not https")
        answer = httpx.get(url, timeout=_TIMEOUT_SECONDS, follow_redirects=False)
        answer.raise_for_status()
        try:
            found = answer.json()
        except ValueError as error:
            raise _Untrusted(f"{url} answers no JSON") from error
        if not isinstance(found, dict):
            raise _Untrusted(f"{url} answers no JSON object")
        return found

    def _client(self, site: Site) -> Any:
        from authlib.oauth2.client import OAuth2Client

        # OpenID Connect Discovery: without a word on it, the secret goes into the header.
        ways = self._discovered().get("token_endpoint_auth_methods_supported", [_BASIC])
        return OAuth2Client(
            session=_Line(),
            client_id=self.entry.client_id,
            client_secret=self.secret,
            token_endpoint_auth_method=_BASIC if _BASIC in ways else "client_secret_post",
            scope="openid email",
            redirect_uri=f"{site.origin}{CALLBACK}",
            code_challenge_method="S256",
        )

    def _first_time(self, state: str, now: datetime) -> bool:
        with self.database.write() as transaction:
            ledger.serialize(transaction)
            return once.claim(transaction, f"oidc:{state}", now + _LASTS, now)

    def _method(self, claims: Mapping[str, Any], now: datetime) -> str:
        """Whether the service made the person show just now who they are."""
        at = claims.get("auth_time")
        is_fresh = isinstance(at, int) and now.timestamp() - at < _FRESH_FOR.total_seconds()
        return "oidc-fresh" if is_fresh else "oidc"

    def _seal(self, kept: Mapping[str, Any]) -> str:
        body = urlsafe_b64encode(json.dumps(kept).encode()).decode().rstrip("=")
        return f"{body}.{self._signature(body)}"

    def _unseal(self, ticket: str) -> dict[str, Any] | None:
        body, _, signature = ticket.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        kept: dict[str, Any] = json.loads(_decoded(body))
        return kept

    def _signature(self, body: str) -> str:
        return hmac.new(self.key, b"drumbeat oidc:" + body.encode(), hashlib.sha256).hexdigest()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in _LOCAL
    return bool(parts.hostname) and (parts.scheme == "https" or is_local)
