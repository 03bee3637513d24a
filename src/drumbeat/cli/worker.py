"""`drumbeat worker`: one more worker process on the same Postgres database."""

import signal
import threading
from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import database_option, opened, workspace_option
from drumbeat.cli.output import say


@click.command("worker")
@workspace_option
@database_option
def worker_command(workspace: Path, database: str | None) -> int:
    """Work beside `drumbeat up` on the same workspace and database."""
    from drumbeat.app.worker import engine_for

    if database is None or database.startswith("sqlite"):
        text = "extra workers need Postgres: --database postgresql://…; SQLite has one process"
        raise Failure(text, Exit.INVALID)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with opened(workspace, database) as app, engine_for(app) as engine:
        say(f"worker {engine.worker} is at work (Ctrl-C ends it)")
        stopped.wait()
    return Exit.OK
