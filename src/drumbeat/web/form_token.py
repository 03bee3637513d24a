"""Form tokens: proof that a form was drawn by us for this session, another one on each page.

Fetch metadata stops cross-site posts in today's browsers; the token stops them in older ones.
A fresh nonce on each page keeps compressed responses from leaking it piece by piece.
"""

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256

FIELD = "token"
HEADER = "x-drumbeat-token"


def issue(key: bytes, session: str) -> str:
    """``nonce.signature`` for one session."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{_sign(key, session, nonce)}"


def is_ours(key: bytes, session: str, token: str) -> bool:
    """Whether the token was issued for this session; constant time."""
    nonce, _, signature = token.partition(".")
    expected = _sign(key, session, nonce)
    return hmac.compare_digest(expected.encode(), signature.encode())


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """What the browser says of the request's source: fetch metadata, else Origin against Host.

    A client that sends neither is no browser of today; the token alone then decides.
    """
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    if origin := headers.get("origin"):
        return origin.partition("://")[2] == headers.get("host", "")
    return True


def _sign(key: bytes, session: str, nonce: str) -> str:
    return hmac.new(key, f"{nonce}|{session}".encode(), sha256).hexdigest()
