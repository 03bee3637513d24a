"""Seal: a text with a signature that only this installation can make, to stand in an address."""

import base64
import hashlib
import hmac


def sealed(body: str, mark: bytes, secret: bytes) -> str:
    """The text and its signature; ``mark`` keeps what is sealed for one use from serving another.
    The same text is always sealed the same way."""
    return f"{body}.{_sign(body, mark, secret)}"


def opened(token: str, mark: bytes, secret: bytes, longest: int) -> str | None:
    """The text as it was sealed here; None for anything else, and for what is too long to be."""
    body, _, signature = token.partition(".")
    if len(token) > longest:
        return None
    good = hmac.compare_digest(signature.encode(), _sign(body, mark, secret).encode())
    return body if good else None


def packed(content: bytes) -> str:
    """Bytes as an address can hold them."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _sign(body: str, mark: bytes, secret: bytes) -> str:
    return packed(hmac.new(secret, mark + body.encode(), hashlib.sha256).digest())
