"""A toy Work: subjects that count, on a table of their own, in an outside world that keeps score.

The outside world is the table ``toy_call``: one row a call, in a transaction of its own, as if a
platform had answered. The idempotency key is ``subject:seq``; the world's own ``toy_effect`` keeps
one row a key, whatever the number of calls.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from drumbeat.engine.clock import Clock
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Enqueue

metadata = sa.MetaData()
subjects = sa.Table(
    "toy_subject",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("rounds", sa.Integer, nullable=False),
    sa.Column("wake_at", sa.BigInteger, nullable=True, index=True),
    sa.Column("lease", sa.BigInteger, nullable=False),
    sa.Column("error", sa.String, nullable=True),
)
calls = sa.Table(
    "toy_call",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
effects = sa.Table("toy_effect", metadata, sa.Column("key", sa.String, primary_key=True))

Fault = Callable[[Tick], None]


def healthy(_: Tick) -> None:
    """No fault."""


def micros(at: datetime) -> int:
    """Whole microseconds since 1970: exact on both databases, and they sort."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)


class Toy:
    """Each subject ticks ``rounds`` times, ``period`` apart, with one outside effect a tick."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        *,
        period: timedelta = timedelta(0),
        lease: timedelta = timedelta(minutes=5),
        back_off: timedelta = timedelta(0),
        effect_seconds: float = 0.0,
        faults: Mapping[str, Fault] | None = None,
        max_attempts: int = 3,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.period = period
        self.lease = lease
        self.back_off = back_off
        self.effect_seconds = effect_seconds
        self.faults = faults or {}
        self.max_attempts = max_attempts

    def create(self, names: list[str], rounds: int) -> None:
        """Make the tables and the subjects, all due now."""
        with self.engine.begin() as connection:
            self._create(connection, names, rounds)

    def ensure(self, names: list[str], rounds: int) -> None:
        """Make them unless another process has, or is about to."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(1)))
            metadata.create_all(connection)
            if not connection.scalar(sa.select(sa.func.count()).select_from(subjects)):
                self._create(connection, names, rounds)

    def _create(self, connection: sa.Connection, names: list[str], rounds: int) -> None:
        metadata.create_all(connection)
        now = micros(self.clock.now())
        rows = [
            {"name": n, "seq": 0, "attempt": 0, "rounds": rounds, "wake_at": now, "lease": 0}
            for n in names
        ]
        connection.execute(sa.insert(subjects), rows)

    def claim(self, now: datetime, limit: int, enqueue: Enqueue) -> int:
        at = micros(now)
        due = (
            sa.select(subjects.c.name)
            .where(subjects.c.wake_at <= at, subjects.c.lease <= at)
            .order_by(subjects.c.wake_at, subjects.c.name)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claim = (
            sa.update(subjects)
            .where(subjects.c.name.in_(due))
            .values(lease=micros(now + self.lease))
            .returning(subjects.c.wake_at, subjects.c.name, subjects.c.seq, subjects.c.attempt)
        )
        with self.engine.begin() as connection:
            found = sorted(tuple(row) for row in connection.execute(claim))
            for _, name, seq, attempt in found:
                enqueue(connection, Tick(name, seq, attempt))
        return len(found)

    def run(self, tick: Tick) -> None:
        with self.engine.connect() as connection:
            seq = connection.scalar(
                sa.select(subjects.c.seq).where(subjects.c.name == tick.subject)
            )
        if seq != tick.seq:
            return
        self.faults.get(tick.name, healthy)(tick)
        self._effect(f"{tick.subject}:{tick.seq}")
        self._commit(tick)

    def next_due(self) -> datetime | None:
        ready = sa.case(
            (subjects.c.lease > subjects.c.wake_at, subjects.c.lease), else_=subjects.c.wake_at
        )
        with self.engine.connect() as connection:
            found = connection.scalar(
                sa.select(sa.func.min(ready)).where(subjects.c.wake_at.is_not(None))
            )
        return None if found is None else moment(found)

    def failed(self, tick: Tick, error: str) -> None:
        again = (
            micros(self.clock.now() + self.back_off)
            if tick.attempt + 1 < self.max_attempts
            else None
        )
        with self.engine.begin() as connection:
            connection.execute(
                sa.update(subjects)
                .where(
                    subjects.c.name == tick.subject,
                    subjects.c.seq == tick.seq,
                    subjects.c.attempt == tick.attempt,
                )
                .values(attempt=tick.attempt + 1, wake_at=again, lease=0, error=error)
            )

    def _effect(self, key: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.insert(calls).values(key=key, at=micros(self.clock.now())))
        time.sleep(self.effect_seconds)
        with self.engine.begin() as connection:
            done = connection.scalar(sa.select(effects.c.key).where(effects.c.key == key))
            if done is None:
                connection.execute(sa.insert(effects).values(key=key))

    def _commit(self, tick: Tick) -> None:
        wake = sa.case(
            (subjects.c.rounds > tick.seq + 1, micros(self.clock.now() + self.period)), else_=None
        )
        with self.engine.begin() as connection:
            connection.execute(
                sa.update(subjects)
                .where(subjects.c.name == tick.subject, subjects.c.seq == tick.seq)
                .values(seq=tick.seq + 1, attempt=0, wake_at=wake, lease=0, error=None)
            )

    def committed(self) -> int:
        """Ticks committed so far, over all subjects."""
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.sum(subjects.c.seq))) or 0

    def effect_keys(self) -> list[str]:
        """One entry a distinct effect, sorted."""
        with self.engine.connect() as connection:
            return sorted(connection.scalars(sa.select(effects.c.key)).all())

    def call_keys(self) -> list[str]:
        """Every call the outside world saw, in order."""
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.select(calls.c.key).order_by(calls.c.id)).all())

    def call_keys_sorted(self) -> list[str]:
        return sorted(self.call_keys())

    def errors(self) -> dict[str, str]:
        """The last error of each subject that stands in one."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                sa.select(subjects.c.name, subjects.c.error).where(subjects.c.error.is_not(None))
            )
            return {row.name: row.error for row in rows}


def expected(names: list[str], rounds: int) -> list[str]:
    """The effect keys of a run in which nothing is lost."""
    return sorted(f"{name}:{seq}" for name in names for seq in range(rounds))
