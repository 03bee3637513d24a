"""Connections kept between transactions: whatever ends one, the next begins afresh."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from drumbeat.store import settings
from drumbeat.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/d.db", durable=False)
    made.migrate()
    yield made
    made.close()


def value(database: Database) -> object:
    with database.read() as connection:
        return settings.get(connection, "one")


def test_what_fails_is_taken_back_and_what_ends_well_is_kept(database: Database) -> None:
    def fails() -> None:
        with database.write() as connection:
            settings.put(connection, "one", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert value(database) is None
    with database.write() as connection:
        settings.put(connection, "one", 2)
    assert value(database) == 2


def test_a_transaction_within_another_sees_what_was_there_before(database: Database) -> None:
    with database.write() as connection:
        settings.put(connection, "one", 1)
        assert value(database) is None
    assert value(database) == 1


def test_an_interruption_is_not_lost_and_breaks_no_later_transaction(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database.engine.dialect, "do_execute", interrupted)
        with pytest.raises(KeyboardInterrupt), database.write() as connection:
            connection.exec_driver_sql("DELETE FROM setting")
    assert value(database) is None
    with database.write() as connection:
        settings.put(connection, "one", 3)
    assert value(database) == 3


def test_a_commit_that_fails_says_so_as_the_library_does(database: Database) -> None:
    def ends_too_early() -> None:
        with database.write() as connection:
            settings.put(connection, "one", 1)
            connection.exec_driver_sql("ROLLBACK")

    with pytest.raises(sa.exc.OperationalError):
        ends_too_early()
    assert value(database) is None


def test_each_thread_has_one_of_its_own(database: Database) -> None:
    together = Barrier(8)

    def reads() -> object:
        with database.read() as connection:
            together.wait(timeout=30)
            return settings.get(connection, "one", "nothing")

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(reads) for _ in range(8)]
        assert {one.result() for one in answers} == {"nothing"}
