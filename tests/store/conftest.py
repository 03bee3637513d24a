"""Fixtures of the store's tests: the same questions to SQLite and to Postgres."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drumbeat.store.database import Database, sqlite_url
from tests.postgres import postgres

__all__ = ["postgres"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database."""
    is_sqlite = request.param == "sqlite"
    url = sqlite_url(tmp_path / "store.db") if is_sqlite else request.getfixturevalue("postgres")()
    made = Database(url, durable=False)
    made.migrate()
    yield made
    made.close()
