"""The notes beside the database, which several processes write and read at once."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drumbeat.app.anchor import read_anchor, write_anchor
from drumbeat.app.running import demo_clock, publish_clock
from drumbeat.engine.clock import VirtualClock
from drumbeat.store import ledger
from drumbeat.store.database import Database, sqlite_url

NOW = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)


def test_an_empty_ledger_has_no_head_worth_noting(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "drumbeat.db"))
    database.migrate()
    assert read_anchor(tmp_path) is None
    with database.read() as connection:
        write_anchor(tmp_path, connection)
    assert read_anchor(tmp_path) is None
    database.close()


def test_two_that_note_the_head_at_once_never_leave_half_a_note(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "drumbeat.db"), durable=False)
    database.migrate()
    with database.write() as transaction:
        entry = ledger.append(transaction, "noted", at=NOW, actor="a", subject="s")
    failed: list[BaseException] = []

    def note() -> None:
        try:
            for _ in range(50):
                with database.read() as connection:
                    write_anchor(tmp_path, connection)
                assert read_anchor(tmp_path) == (1, entry.hash)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=note) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [file.name for file in (tmp_path / ".drumbeat").iterdir()] == ["ledger-head.json"]
    database.close()


def test_a_workspace_without_a_demo_lives_in_real_time(tmp_path: Path) -> None:
    assert demo_clock(tmp_path) is None


def test_other_processes_follow_the_demos_clock(tmp_path: Path) -> None:
    publish_clock(tmp_path, VirtualClock(NOW, speed=3600))
    followed = demo_clock(tmp_path)
    assert followed is not None
    assert NOW <= followed.now() < NOW + timedelta(days=1)
    assert followed.speed == 3600


def test_a_demo_that_stopped_stands_still(tmp_path: Path) -> None:
    publish_clock(tmp_path, VirtualClock(NOW, speed=0))
    followed = demo_clock(tmp_path)
    assert followed is not None
    assert followed.now() == NOW
