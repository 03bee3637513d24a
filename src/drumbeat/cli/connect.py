"""`drumbeat connect`: a person says what a connection may do."""

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


@click.command("connect")
@click.argument("connection")
@click.argument("mode", type=click.Choice(["read-only", "shadow", "live"]))
@click.option("--reason", default="", help="Kept with the decision.")
@person_option
@workspace_option
@database_option
def connect_command(
    connection: str,
    mode: str,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> int:
    """Let CONNECTION read only, run in shadow, or change things (live).

    It takes a manager or engineer, and is written to the ledger like any other decision.
    """
    from drumbeat.app.granting import can_change, grant
    from drumbeat.store.proposals import Status

    with opened(workspace, database) as app:
        if connection not in app.gate.door.rules.connections:
            known = ", ".join(app.gate.door.rules.connections)
            raise Failure(f"no connection is called {connection!r}: {known}", Exit.NOT_FOUND)
        if not can_change(app, connection):
            raise Failure(f"{connection} only reads pages: there is nothing to grant", Exit.INVALID)
        judged = grant(app, connection, mode, account_of(app, person), reason)
    match judged.status:
        case Status.ALLOWED | Status.APPROVED:
            say(f"{connection} is {mode} now")
            return Exit.OK
        case Status.WAITING:
            say(f"{judged.proposal.id} waits for another person's approval")
            return Exit.NEEDS_APPROVAL
        case _:
            why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
            raise Failure(why or f"it is {judged.status}", Exit.REFUSED)
