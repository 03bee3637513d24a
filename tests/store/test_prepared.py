"""Prepared: the same answers as the library gives, on every database, whoever listens."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from drumbeat.store.database import Database, sqlite_url
from drumbeat.store.prepared import Prepared
from drumbeat.store.tables import due, setting

NOW = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
ADD = Prepared(due.insert())
PUT = Prepared(setting.insert())
LATER = sa.bindparam("moment", type_=due.c.wake_at.type)
WAKE = Prepared(due.update().where(due.c.subject == sa.bindparam("of")).values(wake_at=LATER))
DUE = sa.select(due.c.subject, due.c.wake_at, due.c.seq + 1).where(due.c.wake_at <= LATER)
DUE = DUE.where(due.c.error == "").order_by(due.c.subject)
ASKED = Prepared(DUE)
FOUND = Prepared(sa.select(setting).where(setting.c.name == sa.bindparam("wanted")))


def add(database: Database, subject: str, wake_at: datetime | None = NOW) -> None:
    row = {"subject": subject, "seq": 0, "attempt": 0, "wake_at": wake_at, "pokes": 0, "error": ""}
    with database.write() as transaction:
        ADD.run(transaction, **row)


def test_rows_are_as_the_library_reads_them(database: Database) -> None:
    for subject in ("b", "a"):
        add(database, subject)
    add(database, "asleep", None)
    with database.read() as connection:
        rows = ASKED.all(connection, moment=NOW)
        assert rows == [tuple(row) for row in connection.execute(DUE, {"moment": NOW})]
        assert [(row.subject, row.wake_at, row[2]) for row in rows] == [
            ("a", NOW, 1),
            ("b", NOW, 1),
        ]
        assert ASKED.first(connection, moment=NOW).subject == "a"
        assert ASKED.scalar(connection, moment=NOW) == "a"


def test_where_there_is_nothing_there_is_none(database: Database) -> None:
    with database.read() as connection:
        assert ASKED.all(connection, moment=NOW) == []
        assert ASKED.first(connection, moment=NOW) is None
        assert ASKED.scalar(connection, moment=NOW) is None


def test_a_change_says_how_many_rows_it_changed(database: Database) -> None:
    add(database, "a")
    with database.write() as transaction:
        assert WAKE.run(transaction, of="a", moment=NOW) == 1
        assert WAKE.run(transaction, of="nobody", moment=NOW) == 0


def test_json_comes_back_as_it_was_put(database: Database) -> None:
    value = {"é": [1, 2.5, None, True], "deep": {"x": "y"}}
    with database.write() as transaction:
        PUT.run(transaction, name="one", value=value)
    with database.read() as connection:
        assert FOUND.first(connection, wanted="one").value == value


def test_what_the_database_refuses_is_refused_as_ever(database: Database) -> None:
    add(database, "a")
    with pytest.raises(sa.exc.IntegrityError):
        add(database, "a")
    with database.read() as connection:
        assert len(ASKED.all(connection, moment=NOW)) == 1


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with database.read() as connection, pytest.raises((ValueError, sa.exc.StatementError)):
        ASKED.all(connection, moment=NOW.replace(tzinfo=None))


def test_who_listens_hears_every_statement(database: Database) -> None:
    heard: list[str] = []
    with database.engine.connect() as connection:
        sa.event.listen(
            connection, "before_cursor_execute", lambda c, u, text, *_: heard.append(text)
        )
        ASKED.all(connection, moment=NOW)
    assert len(heard) == 1


def test_a_list_among_the_values_has_no_place(tmp_path: Path) -> None:
    some = due.c.subject.in_(sa.bindparam("some", expanding=True))
    database = Database(sqlite_url(tmp_path / "drumbeat.db"))
    with database.read() as connection, pytest.raises(ValueError, match="a list has no place"):
        Prepared(sa.select(due.c.seq).where(some)).all(connection, some=["a"])
    database.close()
