"""`drumbeat up`: run a workspace for real: worker, clocks and web page in one process."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import database_option, opened, workspace_option
from drumbeat.cli.output import say

if TYPE_CHECKING:
    from drumbeat.app.compose import App


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
                services = services_for(app, engine.problems)
                if services.accounts and not services.oidc and not services.accounts.anybody():
                    say(f"Nobody can sign in yet: drumbeat password {_first(app)} -C {app.home}")
                page = create_app(services, web_settings(app))
                serve(page, host, found)
        except (PortTaken, DatabaseInUse) as error:
            raise Failure(str(error)) from error
    return Exit.OK


def _first(app: "App") -> str:
    """The address of whoever may do most: an administrator, else anybody."""
    people = [one for one in app.files.workspace.people if not one.agent]
    ordered = sorted(people, key=lambda one: "admin" not in map(str, one.roles))
    return ordered[0].email if ordered else "EMAIL"
