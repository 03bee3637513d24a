"""The ledger: append-only by the database's own word, chained, and in order under a crowd."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from drumbeat.core.governance.entry import GENESIS, Broken, Entry, Intact, verify
from drumbeat.store import ledger
from drumbeat.store.database import Database
from drumbeat.store.tables import entry

NOW = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)


def add(database: Database, kind: str = "noted", number: int = 0) -> Entry:
    with database.write() as transaction:
        at = NOW + timedelta(minutes=number)
        return ledger.append(
            transaction, kind, at=at, actor="person:jon", subject="s", campaign=f"c{number % 2}",
            number=number, text="Kaffeerösterei – 20 %",
        )  # fmt: skip


def everything(database: Database) -> list[Entry]:
    with database.read() as connection:
        return list(ledger.entries(connection))


def test_each_entry_follows_the_one_before(database: Database) -> None:
    first, second = add(database), add(database)
    assert (first.seq, first.prev) == (1, GENESIS)
    assert (second.seq, second.prev) == (2, first.hash)
    assert everything(database) == [first, second]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE entry SET actor = 'nobody'", id="update"),
        pytest.param("UPDATE entry SET hash = hash WHERE seq = 1", id="update-nothing"),
        pytest.param("DELETE FROM entry WHERE seq = 1", id="delete"),
        pytest.param("DELETE FROM entry", id="delete-all"),
    ],
)
def test_the_database_refuses_to_change_what_was_written(
    database: Database, statement: str
) -> None:
    kept = [add(database, number=n) for n in range(3)]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.write() as transaction:
        transaction.exec_driver_sql(statement)
    assert everything(database) == kept


@pytest.mark.postgres
def test_postgres_refuses_to_empty_the_table(request: pytest.FixtureRequest) -> None:
    database = Database(request.getfixturevalue("postgres")())
    database.migrate()
    add(database)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.write() as transaction:
        transaction.exec_driver_sql("TRUNCATE entry")
    assert len(everything(database)) == 1
    database.close()


def test_a_number_cannot_be_taken_twice(database: Database) -> None:
    first = add(database)
    with pytest.raises(sa.exc.IntegrityError), database.write() as transaction:
        transaction.execute(entry.insert(), first.model_dump())


def write_and_die(database: Database) -> None:
    with database.write() as transaction:
        ledger.append(transaction, "noted", at=NOW, actor="a", subject="s")
        raise RuntimeError("the process dies here")


def test_a_transaction_that_fails_leaves_no_entry(database: Database) -> None:
    add(database)
    with pytest.raises(RuntimeError):
        write_and_die(database)
    assert add(database).seq == 2
    assert isinstance(verify(everything(database)), Intact)


def test_eight_writers_at_once_make_one_chain(database: Database) -> None:
    def write() -> None:
        for number in range(10):
            add(database, number=number)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(everything(database)) == Intact(80, everything(database)[-1].hash)


def test_what_is_read_back_is_what_was_hashed(database: Database) -> None:
    with database.write() as transaction:
        body: dict[str, Any] = {
            "share": 0.1 + 0.2,
            "big": 2**53,
            "none": None,
            "nested": {"b": [1, "ü"], "a": True},
        }
        written = ledger.append(
            transaction, "noted", at=NOW.replace(microsecond=7), actor="a", subject="s", **body
        )
    assert everything(database) == [written]
    assert isinstance(verify(everything(database)), Intact)


def test_entries_can_be_narrowed(database: Database) -> None:
    kept = [add(database, kind, number) for number, kind in enumerate(("a", "b", "a", "b"))]
    with database.read() as connection:
        assert list(ledger.entries(connection, since=2)) == kept[2:]
        assert list(ledger.entries(connection, kinds=("a",))) == kept[::2]
        assert list(ledger.entries(connection, campaign="c1")) == kept[1::2]
        assert [e.seq for e in ledger.older(connection, 4, limit=2)] == [3, 2]
        assert ledger.count(connection, kinds=("b",), since=2) == 1
        assert ledger.head(connection) == (4, kept[-1].hash)
        assert ledger.newest_of(connection, ("c0", "c1"), ("a",)) == {"c0": kept[2]}


def test_a_head_noted_elsewhere_shows_a_cut_tail(database: Database) -> None:
    kept = [add(database, number=n) for n in range(5)]
    anchor = (5, kept[-1].hash)
    assert isinstance(verify(kept, anchor), Intact)
    assert verify(kept[:3], anchor) == Broken(4, "the chain ends before the anchored head")
