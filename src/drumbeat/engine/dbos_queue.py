"""The durable queue: everything we ask of DBOS, and the only file that imports it."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, WorkflowStatus

from drumbeat.engine.database import open_database
from drumbeat.engine.rescue import State
from drumbeat.engine.tick import Tick

_APPLICATION = "drumbeat"
_QUEUE = "ticks"
_WORKFLOW = "tick"
# DBOS refuses to recover work of another version and takes a hash of the sources for one unless
# told otherwise. Ticks last seconds, so one constant is right for every release of ours.
_VERSION = "ticks-1"

_STATES = {
    "ENQUEUED": State.WAITING,
    "DELAYED": State.WAITING,
    "PENDING": State.RUNNING,
    "SUCCESS": State.DONE,
    "ERROR": State.BROKEN,
    "CANCELLED": State.BROKEN,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": State.BROKEN,
}
# DBOS is one in a process: a second one would silently be the first, on the first's database.
_only_one = threading.Lock()

_OVER = [name for name, state in _STATES.items() if state in (State.DONE, State.BROKEN)]


@dataclass(frozen=True, slots=True)
class Entry:
    """One tick as the queue knows it; ``made`` is when it was first enqueued, real seconds."""

    tick: Tick
    state: State
    worker: str
    made: float


class DbosQueue:
    """A queue of ticks on a database, and the worker threads that run them."""

    def __init__(
        self,
        url: str,
        worker: str,
        run: Callable[[Tick], object],
        *,
        threads: int,
        poll: float,
    ) -> None:
        self._url = url
        self._worker = worker
        self._run = run
        self._threads = threads
        self._poll = poll
        self._lock = threading.Lock()
        self._running: set[Tick] = set()
        self._is_open = False
        self._engine: sa.Engine | None = None
        self._client: DBOSClient | None = None

    def open(self) -> None:
        """Make or migrate the queue's tables and start taking ticks.

        Raises RuntimeError while another queue is open in this process.
        """
        if not _only_one.acquire(blocking=False):
            raise RuntimeError(
                "a process can run one durable engine at a time; stop the other first"
            )
        self._is_open = True
        _quiet()
        serializer = DBOSPortableJSONSerializer()
        # The queue may forget its last words in a power cut: a tick taken or finished without
        # record runs again and finds itself stale. What must last is written by the work.
        self._engine = open_database(
            self._url, pool=self._threads + 4, extra=["synchronous=NORMAL"]
        )
        DBOS(config=self._config(serializer))
        DBOS.workflow(name=_WORKFLOW)(self._workflow())
        DBOS.launch()
        DBOS.register_queue(
            _QUEUE,
            worker_concurrency=self._threads,
            polling_interval_sec=self._poll,
            on_conflict="always_update",
        )
        self._client = DBOSClient(
            system_database_engine=self._engine,
            application_name=_APPLICATION,
            serializer=serializer,
            lazy=True,
        )

    def close(self, drain: int) -> None:
        """Take no more ticks, wait up to ``drain`` seconds for those at work, and stop."""
        if not self._is_open:
            return
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=drain)
        if self._client is not None:
            self._client.destroy()
        if self._engine is not None:
            self._engine.dispose()
        self._is_open = False
        _only_one.release()

    def running(self) -> frozenset[Tick]:
        """The ticks this very process is at work on."""
        with self._lock:
            return frozenset(self._running)

    def enqueue(self, connection: sa.Connection, tick: Tick) -> None:
        """Enqueue in the caller's transaction; a tick already known is left as it is."""
        assert self._client is not None, "the queue is not open"
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": _WORKFLOW,
                "queue_name": _QUEUE,
                "workflow_id": tick.name,
                "app_version": _VERSION,
            },
            tick.name,
        )

    def pending(self) -> Sequence[Entry]:
        """All ticks some worker has taken and not finished."""
        return _entries(
            DBOS.list_workflows(
                status="PENDING", name=_WORKFLOW, load_input=False, load_output=False
            )
        )

    def settled(self, ticks: Iterable[Tick]) -> Sequence[Entry]:
        """Those of ``ticks`` that are over, well or badly."""
        names = [tick.name for tick in ticks]
        return _entries(
            DBOS.list_workflows(
                workflow_ids=names, status=_OVER, load_input=False, load_output=False
            )
        )

    def resume(self, ticks: Iterable[Tick]) -> None:
        """Put ticks back into the queue, whoever took them."""
        DBOS.resume_workflows([tick.name for tick in ticks], queue_name=_QUEUE)

    def drop(self, tick: Tick) -> None:
        """Never run this tick again."""
        DBOS.cancel_workflows([tick.name])

    def forget(self, before: datetime, limit: int) -> frozenset[str]:
        """Delete up to ``limit`` ticks that were over before a moment; returns their names."""
        old = DBOS.list_workflows(
            completed_before=before.isoformat(),
            status=_OVER,
            name=_WORKFLOW,
            limit=limit,
            load_input=False,
            load_output=False,
        )
        names = [status.workflow_id for status in old]
        if names:
            DBOS.delete_workflows(names)
        return frozenset(names)

    def _config(self, serializer: DBOSPortableJSONSerializer) -> DBOSConfig:
        return {
            "name": _APPLICATION,
            "system_database_url": self._url,
            "system_database_engine": self._engine,
            "executor_id": self._worker,
            "application_version": _VERSION,
            "max_executor_threads": self._threads * 2,
            "log_level": "WARNING",
            "serializer": serializer,
            "enable_otlp": False,
        }

    def _workflow(self) -> Callable[[str], None]:
        def tick(name: str) -> None:
            self._work(Tick.named(name))

        return tick

    def _work(self, tick: Tick) -> None:
        with self._lock:
            self._running.add(tick)
        try:
            self._run(tick)
        finally:
            with self._lock:
                self._running.discard(tick)


def _entries(found: Iterable[WorkflowStatus]) -> list[Entry]:
    return [
        Entry(
            Tick.named(status.workflow_id),
            _STATES.get(status.status, State.UNKNOWN),
            status.executor_id or "",
            (status.created_at or 0) / 1000,
        )
        for status in found
    ]


def _quiet() -> None:
    # DBOS installs a console handler of its own unless it finds one; ours decides what is shown.
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
