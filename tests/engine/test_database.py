"""Databases: how a SQLite file is opened, and what is refused."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from drumbeat.engine.clock import SystemClock
from drumbeat.engine.database import open_database
from drumbeat.engine.durable import DurableEngine
from tests.engine.shelf import FakeWork


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "wal", id="readers-go-on-while-one-writes"),
        pytest.param("synchronous", 2, id="commits-survive-a-power-cut"),
        pytest.param("busy_timeout", 30000, id="writers-wait-for-each-other"),
        pytest.param("foreign_keys", 1, id="references-are-checked"),
    ],
)
def test_a_file_is_opened_with(tmp_path: Path, pragma: str, value: str | int) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'some.db'}")
    with engine.connect() as connection:
        found = connection.scalar(sa.text(f"PRAGMA {pragma}"))
    engine.dispose()
    assert found == value


def test_another_kind_of_database_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(ValueError, match=r"sqlite:///file or postgresql://"):
        open_database("mysql://somewhere/db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_cannot_be_durable(url: str) -> None:
    with pytest.raises(ValueError, match="outlives it"):
        DurableEngine(url, FakeWork(), SystemClock())
