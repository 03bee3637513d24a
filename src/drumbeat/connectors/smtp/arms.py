"""Arms: who is held out and who gets which variant, decided by a salted hash of the contact."""

import hashlib

from drumbeat.core.campaign.objects import Send, Variant


def variant_for(send: Send, contact: str, salt: str) -> Variant | None:
    """The contact's variant, the same every time; None for the hold-out."""
    if _point(contact, f"{salt}/hold-out/{send.name}") < send.hold_out:
        return None
    point, edge = _point(contact, f"{salt}/variant/{send.name}"), 0.0
    for variant in send.variants:
        edge += variant.share
        if point < edge:
            return variant
    return send.variants[-1]


def _point(contact: str, salt: str) -> float:
    """A number in [0, 1) from the first 52 bits of SHA-256."""
    return int(hashlib.sha256(f"{salt}/{contact}".encode()).hexdigest()[:13], 16) / 16**13
