"""The durable engine: drives Work for real, through crashes, on SQLite or on Postgres."""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import sqlalchemy as sa

from drumbeat.engine.clock import Clock
from drumbeat.engine.database import open_database
from drumbeat.engine.dbos_queue import DbosQueue
from drumbeat.engine.dispatch import Dispatcher
from drumbeat.engine.keeper import Janitor, Keeper
from drumbeat.engine.lock import DatabaseLock
from drumbeat.engine.loop import Loop
from drumbeat.engine.roll import Alone, Rescues, Roll, Together
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Work, perform


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how much; all times are real, whatever the clock. Seconds unless named."""

    dispatch_every: float = 0.25
    dequeue_every: float = 0.1
    batch: int = 100
    threads: int = 16
    beat_every: float = 2.0
    dead_after: float = 10.0
    rescue_every: float = 2.0
    clear_every: float = 600.0
    keep_finished: timedelta = timedelta(days=1)


class DurableEngine:
    """One worker process: claims due work, runs its ticks, rescues those of dead workers.

    ``url`` is the database of the work itself (``sqlite:///file`` or ``postgresql://…``),
    because claiming and enqueueing share a transaction. On SQLite one process runs at a time;
    on Postgres as many as you like. DBOS lives once in a process, and so does this engine.
    """

    def __init__(
        self,
        url: str,
        work: Work,
        clock: Clock,
        *,
        worker: str | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._url = url
        self._work = work
        self._pace = pace or Pace()
        # A restarted process is another worker: what the old one left behind is rescued, once.
        self.worker = worker or f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = _lock(url)
        self._database = open_database(url, pool=4)
        self._roll = self._make_roll(self._database)
        self._queue = DbosQueue(
            url,
            self.worker,
            self._run,
            threads=self._pace.threads,
            poll=self._pace.dequeue_every,
        )
        rescues = Rescues(self._database)
        dispatcher = Dispatcher(work, self._queue, clock, batch=self._pace.batch)
        keeper = Keeper(self.worker, work, self._queue, self._roll, rescues)
        janitor = Janitor(self._queue, rescues, keep=self._pace.keep_finished)
        self._beat = Loop("heartbeat", self._pace.beat_every, self._beat_once)
        self._dispatch = Loop("dispatcher", self._pace.dispatch_every, dispatcher.turn)
        self._loops = (
            self._dispatch,
            Loop("keeper", self._pace.rescue_every, keeper.turn),
            Loop("janitor", self._pace.clear_every, janitor.turn),
        )

    def start(self) -> None:
        """Begin; returns at once. Raises DatabaseInUse on a SQLite file somebody else runs."""
        if self._lock is not None:
            self._lock.acquire()
        try:
            self._roll.join()
            self._queue.open()
        except BaseException:
            self._queue.close(0)
            self._release()
            raise
        for loop in (self._beat, *self._loops):
            loop.start()

    def stop(self, drain: int = 30) -> None:
        """Take nothing new, wait up to ``drain`` seconds for ticks at work, and stop."""
        for loop in self._loops:
            loop.stop(drain)
        self._queue.close(drain)
        self._beat.stop(drain)
        self._roll.leave()
        self._release()

    def nudge(self) -> None:
        """Look for due work now instead of at the next poll: somebody has just made some."""
        self._dispatch.nudge()

    def problems(self) -> dict[str, str]:
        """What fails at this moment, by the part that fails; empty when all is well."""
        loops = {loop.name: loop.problem for loop in (self._beat, *self._loops)}
        return {name: problem for name, problem in loops.items() if problem is not None}

    def __enter__(self) -> "DurableEngine":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self, tick: Tick) -> None:
        perform(self._work, tick)

    def _beat_once(self) -> bool:
        self._roll.beat()
        return False

    def _make_roll(self, database: sa.Engine) -> Roll:
        if self._lock is not None:
            return Alone(database, self.worker)
        return Together(database, self.worker, dead_after=self._pace.dead_after)

    def _release(self) -> None:
        self._database.dispose()
        if self._lock is not None:
            self._lock.release()


def _lock(url: str) -> DatabaseLock | None:
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return None
    if not address.database or address.database == ":memory:":
        raise ValueError("a durable engine needs a database that outlives it, not one in memory")
    # Two names of one file, by a link or a relative path, are one database.
    return DatabaseLock(Path(address.database).resolve())
