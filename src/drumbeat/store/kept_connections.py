"""Kept connections: those to one SQLite file, left open from one transaction to the next.

Around each transaction a pool checks a connection out, begins, rolls back, resets and checks it
in again: more than most of our statements cost, and they come by the thousand. SQLite's driver
starts no transaction by itself here, so the three words it needs are said in this one place.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


class KeptConnections:
    """As many as were ever needed at once; each serves one transaction at a time.

    ``engine`` must have a pool that keeps none itself, and a driver with ``isolation_level=None``.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # A deque's ends are safe to use from several threads.
        self._idle: deque[sa.Connection] = deque()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that takes the write lock at its start and commits at its end."""
        with self._transaction("BEGIN IMMEDIATE") as (connection, driver):
            yield connection
            self._commit(driver)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment and keeps nothing."""
        with self._transaction("BEGIN") as (connection, _):
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[tuple[sa.Connection, sqlite3.Connection]]:
        connection = self._taken()
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        try:
            _say(driver, begin)
            yield connection, driver
        finally:
            if connection.invalidated:
                # Interrupted in a statement: the library has closed it under our feet.
                connection.close()
            else:
                # A full disk may have ended the transaction already.
                if driver.in_transaction:
                    driver.rollback()
                self._idle.append(connection)

    def _commit(self, driver: sqlite3.Connection) -> None:
        _say(driver, "COMMIT")

    def _taken(self) -> sa.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            # Said to the connection: an engine with options of its own has events, and one with
            # events looks for them at every statement.
            return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            self._idle.pop().close()


def _say(driver: sqlite3.Connection, word: str) -> None:
    try:
        driver.execute(word)
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(word, None, error) from error
