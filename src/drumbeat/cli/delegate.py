"""`drumbeat delegate`: let somebody answer in your place, in one decision or for a while."""

from datetime import UTC, datetime
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


@click.command("delegate")
@click.argument("proposal", required=False)
@click.option("--to", required=True, metavar="PERSON", help="Who answers in your place.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="In place of PROPOSAL: everything of yours until then (UTC).",
)
@click.option("--end", is_flag=True, help="Take back what you lent them.")
@click.option("--reason", default="", help="Kept with the delegation.")
@person_option
@workspace_option
@database_option
def delegate_command(
    proposal: str | None,
    to: str,
    until: datetime | None,
    end: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Lend your say in PROPOSAL, or in everything until a day. Roles are not widened by it, and
    the two of you count as one."""
    from drumbeat.gate.answer import NotAnswered

    if (proposal is None) == (until is None) and not end:
        raise Failure("name a proposal, or say --until", Exit.INVALID)
    with opened(workspace, database) as app:
        giver, taker = account_of(app, person), account_of(app, to)
        if end:
            count = app.gate.end_delegation(giver, taker, proposal or "")
            if not count:
                raise Failure(f"nothing of the kind is lent to {taker}", Exit.NOT_FOUND)
            say(f"{taker} no longer answers in your place")
            return
        ends = until.replace(tzinfo=UTC) if until else None
        made = app.gate.delegate(
            giver,
            taker,
            reason,
            proposal_id=proposal or "",
            until=ends,
            via="cli",
            is_fresh=True,
        )
        if isinstance(made, NotAnswered):
            raise Failure(made.why, Exit.NOT_FOUND if made.is_missing else Exit.REFUSED)
        say(f"{taker} may answer in your place until {made.made.until:%Y-%m-%d %H:%M} UTC")
