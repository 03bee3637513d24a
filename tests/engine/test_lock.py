"""The database lock: one holder at a time, named in the refusal."""

import os
from pathlib import Path

import pytest

from drumbeat.engine.lock import DatabaseInUse, DatabaseLock


def test_a_held_lock_names_its_holder_and_what_to_do(tmp_path: Path) -> None:
    first, second = (DatabaseLock(tmp_path / "drumbeat.db") for _ in range(2))
    first.acquire()
    with pytest.raises(DatabaseInUse, match=rf"drumbeat\.db .*pid {os.getpid()}.*Stop that one"):
        second.acquire()
    first.release()


def test_a_released_lock_can_be_taken(tmp_path: Path) -> None:
    first, second = (DatabaseLock(tmp_path / "drumbeat.db") for _ in range(2))
    first.acquire()
    first.release()
    second.acquire()
    second.release()


def test_a_file_left_behind_by_a_longer_number_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "drumbeat.db.lock").write_text("12345678901234567890\n")
    first, second = (DatabaseLock(tmp_path / "drumbeat.db") for _ in range(2))
    first.acquire()
    with pytest.raises(DatabaseInUse, match=rf"pid {os.getpid()}\)"):
        second.acquire()
    first.release()


def test_releasing_what_is_not_held_is_harmless(tmp_path: Path) -> None:
    DatabaseLock(tmp_path / "drumbeat.db").release()


def test_two_databases_in_one_folder_do_not_share_a_lock(tmp_path: Path) -> None:
    locks = [DatabaseLock(tmp_path / name) for name in ("a.db", "b.db")]
    for lock in locks:
        lock.acquire()
    for lock in locks:
        lock.release()
