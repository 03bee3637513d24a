"""Frequency: how many mails reach one person in seven days, over all campaigns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.core.campaign.objects import Send

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Mailing:
    """What one cycle mails to a person, once: the mails of a cycle share one deal of its people.
    ``targets`` are all of them."""

    targets: frozenset[str]
    send: Send
    at: datetime


def mailing_of(sends: Mapping[str, Send]) -> Mailing | None:
    """The mailing of a cycle's sends by target, at the hour of the first; None where none is."""
    if not sends:
        return None
    first = min(sends.values(), key=lambda send: send.send_at)
    return Mailing(frozenset(sends), first, first.send_at)


def is_too_many(others: Sequence[datetime], at: datetime, cap: int) -> bool:
    """Whether a mail at ``at`` is one more than ``cap`` in some seven days that hold it."""
    near = sorted(one for one in (*others, at) if abs(one - at) < WEEK)
    return any(last - first < WEEK for first, last in zip(near, near[cap:], strict=False))


def over_by_segments(
    own: Mailing, others: Sequence[Mailing], cap: int, sizes: Mapping[str, int]
) -> int | None:
    """How many people at least would get more than ``cap``, where only segments are known.

    Nobody, where all mails together are not too many. Where they are, but no segment alone gets
    them, people may be in several: None, nobody can tell.
    """
    if not is_too_many([one.at for one in others], own.at, cap):
        return 0
    pressed = [
        name
        for name in own.send.segments
        if is_too_many([one.at for one in others if name in one.send.segments], own.at, cap)
    ]
    return sum(max(1, sizes.get(name, 0)) for name in pressed) if pressed else None
