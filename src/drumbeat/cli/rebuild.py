"""`drumbeat rebuild`: a cycle that waits at its review takes up what was mended."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    account_of,
    database_option,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import say


@click.command("rebuild")
@click.argument("cycle")
@click.option("--reason", required=True, help="What was mended.")
@person_option
@workspace_option
@database_option
def rebuild_command(
    cycle: str, reason: str, person: str | None, workspace: Path, database: str | None
) -> None:
    """Have what the review of CYCLE does not let through built again from the files as they are.

    Its plan stays. What is built is reviewed and put before people as if it were new."""
    from drumbeat.cycle.rebuilding import ask
    from drumbeat.gate.answer import NotAnswered

    with opened(workspace, database) as app:
        asked = ask(app.office, cycle, account_of(app, person), reason)
    if isinstance(asked, NotAnswered):
        raise Failure(asked.why, Exit.NOT_FOUND if asked.is_missing else Exit.REFUSED)
    say("it is built again at the next look, and reviewed after that")
