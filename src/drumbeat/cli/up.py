"""`drumbeat up`: run a workspace for real: worker, clocks and web page in one process."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import database_option, opened, workspace_option
from drumbeat.cli.output import say


@click.command("up")
@click.option("--port", type=click.IntRange(1, 65_535))
@click.option("--host", default="127.0.0.1", show_default=True)
@workspace_option
@database_option
def up_command(port: int | None, host: str, workspace: Path, database: str | None) -> int:
    """Run the workspace. One process on its own SQLite file; with --database postgresql://…
    any number of `drumbeat worker` processes may join."""
    from drumbeat.app.pages.services import services_for, web_settings
    from drumbeat.app.server import PortTaken, free_port, serve
    from drumbeat.app.worker import engine_for
    from drumbeat.engine.lock import DatabaseInUse
    from drumbeat.web.application import create_app

    with opened(workspace, database) as app:
        try:
            found = free_port(host, port)
            with engine_for(app) as engine:
                say(f"Drumbeat runs at http://{host}:{found}  (Ctrl-C ends it)")
                page = create_app(services_for(app, engine.problems), web_settings(app))
                serve(page, host, found)
        except (PortTaken, DatabaseInUse) as error:
            raise Failure(str(error)) from error
    return Exit.OK
