"""Passages: the places of a running demo at which a test can stand and end it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from drumbeat.store.database import Database


def on_commit(database: Database, passage: Callable[[], None]) -> None:
    """Call it whenever a transaction is about to end for good."""
    kept = database._kept
    assert kept is not None
    commit = kept.commit

    def passed(driver: Any) -> None:
        passage()
        commit(driver)

    kept.commit = passed  # type: ignore[method-assign]


def on_statement(database: Database, passage: Callable[[], None]) -> None:
    """Call it whenever a statement is about to be sent."""
    event.listen(database.engine, "before_cursor_execute", lambda *_: passage())
    # A connection looks once, when it is made, for who listens.
    assert database._kept is not None
    database._kept.close()
