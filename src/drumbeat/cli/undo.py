"""`drumbeat undo`: take an approval back before it takes effect."""

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


@click.command("undo")
@click.argument("proposal")
@click.option("--reason", default="", help="Kept with the decision.")
@person_option
@workspace_option
@database_option
def undo_command(
    proposal: str, reason: str, person: str | None, workspace: Path, database: str | None
) -> None:
    """Take back your approval of PROPOSAL while it has not taken effect; it waits again."""
    from drumbeat.gate.answer import Answered

    with opened(workspace, database) as app:
        answer = app.gate.undo(proposal, account_of(app, person), reason, via="cli")
        if not isinstance(answer, Answered):
            raise Failure(answer.why, Exit.NOT_FOUND if answer.is_missing else Exit.REFUSED)
        say("undone; it waits for an answer again")
