"""Work: the port between the engine, which decides when, and the product, which knows what."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from drumbeat.engine.tick import Tick

if TYPE_CHECKING:
    from sqlalchemy import Connection

Enqueue = Callable[["Connection", Tick], None]


class Work(Protocol):
    """What an engine drives. Four verbs; every method is called from several threads.

    The contract that makes a crash at any moment harmless:

    - ``claim`` leases due subjects and enqueues their ticks in one transaction;
    - ``run`` may happen more than once for one tick, so every outside effect carries a key and
      the closing commit is fenced on ``seq``;
    - ``failed`` is fenced too: it changes nothing unless the subject still stands at exactly this
      ``seq`` and ``attempt``.
    """

    def claim(self, now: datetime, limit: int, enqueue: Enqueue) -> int:
        """Lease up to ``limit`` due subjects and call ``enqueue(connection, tick)`` for each.

        Due means: wants waking at or before ``now``, and no lease is in force. The lease and
        ``enqueue`` share one transaction on ``connection``. Earliest due first, ties by
        subject, so that a simulation repeats exactly. A tick whose lease ran out is enqueued
        again under the same name, which an engine takes as one tick. Returns how many.
        """
        ...

    def run(self, tick: Tick) -> None:
        """Perform one tick: load, decide, act, commit fenced on ``tick.seq``.

        A stale tick returns without a trace. Whatever is raised goes to ``failed``.
        """
        ...

    def next_due(self) -> datetime | None:
        """The earliest moment at which ``claim`` would find something; leases count."""
        ...

    def failed(self, tick: Tick, error: str) -> None:
        """Record a failure: next attempt after a back-off, or hand over to a person."""
        ...


def perform(work: Work, tick: Tick) -> str | None:
    """Run one tick; a failure is reported to the work. Returns its text, or None if all went well.

    What ``failed`` itself raises goes to the caller: the failure is not on record then.
    """
    try:
        work.run(tick)
    except Exception as error:
        text = describe(error)
        work.failed(tick, text)
        return text
    return None


def describe(error: BaseException) -> str:
    """``ValueError: what it said``, cut to a length a table can show."""
    return f"{type(error).__name__}: {error}"[:2000]
