"""`drumbeat contact`: what a contact of ours may ask of us: to be forgotten."""

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
from drumbeat.cli.output import data, say


@click.group("contact")
def contact_command() -> None:
    """People on our lists."""


@contact_command.command("erase")
@click.argument("address")
@click.option("--reason", required=True, help="Why, for the record; names nobody.")
@person_option
@json_option
@workspace_option
@database_option
def erase_contact(
    address: str,
    reason: str,
    person: str | None,
    as_json: bool,
    workspace: Path,
    database: str | None,
) -> int:
    """Forget ADDRESS for good: events, words, deliveries, keys. It cannot be taken back.

    A one-way mark stays, so that nobody writes to them again. Files people keep (lists of
    contacts, exports) are looked through and named, never changed: exit code 1 while one of
    them still holds the address.
    """
    from drumbeat.app.traces import traces
    from drumbeat.gate.erase import NotErased

    with opened(workspace, database) as app:
        outcome = app.gate.erase(address, account_of(app, person), reason)
        left = list(traces(app.home, address))
    if isinstance(outcome, NotErased):
        raise Failure(outcome.why, code_of(outcome))
    is_gone = outcome.is_scrubbed and not left
    found = {"events": outcome.found.events, "deliveries": outcome.found.deliveries}
    if as_json:
        data("contact.erase", {**found, "still_in": left, "is_gone": is_gone})
        return Exit.OK if is_gone else Exit.ERROR
    say(f"erased: {found['events']} events, {found['deliveries']} deliveries")
    if not outcome.is_scrubbed:
        say("the database was busy, so remains may be left in its file: run this again")
    for place in left:
        say(f"still in {place}: take the line out")
    return Exit.OK if is_gone else Exit.ERROR
