"""Roll call: which workers are alive, and how often a tick was taken from a dead one."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa

from drumbeat.engine.rescue import Stillness

metadata = sa.MetaData()

workers = sa.Table(
    "engine_worker",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("beats", sa.BigInteger, nullable=False),
)

rescued = sa.Table(
    "engine_rescue",
    metadata,
    sa.Column("tick", sa.String(500), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)

# Any two numbers, as long as every worker uses the same: one guards the making of tables, one
# the rescue of ticks, so that no two workers resume the same tick.
_CREATE, _RESCUE = 7_310_410, 7_310_411


class Roll(Protocol):
    """What a worker knows of the others on its database."""

    def join(self) -> None:
        """Sign in, before the first tick is taken."""
        ...

    def beat(self) -> None:
        """Say that this worker is alive."""
        ...

    def leave(self) -> None:
        """Sign out: whatever is left behind may be taken at once."""
        ...

    def gone(self, suspects: Set[str], at: float) -> frozenset[str]:
        """Those of ``suspects`` that are dead, ``at`` real seconds on a stopwatch."""
        ...

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Whether this worker may rescue ticks now; one worker at a time."""
        ...


class Alone:
    """The roll of a SQLite database: its lock proves that every other worker is gone."""

    def __init__(self, database: sa.Engine, me: str) -> None:
        self._database = database
        self._me = me

    def join(self) -> None:
        metadata.create_all(self._database)

    def beat(self) -> None:
        """Nobody listens."""

    def leave(self) -> None:
        """The lock says it all."""

    def gone(self, suspects: Set[str], at: float) -> frozenset[str]:
        return frozenset(suspects) - {self._me}

    @contextmanager
    def turn(self) -> Iterator[bool]:
        yield True


class Together:
    """The roll of a Postgres database: each worker counts its heartbeats in a row.

    A worker is gone when it has no row, or when its count has stood still for ``dead_after``
    real seconds as seen by the one who looks.
    """

    def __init__(self, database: sa.Engine, me: str, *, dead_after: float) -> None:
        self._database = database
        self._me = me
        self._dead_after = dead_after
        self._beats = 0
        self._stillness: Stillness[str, int] = Stillness()

    def join(self) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATE)))
            metadata.create_all(connection)
        self.beat()

    def beat(self) -> None:
        # Counted here and not in the row: a worker that was struck off while suspended must come
        # back with a number nobody has seen before.
        self._beats += 1
        mine = workers.c.id == self._me
        with self._database.begin() as connection:
            beat = sa.update(workers).where(mine).values(beats=self._beats)
            if connection.execute(beat).rowcount == 0:
                connection.execute(sa.insert(workers).values(id=self._me, beats=self._beats))

    def leave(self) -> None:
        self._strike({self._me})

    def gone(self, suspects: Set[str], at: float) -> frozenset[str]:
        with self._database.connect() as connection:
            beats = {row.id: row.beats for row in connection.execute(sa.select(workers))}
        still = self._stillness.observe(beats, at)
        dead = {name for name, seconds in still.items() if seconds >= self._dead_after}
        self._strike(dead - {self._me})
        return (frozenset(dead) | (suspects - beats.keys())) - {self._me}

    @contextmanager
    def turn(self) -> Iterator[bool]:
        with self._database.begin() as connection:
            mine = sa.select(sa.func.pg_try_advisory_xact_lock(_RESCUE))
            yield bool(connection.scalar(mine))

    def _strike(self, names: Set[str]) -> None:
        if names:
            with self._database.begin() as connection:
                connection.execute(sa.delete(workers).where(workers.c.id.in_(names)))


class Rescues:
    """How often each tick was taken from a dead worker: the queue forgets it, so we count."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def times(self, tick: str) -> int:
        with self._database.connect() as connection:
            found = sa.select(rescued.c.times).where(rescued.c.tick == tick)
            return connection.scalar(found) or 0

    def count(self, tick: str) -> None:
        mine = rescued.c.tick == tick
        with self._database.begin() as connection:
            more = sa.update(rescued).where(mine).values(times=rescued.c.times + 1)
            if connection.execute(more).rowcount == 0:
                connection.execute(sa.insert(rescued).values(tick=tick, times=1))

    def forget(self, ticks: Set[str]) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.delete(rescued).where(rescued.c.tick.in_(ticks)))
