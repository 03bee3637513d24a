"""Databases: how every connection of ours is opened, on one SQLite file or on Postgres."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

# WAL lets readers go on while one writes; FULL keeps the last commit through a power cut;
# IMMEDIATE takes the write lock at the start, where waiting for it is possible.
_PRAGMAS = (
    "busy_timeout=30000",
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
)


def open_database(url: str, *, pool: int = 20, extra: Iterable[str] = ()) -> sa.Engine:
    """An engine for ``sqlite:///file`` or ``postgresql://…``; ``extra`` are SQLite pragmas.

    On Postgres a transaction left idle for ten seconds is ended by the server, so never wait for
    the network inside one.

    Never give this engine to DBOS as well: a shared pool waits for itself while SQLite's write
    lock is held. Raises ValueError for any other kind of database.
    """
    address = sa.make_url(url)
    match address.get_backend_name():
        case "sqlite":
            return _sqlite(address, pool, (*_PRAGMAS, *extra))
        case "postgresql":
            return _postgres(address, pool)
        case other:
            raise ValueError(f"a database is sqlite:///file or postgresql://…, not {other!r}")


def _postgres(address: sa.URL, pool: int) -> sa.Engine:
    # A worker suspended in mid-transaction must not keep its locks from those who take over.
    patience = {"options": "-c idle_in_transaction_session_timeout=10s"}
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=pool,
        pool_pre_ping=True,
        connect_args=patience,
    )


def _sqlite(address: sa.URL, pool: int, pragmas: Iterable[str]) -> sa.Engine:
    engine = sa.create_engine(address, pool_size=pool, max_overflow=0, pool_timeout=30)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine
