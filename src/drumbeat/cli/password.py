"""`drumbeat password`: set the password a person signs in to the web page with."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import account_of, database_option, opened, workspace_option
from drumbeat.cli.output import say


@click.command("password")
@click.argument("person")
@workspace_option
@database_option
def password_command(person: str, workspace: Path, database: str | None) -> None:
    """Set PERSON's password for the web page; it is asked for, or read from standard input."""
    from drumbeat.app.pages.ground import Ground
    from drumbeat.app.pages.identity import keep_password
    from drumbeat.web.passwords import hash_password

    with opened(workspace, database) as app:
        account = account_of(app, person)
        typed = click.prompt("New password", hide_input=True, err=True)
        try:
            kept = hash_password(typed)
        except ValueError as error:
            raise Failure(str(error), Exit.INVALID) from error
        keep_password(Ground(app), account, kept)
    say(f"{account} can sign in with it now")
