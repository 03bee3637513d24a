"""Database: one SQLite file or one Postgres database, with short write transactions."""

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from drumbeat.store.kept_connections import KeptConnections
from drumbeat.store.shape import UnknownSchema, difference

# The schema of this version: the last revision of migrations/versions.
NEWEST = "0001"
# Some 400 different ones are asked in turn; the driver keeps 128 unless told otherwise.
_STATEMENTS = 1024
_VERSION = sa.text("SELECT version_num FROM alembic_version")


class DatabaseUnusable(Exception):
    """The database cannot be opened or written; the message says which and what to do."""


class Database:
    """Read and write transactions. ``url`` is ``sqlite:///file`` or ``postgresql://…``.

    ``durable=False`` gives up surviving a power loss (not a crash): for simulations only. Raises
    DatabaseUnusable for another kind of address.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:///")
        if not self.is_sqlite and not url.startswith("postgresql://"):
            kind = url.partition(":")[0][:20]
            raise DatabaseUnusable(
                f"{kind} is no database Drumbeat knows; write postgresql://user@host/name, or "
                "leave it out for the workspace's own SQLite file"
            )
        self.engine = _sqlite(url, durable) if self.is_sqlite else _postgres(url)
        self._kept = KeptConnections(self.engine) if self.is_sqlite else None

    def write(self) -> AbstractContextManager[sa.Connection]:
        """A transaction that may write; on SQLite it takes the write lock at its start, so
        that what it read cannot change before it commits."""
        return self._kept.write() if self._kept is not None else self.engine.begin()

    def read(self) -> AbstractContextManager[sa.Connection]:
        """A transaction that only reads, and sees one moment."""
        return self._kept.read() if self._kept is not None else self.engine.connect()

    def migrate(self) -> None:
        """Bring the schema to this version. Raises DatabaseUnusable, and then changes nothing:
        also where another version made the tables, which would fail in the middle of the work."""
        try:
            if not self._is_newest():
                from drumbeat.store.migrate import upgrade

                upgrade(self)
            with self.read() as connection:
                why = difference(connection)
        except UnknownSchema as error:
            why = str(error)
        except sa.exc.SQLAlchemyError as error:
            raise DatabaseUnusable(_advice(self.url, error)) from error
        if why:
            raise DatabaseUnusable(_of_another_version(self.url, why))

    def _is_newest(self) -> bool:
        """Whether there is nothing to migrate, so that what migrates need not be loaded."""
        try:
            with self.read() as connection:
                return bool(connection.scalar(_VERSION) == NEWEST)
        except sa.exc.DatabaseError:
            return False  # no table yet; or a worse reason, which migrating will tell

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
            connection.exec_driver_sql(
                "VACUUM FULL event, delivery, suppression, subject_key, share, comment"
            )
        return True

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file, as ``Database`` takes it."""
    return f"sqlite:///{path}"


def _sqlite(url: str, durable: bool) -> sa.Engine:
    kept = {"cached_statements": _STATEMENTS}
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=kept)
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


def _of_another_version(url: str, why: str) -> str:
    place = url.rsplit("@", 1)[-1]
    return (
        f"the database {place} was made by another version of Drumbeat: {why}. Nothing in it was "
        "changed. Go on with the version that made it; or keep it as it is, move it away, and this "
        "version begins a new one (a demo: give it another folder)"
    )


def _advice(url: str, error: Exception) -> str:
    place = url.rsplit("@", 1)[-1]
    cause = str(getattr(error, "orig", None) or error).splitlines()[0]
    return (
        f"cannot use the database {place}: {cause}. Check that it exists, is writable and has space"
    )
