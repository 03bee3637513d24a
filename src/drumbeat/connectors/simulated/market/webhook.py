"""Webhooks: events as signed calls, in the manner of standardwebhooks.com.

The signature is an HMAC-SHA256 over ``id.timestamp.body``; a call older than five minutes is
refused, and ids let a receiver drop what it has seen.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from drumbeat.connectors.simulated.market.event import Event
from drumbeat.core.canonical import canonical, name

MOST_EVENTS = 200  # in one call
OLDEST_SECONDS = 300


class BadWebhook(Exception):
    """A call that is forged, stale or unreadable."""


@dataclass(frozen=True)
class Webhook:
    """One call: its headers and raw body."""

    headers: Mapping[str, str]
    body: bytes


def calls(events: Sequence[Event], secret: bytes, at: datetime) -> Iterator[Webhook]:
    """The calls that announce these events, signed as of ``at``."""
    for first in range(0, len(events), MOST_EVENTS):
        batch = events[first : first + MOST_EVENTS]
        body = canonical({"events": [vars(event) for event in batch]})
        number = name("msg", batch[0].id, batch[-1].id, len(batch))
        stamp = str(int(at.timestamp()))
        headers = {
            "webhook-id": number,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{signature(secret, number, stamp, body)}",
        }
        yield Webhook(headers, body)


def opened(body: bytes, headers: Mapping[str, str], secret: bytes, now: datetime) -> list[Event]:
    """The events of a call. Raises BadWebhook."""
    plain = {header.lower(): value for header, value in headers.items()}
    number = plain.get("webhook-id", "")
    stamp = plain.get("webhook-timestamp", "")
    given = plain.get("webhook-signature", "").split()
    wanted = f"v1,{signature(secret, number, stamp, body)}"
    if not any(hmac.compare_digest(each.encode(), wanted.encode()) for each in given):
        raise BadWebhook("the signature does not fit the body")
    if not stamp.isdigit() or abs(now.timestamp() - int(stamp)) > OLDEST_SECONDS:
        raise BadWebhook("the call is older than five minutes, or from the future")
    try:
        return [_event(fields) for fields in json.loads(body)["events"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadWebhook(f"the body cannot be read: {error}") from error


def _event(fields: dict[str, str]) -> Event:
    return Event(**{**fields, "at": datetime.fromisoformat(fields["at"])})  # type: ignore[arg-type]


def signature(secret: bytes, number: str, stamp: str, body: bytes) -> str:
    """The signature of a call, base64: HMAC-SHA256 over ``id.timestamp.body``."""
    content = b".".join((number.encode(), stamp.encode(), body))
    return base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()
