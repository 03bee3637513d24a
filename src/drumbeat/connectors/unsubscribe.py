"""Unsubscribe: the signed token in every mail that lets its reader, and only them, opt out."""

import hashlib
import hmac

_MARK = b"unsubscribe:"
# Stands for nobody: a token by which the address can be tried, and that opts nobody out.
NOBODY = "nobody"
# Nothing in a token tells the time, so that none expires; a hundred years stand for ever.
TOKEN_DAYS = 36_500


def token_for(contact: str, key: bytes) -> str:
    """A token for a contact's hash. It never expires: the law asks for 60 days at least."""
    return f"{contact}.{_sign(contact, key)}"


def contact_of(token: str, key: bytes) -> str | None:
    """The contact a token was made for; None for one that was not made here."""
    contact, _, signature = token.partition(".")
    good = hmac.compare_digest(signature.encode(), _sign(contact, key).encode())
    return contact if contact and good else None


def _sign(contact: str, key: bytes) -> str:
    return hmac.new(key, _MARK + contact.encode(), hashlib.sha256).hexdigest()[:32]
