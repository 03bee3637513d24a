"""Contact hash: the name a contact goes by outside its connector; no address leaves it."""

import hashlib
import hmac


def contact_hash(address: str, key: bytes) -> str:
    """HMAC-SHA256 of the normalised address, 32 hex digits.

    Case and surrounding space do not matter, so that an opt-out meets every spelling.
    """
    return hmac.new(key, address.strip().casefold().encode(), hashlib.sha256).hexdigest()[:32]
