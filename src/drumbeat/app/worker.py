"""Worker: the durable engine over a workspace's work."""

from collections.abc import Iterator
from contextlib import contextmanager

from drumbeat.app.anchor import write_anchor
from drumbeat.app.compose import App
from drumbeat.app.rule_watch import RuleWatch
from drumbeat.engine.durable import DurableEngine
from drumbeat.engine.loop import Loop

_ANCHOR_EVERY_SECONDS = 5.0
_RULES_EVERY_SECONDS = 2.0


@contextmanager
def engine_for(app: App) -> Iterator[DurableEngine]:
    """Start working; the ledger's head is noted outside the database every few seconds,
    and rules that another process changed through the gate are taken up.

    Raises DatabaseInUse when another process runs the same SQLite file.
    """

    def anchor() -> bool:
        with app.database.read() as connection:
            write_anchor(app.home, connection)
        return False

    engine = DurableEngine(app.database.url, app.work, app.clock)
    anchoring = Loop("anchor", _ANCHOR_EVERY_SECONDS, anchor)
    rules = Loop("rules", _RULES_EVERY_SECONDS, RuleWatch(app).look)
    engine.start()
    try:
        app.work.start()
        anchoring.start()
        rules.start()
        yield engine
    finally:
        rules.stop(5)
        anchoring.stop(5)
        engine.stop()
        anchor()
