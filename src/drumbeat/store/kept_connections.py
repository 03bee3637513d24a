"""Kept connections: those to one SQLite file, left open from one transaction to the next.

Around each transaction a pool checks a connection out, begins, rolls back, resets and checks it
in again: more than most of our statements cost, and they come by the thousand. SQLite's driver
starts no transaction by itself here, so the three words it needs are said in this one place.
"""

import sqlite3
from collections import deque

import sqlalchemy as sa


class KeptConnections:
    """As many as were ever needed at once; each serves one transaction at a time.

    ``engine`` must have a pool that keeps none itself, and a driver with ``isolation_level=None``.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # A deque's ends are safe to use from several threads.
        self._idle: deque[sa.Connection] = deque()

    def write(self) -> "_Transaction":
        """A transaction that takes the write lock at its start and commits at its end."""
        return _Transaction(self, "BEGIN IMMEDIATE", commits=True)

    def read(self) -> "_Transaction":
        """A transaction that sees one moment and keeps nothing."""
        return _Transaction(self, "BEGIN", commits=False)

    def take(self) -> sa.Connection:
        """One that is idle, or a new one."""
        try:
            return self._idle.pop()
        except IndexError:
            # Said to the connection: an engine with options of its own has events, and one with
            # events looks for them at every statement.
            return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def commit(self, driver: sqlite3.Connection) -> None:
        """End its transaction for good."""
        _say(driver, "COMMIT")

    def put_back(self, connection: sa.Connection) -> None:
        """Keep a connection for the next transaction; this one's is over."""
        self._idle.append(connection)

    def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            self._idle.pop().close()


class _Transaction:
    """One transaction. Plain methods: they are called by the thousand, and generators cost."""

    __slots__ = ("_begin", "_commits", "_connection", "_driver", "_kept")

    def __init__(self, kept: KeptConnections, begin: str, *, commits: bool) -> None:
        self._kept, self._begin, self._commits = kept, begin, commits

    def __enter__(self) -> sa.Connection:
        self._connection = self._kept.take()
        driver = self._connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        self._driver = driver
        try:
            _say(driver, self._begin)
        except BaseException:
            self._end()
            raise
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if self._commits and kind is None:
                self._kept.commit(self._driver)
        finally:
            self._end()

    def _end(self) -> None:
        if self._connection.invalidated:
            # Interrupted in a statement: the library has closed it under our feet.
            self._connection.close()
            return
        # A full disk may have ended the transaction already.
        if self._driver.in_transaction:
            self._driver.rollback()
        self._kept.put_back(self._connection)


def _say(driver: sqlite3.Connection, word: str) -> None:
    try:
        driver.execute(word)
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(word, None, error) from error
