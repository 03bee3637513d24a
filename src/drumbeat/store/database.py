"""Database: one SQLite file or one Postgres database, with short write transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event


class DatabaseUnusable(Exception):
    """The database cannot be opened or written; the message says which and what to do."""


class Database:
    """Read and write transactions. ``url`` is ``sqlite:///file`` or ``postgresql://…``.

    ``durable=False`` gives up surviving a power loss (not a crash): for simulations only.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite(url, durable) if self.is_sqlite else _postgres(url)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that may write; on SQLite it takes the write lock at its start, so
        that what it read cannot change before it commits."""
        with self.engine.begin() as connection:
            self._open(connection, "BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, and sees one moment."""
        with self.engine.connect() as connection:
            self._open(connection, "BEGIN")
            yield connection

    def _open(self, connection: sa.Connection, how: str) -> None:
        """SQLite's driver starts no transaction by itself (see ``_sqlite``). It is told here and
        not from an engine's event: an engine with events looks for them at every statement."""
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            return
        try:
            driver.execute(how)
        except sqlite3.Error as error:
            raise sa.exc.OperationalError(how, None, error) from error

    def migrate(self) -> None:
        """Bring the schema to this version. Raises DatabaseUnusable."""
        from drumbeat.store.migrate import upgrade

        try:
            upgrade(self)
        except sa.exc.SQLAlchemyError as error:
            raise DatabaseUnusable(_advice(self.url, error)) from error

    def scrub(self) -> bool:
        """Take what was deleted out of the file and its log as well; False when others kept it
        busy, so that remains may be left.

        On Postgres the tables are written anew; its write-ahead log and backups age by its own
        settings.
        """
        if self.is_sqlite:
            return _scrub_file(self.engine)
        autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            connection.exec_driver_sql("VACUUM FULL event, delivery, suppression, subject_key")
        return True

    def close(self) -> None:
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _sqlite(url: str, durable: bool) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=20, max_overflow=0, pool_timeout=30)
    pragmas = (
        "busy_timeout=30000",
        "foreign_keys=ON",
        "journal_mode=WAL",
        f"synchronous={'FULL' if durable else 'OFF'}",
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver must not start transactions by itself: we choose IMMEDIATE or DEFERRED.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _scrub_file(engine: sa.Engine) -> bool:
    """Write the whole file anew, then empty the log into it. Both wait for others, not for ever."""
    raw = engine.raw_connection()
    try:
        driver = raw.driver_connection
        assert driver is not None
        driver.execute("VACUUM")
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        raw.close()
    return bool(busy == 0)


def _postgres(url: str) -> sa.Engine:
    # psycopg 3 is what the engine's library brings along.
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=20)


def _advice(url: str, error: Exception) -> str:
    place = url.rsplit("@", 1)[-1]
    cause = str(getattr(error, "orig", None) or error).splitlines()[0]
    return (
        f"cannot use the database {place}: {cause}. Check that it exists, is writable and has space"
    )
