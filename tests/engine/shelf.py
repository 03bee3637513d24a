"""A queue of ticks in memory, with the few verbs dispatcher and keeper need."""

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from drumbeat.engine.dbos_queue import Entry
from drumbeat.engine.rescue import State
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Enqueue

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass
class FakeQueue:
    """Entries by tick; what was resumed and dropped, in order."""

    entries: dict[Tick, Entry] = field(default_factory=dict)
    at_work: set[Tick] = field(default_factory=set)
    resumed: list[Tick] = field(default_factory=list)
    dropped: list[Tick] = field(default_factory=list)
    forgotten_before: datetime | None = None

    def put(self, tick: Tick, state: State, worker: str = "", made: float = 0.0) -> None:
        self.entries[tick] = Entry(tick, state, worker, made)

    def enqueue(self, connection: "Connection", tick: Tick) -> None:
        self.entries.setdefault(tick, Entry(tick, State.WAITING, "", 0.0))

    def settled(self, ticks: Iterable[Tick]) -> Sequence[Entry]:
        over = (State.DONE, State.BROKEN)
        return [self.entries[tick] for tick in ticks if self.entries[tick].state in over]

    def running(self) -> frozenset[Tick]:
        return frozenset(self.at_work)

    def pending(self) -> Sequence[Entry]:
        return [entry for entry in self.entries.values() if entry.state is State.RUNNING]

    def resume(self, ticks: Iterable[Tick]) -> None:
        for tick in ticks:
            self.resumed.append(tick)
            self.entries[tick] = replace(self.entries[tick], state=State.WAITING, worker="")

    def drop(self, tick: Tick) -> None:
        self.dropped.append(tick)
        self.entries[tick] = replace(self.entries[tick], state=State.BROKEN)

    def forget(self, before: datetime, limit: int) -> frozenset[str]:
        self.forgotten_before = before
        names = [tick.name for tick, e in self.entries.items() if e.state is State.DONE][:limit]
        self.entries = {t: e for t, e in self.entries.items() if t.name not in names}
        return frozenset(names)


@dataclass
class FakeWork:
    """Claims what it was given, once a turn; remembers the failures it was told."""

    due: list[Tick] = field(default_factory=list)
    failures: dict[Tick, str] = field(default_factory=dict)

    def claim(self, now: datetime, limit: int, enqueue: Enqueue) -> int:
        batch, self.due = self.due[:limit], self.due[limit:]
        for tick in batch:
            enqueue(None, tick)  # type: ignore[arg-type]
        return len(batch)

    def run(self, tick: Tick) -> None:
        raise AssertionError("a queue in memory runs nothing")

    def next_due(self) -> datetime | None:
        return datetime(1970, 1, 1, tzinfo=UTC) if self.due else None

    def failed(self, tick: Tick, error: str) -> None:
        self.failures[tick] = error


@dataclass
class FakeRoll:
    """Who is gone, as told; ``mine`` is whether it is our turn to rescue."""

    dead: set[str] = field(default_factory=set)
    mine: bool = True

    def join(self) -> None: ...

    def beat(self) -> None: ...

    def leave(self) -> None: ...

    def gone(self, suspects: Set[str], at: float) -> frozenset[str]:
        return frozenset(self.dead)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        yield self.mine


@dataclass
class FakeCounts:
    """Rescues by tick name."""

    counts: dict[str, int] = field(default_factory=dict)

    def times(self, tick: str) -> int:
        return self.counts.get(tick, 0)

    def count(self, tick: str) -> None:
        self.counts[tick] = self.times(tick) + 1

    def forget(self, ticks: Set[str]) -> None:
        self.counts = {name: times for name, times in self.counts.items() if name not in ticks}
