"""`drumbeat guest`: links for people without an account, and what such a person may ask of us."""

from pathlib import Path

import click

from drumbeat.cli.erased import code_of
from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    account_of,
    database_option,
    json_option,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import data, say, table


@click.group("guest")
def guest_command() -> None:
    """People who look at drafts by a link."""


@guest_command.command("list")
@json_option
@workspace_option
@database_option
def list_guests(as_json: bool, workspace: Path, database: str | None) -> None:
    """Every link that was given, whom it was for, and the names its remarks carry."""
    from drumbeat.app.reports import guests

    with opened(workspace, database) as app:
        found = guests(app)
    if as_json:
        data("guests", {"links": found})
        return
    if not found:
        say("No link was given to anybody.")
        return
    headings = ["Link", "For", "Campaign", "Given by", "State", "Names of its remarks"]
    rows = [
        [g["id"], g["whom"], g["campaign"], g["by"], g["state"], ", ".join(g["names"])]
        for g in found
    ]
    table(headings, rows)


@guest_command.command("erase")
@click.argument("link")
@click.option("--name", default="", help="Only what was said under this name.")
@click.option("--reason", required=True, help="Why, for the record; names nobody.")
@person_option
@json_option
@workspace_option
@database_option
def erase_guest(
    link: str,
    name: str,
    reason: str,
    person: str | None,
    as_json: bool,
    workspace: Path,
    database: str | None,
) -> int:
    """Forget what was said by LINK for good, words and names, and whom it was for.

    The link shows nothing any more; with --name it goes on. It cannot be taken back. Exit code 1
    while remains may be left in the database's file.
    """
    from drumbeat.gate.erase import NotErased

    with opened(workspace, database) as app:
        outcome = app.gate.erase_guest(link, account_of(app, person), reason, name)
    if isinstance(outcome, NotErased):
        raise Failure(outcome.why, code_of(outcome))
    if as_json:
        data("guest.erase", {"remarks": outcome.remarks, "is_gone": outcome.is_scrubbed})
    else:
        say(f"erased: {outcome.remarks} remark{'s' if outcome.remarks != 1 else ''}")
    if not outcome.is_scrubbed:
        say("the database was busy, so remains may be left in its file: run this again")
    return Exit.OK if outcome.is_scrubbed else Exit.ERROR
