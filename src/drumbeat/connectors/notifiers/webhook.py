"""Webhook: a notice as signed JSON, after the Standard Webhooks specification.

The receiver checks ``webhook-signature``: ``v1,`` and the base64 of HMAC-SHA256 over
``{id}.{timestamp}.{body}`` with the shared secret; ``webhook-id`` is the same for a repeat.
Source: the specification's "Signature scheme".
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from drumbeat.connectors.notifiers.contract import Message, NotTold
from drumbeat.connectors.registry import BadSetting
from drumbeat.connectors.smtp.server import LOCAL_HOSTS

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 15.0
_PREFIX = "whsec_"
# The specification wants between 24 and 64 bytes of secret.
_SECRET_BYTES = range(24, 65)
# Answers of the kind "not now"; every other refusal is for good.
_LATER = frozenset({408, 425, 429})


class WebhookNotifier:
    """Posts to one address of one receiver; redirects are not followed."""

    def __init__(
        self, url: str, secret: bytes, seconds: Callable[[], float], client: "httpx.Client"
    ) -> None:
        self._url = url
        self._secret = secret
        self._seconds = seconds
        self._client = client

    def notify(self, message: Message, key: str) -> None:
        """Post it, signed at this moment: receivers refuse what is old."""
        import httpx

        body = _body(message)
        stamp = int(self._seconds())
        headers = {
            "content-type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature(self._secret, key, stamp, body),
        }
        try:
            answer = self._client.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise NotTold(f"{self._host} cannot be reached: {error}") from error
        if not answer.is_success:
            for_good = answer.status_code < 500 and answer.status_code not in _LATER
            raise NotTold(f"{self._host} answered {answer.status_code}", permanent=for_good)

    @property
    def _host(self) -> str:
        # The path of a webhook address is often a secret in itself.
        return urlsplit(self._url).netloc.rpartition("@")[2]


def signature(secret: bytes, key: str, stamp: int, body: bytes) -> str:
    """The value of ``webhook-signature`` for this content."""
    signed = f"{key}.{stamp}.".encode() + body
    made = hmac.new(secret, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def read_secret(text: str) -> bytes:
    """The bytes of ``whsec_…``. Raises BadSetting, never quoting the secret."""
    try:
        secret = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise BadSetting("secret: expected whsec_ followed by base64") from error
    if len(secret) not in _SECRET_BYTES:
        raise BadSetting(f"secret: has {len(secret)} bytes; it needs 24 to 64")
    return secret


def create(settings: Mapping[str, str], seconds: Callable[[], float]) -> WebhookNotifier:
    """From ``url`` and ``secret``; ``seconds`` since 1970 sign the moment. Raises BadSetting."""
    url = settings.get("url", "")
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in LOCAL_HOSTS
    if not parts.hostname or not (parts.scheme == "https" or is_local):
        raise BadSetting("url: expected https://… (http only for this machine)")
    secret = read_secret(settings.get("secret", ""))
    import httpx

    client = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)
    return WebhookNotifier(url, secret, seconds, client)


def _body(message: Message) -> bytes:
    content = {
        "type": "drumbeat.notice",
        "timestamp": message.at.isoformat(),
        "data": {
            "to": message.to.id,
            "severity": message.severity,
            "campaign": message.campaign,
            "subject": message.subject,
            "text": message.text,
        },
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
