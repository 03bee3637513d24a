"""Worker: the durable engine over a workspace's work."""

from collections.abc import Iterator
from contextlib import contextmanager

from drumbeat.app.anchor import write_anchor
from drumbeat.app.compose import App
from drumbeat.engine.durable import DurableEngine
from drumbeat.engine.loop import Loop

_ANCHOR_EVERY_SECONDS = 5.0


@contextmanager
def engine_for(app: App) -> Iterator[DurableEngine]:
    """Start working; the ledger's head is noted outside the database every few seconds.

    Raises DatabaseInUse when another process runs the same SQLite file.
    """

    def anchor() -> bool:
        with app.database.read() as connection:
            write_anchor(app.home, connection)
        return False

    engine = DurableEngine(app.database.url, app.work, app.clock)
    anchoring = Loop("anchor", _ANCHOR_EVERY_SECONDS, anchor)
    engine.start()
    try:
        app.work.start()
        anchoring.start()
        yield engine
    finally:
        anchoring.stop(5)
        engine.stop()
        anchor()
