"""Grouping: whether a person is told at once, or later together with everything else.

A person hears of something new at once, up to a few times in ten minutes. Beyond that, and for
whatever belongs to something they know of, a digest comes five minutes after they last heard. It
lists everything that was held back, so nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.core.operations.escalation import Manner

WINDOW = timedelta(minutes=10)
INTERVAL = timedelta(minutes=5)
_AT_ONCE = {"critical": 4, "warning": 2}
# Broken promises are told within the minute; only a flood of them is gathered.
_LATE_AT_ONCE = 8
# What is told by digest only, however quiet it was before.
_BY_DIGEST = frozenset({Manner.MEMBER, Manner.FLAPPING})


@dataclass(frozen=True)
class Delivery:
    """``at_once``, or by the digest that is due at ``at``."""

    at_once: bool
    at: datetime


def deliver(manner: Manner, severity: str, told: Sequence[datetime], now: datetime) -> Delivery:
    """How a person is told who was ``told`` at these moments before, in order of time."""
    lately = [at for at in told if now - at < WINDOW]
    most = _LATE_AT_ONCE if manner is Manner.LATE else _AT_ONCE.get(severity, 1)
    if manner not in _BY_DIGEST and len(lately) < most:
        return Delivery(True, now)
    last = lately[-1] if lately else now
    return Delivery(False, max(last + INTERVAL, now))


def digest_text(texts: Sequence[str], *, shown: int = 5) -> str:
    """One text for many: how many there are, the first few, and how many more."""
    first = "; ".join(texts[:shown])
    more = len(texts) - shown
    return f"{len(texts)} more: {first}" + (f"; and {more} others in the inbox" if more > 0 else "")
