"""Prepared: a statement built once that is asked by the thousand, with few steps to the driver.

Between a statement of SQLAlchemy's and SQLite's driver lie some hundred function calls: more work
than SQLite has with most of ours. These are compiled once, with the places and the types of their
values; from then on the driver is asked itself. Other databases, and whoever listens to what is
executed, get the library's own way.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

_Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class _Compiled:
    """The text, its values in order (by name, with what is fixed), and how rows are read."""

    text: str
    values: tuple[tuple[str, _Reader | None], ...]
    fixed: Mapping[str, Any]
    row: Callable[[Any], Any]
    readers: tuple[_Reader | None, ...]

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        """What the driver is given. Raises KeyError for a value that nobody gave."""
        found = {**self.fixed, **values}
        return [found[name] if write is None else write(found[name]) for name, write in self.values]

    def read(self, row: Any) -> Any:
        """A row with the types of its columns, by name and by place."""
        if not self.readers:
            return self.row(row)
        cells = zip(row, self.readers, strict=True)
        return self.row([cell if read is None else read(cell) for cell, read in cells])


class Prepared:
    """``statement`` has no lists among its values; an insert names its columns by what it is given.

    Rows come as named tuples. Raises what SQLAlchemy raises.
    """

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._compiled: _Compiled | None = None

    def all(self, connection: sa.Connection, **values: Any) -> list[Any]:
        """Every row."""
        if not _is_direct(connection):
            return list(connection.execute(self.statement, values).all())
        cursor, compiled = self._ask(connection, values)
        return [compiled.read(row) for row in cursor.fetchall()]

    def first(self, connection: sa.Connection, **values: Any) -> Any:
        """The first row; None where there is none."""
        if not _is_direct(connection):
            return connection.execute(self.statement, values).first()
        cursor, compiled = self._ask(connection, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else compiled.read(row)

    def scalar(self, connection: sa.Connection, **values: Any) -> Any:
        """The first column of the first row; None where there is none."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def run(self, connection: sa.Connection, **values: Any) -> int:
        """Change something; how many rows an update or a deletion found."""
        if not _is_direct(connection):
            return connection.execute(self.statement, values).rowcount
        return self._ask(connection, values)[0].rowcount

    def _ask(
        self, connection: sa.Connection, values: Mapping[str, Any]
    ) -> tuple[sqlite3.Cursor, _Compiled]:
        compiled = self._compiled
        if compiled is None:
            compiled = self._compiled = _compile(self.statement, connection.dialect, list(values))
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        given = compiled.given(values)
        try:
            return driver.execute(compiled.text, given), compiled
        except sqlite3.Error as error:
            raise sa.exc.DBAPIError.instance(
                compiled.text, given, error, sqlite3.Error, dialect=connection.dialect
            ) from error


def _is_direct(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite" and not (
        connection._has_events or connection.engine._has_events
    )


def _compile(statement: Any, dialect: Dialect, names: list[str]) -> _Compiled:
    columns = names if isinstance(statement, sa.Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    assert isinstance(compiled, SQLCompiler)
    if compiled.post_compile_params:
        raise ValueError(f"a list has no place of its own in a prepared statement: {compiled}")
    order = [compiled.binds[name] for name in compiled.positiontup or ()]
    told = compiled._result_columns
    readers = tuple(_reader(one.type, dialect) for one in told)
    return _Compiled(
        text=str(compiled),
        values=tuple((bind.key, _writer(bind.type, dialect)) for bind in order),
        fixed={bind.key: bind.effective_value for bind in order if not bind.required},
        row=_row([one.keyname for one in told]),
        readers=readers if any(readers) else (),
    )


def _row(names: list[str]) -> Callable[[Any], Any]:
    named: Any = namedtuple
    make: Callable[[Any], Any] = named("Row", names, rename=True)._make
    return make


def _writer(kind: Any, dialect: Dialect) -> _Reader | None:
    found: _Reader | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _reader(kind: Any, dialect: Dialect) -> _Reader | None:
    found: _Reader | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found
