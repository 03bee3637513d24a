"""Receive: platform events come in here: signed, fresh, once; opt-outs take effect at once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.connectors.contract import EventRefused, PlatformEvent
from drumbeat.connectors.unsubscribe import NOBODY, contact_of
from drumbeat.core.untrusted.label import label
from drumbeat.core.untrusted.tainted import Tainted
from drumbeat.gate.door import Door
from drumbeat.store import events, ledger, subjects

# After these, a contact is never written to again.
_OPT_OUTS = {"unsubscribed": "opted out", "complained": "complained", "bounced": "bounced"}


@dataclass(frozen=True)
class Received:
    """``new`` events were kept; ``repeated`` ones were known."""

    new: int
    repeated: int


@dataclass(frozen=True)
class NotReceived:
    """Nothing was kept. ``is_missing``: there is no such connection."""

    why: str
    is_missing: bool = False


def receive(
    door: Door, connection: str, body: bytes, headers: Mapping[str, str]
) -> Received | NotReceived:
    """Check, deduplicate and keep the events of one webhook call."""
    platform = door.platforms.get(connection)
    if platform is None:
        return NotReceived(f"no connection is named {connection!r}", is_missing=True)
    try:
        told = platform.connector.parse_event(body, headers, door.now)
    except EventRefused as error:
        return NotReceived(str(error))
    with door.database.write() as transaction:
        erased = events.erased_of(transaction, {one.contact for one in told})
        known = {e.id: _without(e) if e.contact in erased else e for e in reversed(told)}
        new = events.add(transaction, connection, [_row(door, e) for e in known.values()])
        fresh = [known.pop(e.id) for e in told if e.id in new and e.id in known]
        for one in fresh:
            if one.kind in _OPT_OUTS:
                events.suppress(transaction, one.contact, _OPT_OUTS[one.kind], one.at)
        if fresh:
            counts = {k: sum(e.kind == k for e in fresh) for k in sorted({e.kind for e in fresh})}
            ledger.append(
                transaction,
                "events_received",
                at=door.now,
                actor=f"connection:{connection}",
                subject=connection,
                counts=counts,
            )
    return Received(len(fresh), len(told) - len(fresh))


def opt_out(door: Door, token: str) -> bool:
    """The reader of a mail opts out by its signed token; False when it is none of ours. By the
    token of nobody the address is tried, and nothing changes.

    In force from this commit on: senders read the list as they claim each delivery.
    """
    contact = contact_of(token, door.key)
    if contact is None or contact == NOBODY:
        return contact is not None
    with door.database.write() as transaction:
        if events.suppress(transaction, contact, "opted out", door.now):
            named = subjects.alias(transaction, contact, secrets.token_hex(16))
            ledger.append(transaction, "opted_out", at=door.now, actor="system:web", subject=named)
    return True


def _without(one: PlatformEvent) -> PlatformEvent:
    """What somebody who asked to be forgotten does from then on is counted, and is nobody's."""
    return one.model_copy(update={"contact": "", "text": ""})


def _row(door: Door, one: PlatformEvent) -> dict[str, object]:
    """The event as it is kept. Its words are judged here, once: beyond the door goes a label."""
    said = label(Tainted(one.text, f"event:{one.id}")) if one.text else None
    return {
        **one.model_dump(),
        "at": one.at,
        "received_at": door.now,
        "label": said or "",
    }
