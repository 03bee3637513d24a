"""`drumbeat password`: set the password a person signs in to the web page with."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import account_of, database_option, opened, workspace_option
from drumbeat.cli.output import say

if TYPE_CHECKING:
    from drumbeat.app.compose import App


def forget(app: "App", account: str) -> int:
    """Remove all of an account's passkeys; how many that were."""
    from drumbeat.store import passkeys

    with app.database.write() as transaction:
        return passkeys.remove_all(transaction, account)


def _typed() -> str:
    """Asked for twice on a terminal, which shows nothing of it; else one line of what comes in."""
    if sys.stdin.isatty():
        asked: str = click.prompt(
            "New password", hide_input=True, err=True, confirmation_prompt=True
        )
        return asked
    line = sys.stdin.readline()
    if not line:
        raise Failure("no password came from standard input", Exit.INVALID)
    return line.rstrip("\r\n")


@click.command("password")
@click.argument("person")
@click.option(
    "--forget-passkeys", is_flag=True, help="Remove all their passkeys too: a device was lost."
)
@workspace_option
@database_option
def password_command(
    person: str, forget_passkeys: bool, workspace: Path, database: str | None
) -> None:
    """Set PERSON's password for the web page; it is asked for, or read from standard input.

    Whoever is signed in as PERSON is signed out.
    """
    from drumbeat.app.pages.ground import Ground
    from drumbeat.app.pages.identity import keep_password
    from drumbeat.web.passwords import hash_password

    with opened(workspace, database) as app:
        account = account_of(app, person)
        typed = _typed()
        try:
            kept = hash_password(typed)
        except ValueError as error:
            raise Failure(str(error), Exit.INVALID) from error
        keep_password(Ground(app), account, kept)
        gone = forget(app, account) if forget_passkeys else 0
    say(f"{account} can sign in with it now" + (f"; {gone} passkeys removed" if gone else ""))
