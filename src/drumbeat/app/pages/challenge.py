"""Challenge: what a passkey signs: drawn here, for one purpose, good for minutes and once.

It carries its own end and our seal, so that nothing is kept until one comes back signed.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LASTS = timedelta(minutes=10)
_NONCE, _SEAL = 16, 24


@dataclass(frozen=True)
class Challenges:
    """``secret`` seals them; any process of the workspace knows another's."""

    secret: bytes

    def draw(self, purpose: str, now: datetime) -> bytes:
        """A new one. ``purpose`` names what it is signed for, and in which session."""
        ends = int((now + _LASTS).timestamp()).to_bytes(8, "big")
        body = secrets.token_bytes(_NONCE) + ends
        return body + self._seal(body, purpose)

    def ends_at(self, challenge: bytes, purpose: str) -> datetime | None:
        """When it lapses; None for one that was not drawn here for this purpose."""
        body, seal = challenge[:-_SEAL], challenge[-_SEAL:]
        if len(body) != _NONCE + 8 or not hmac.compare_digest(seal, self._seal(body, purpose)):
            return None
        return datetime.fromtimestamp(int.from_bytes(body[_NONCE:], "big"), UTC)

    def _seal(self, body: bytes, purpose: str) -> bytes:
        mark = b"drumbeat passkey:" + purpose.encode() + b":"
        return hmac.new(self.secret, mark + body, hashlib.sha256).digest()[:_SEAL]
