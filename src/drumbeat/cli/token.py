"""`drumbeat token`: what programs sign in to the API with."""

from datetime import timedelta
from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import ROOT_FILE, database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, say, table

_SCOPES = ("see", "answer", "freeze", "operate", "experiment")
_COLUMNS = ("id", "account", "name", "scopes", "until", "used", "state")


@click.group("token")
def token_command() -> None:
    """Tokens for programs that use the API: scoped, hashed at rest, revocable."""


@token_command.command("create")
@click.argument("account")
@click.option("--name", "label", required=True, help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(_SCOPES),
    multiple=True,
    default=("see",),
    show_default=True,
    help="What it may do; never more than its account may. Several times for several.",
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How long it lasts."
)
@workspace_option
@database_option
def create(
    account: str,
    label: str,
    scopes: tuple[str, ...],
    days: int,
    workspace: Path,
    database: str | None,
) -> None:
    """Make a token for ACCOUNT, a person or service of drumbeat.yaml. It is printed once.

    A service's token reads. No token approves what is of high risk: that takes a person who has
    just confirmed who they are.
    """
    from drumbeat.app.tokens import TokenRefused, make
    from drumbeat.engine.clock import SystemClock

    with opened(workspace, database) as app:
        found = app.files.workspace.person(account)
        if found is None:
            raise Failure(f"nobody in {ROOT_FILE} is called {account!r}", Exit.INVALID)
        try:
            now = SystemClock().now()
            made = make(app, found, label, scopes, timedelta(days=days), now)
        except TokenRefused as error:
            raise Failure(str(error), Exit.REFUSED) from error
    say(f"{made.token.id} for {found.id}, until {made.token.until:%Y-%m-%d}; shown only now:")
    click.echo(made.secret)


@token_command.command("list")
@json_option
@workspace_option
@database_option
def list_tokens(as_json: bool, workspace: Path, database: str | None) -> None:
    """Every token, never its secret."""
    from drumbeat.app.tokens import everything
    from drumbeat.engine.clock import SystemClock

    now = SystemClock().now()
    with opened(workspace, database) as app:
        rows = [
            {
                "id": one.id,
                "account": one.account,
                "name": one.name,
                "scopes": ", ".join(one.scopes),
                "until": f"{one.until:%Y-%m-%d}",
                "used": f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never",
                "state": "live" if one.is_live(now) else "revoked" if one.revoked_at else "lapsed",
            }
            for one in everything(app)
        ]
    if as_json:
        data("tokens", {"tokens": rows})
    elif rows:
        table([name.capitalize() for name in _COLUMNS], [[r[c] for c in _COLUMNS] for r in rows])
    else:
        say("No token was made.")


@token_command.command("revoke")
@click.argument("token")
@workspace_option
@database_option
def revoke_token(token: str, workspace: Path, database: str | None) -> None:
    """TOKEN, an id that `drumbeat token list` shows, counts no more."""
    from drumbeat.app.tokens import revoke
    from drumbeat.engine.clock import SystemClock

    with opened(workspace, database) as app:
        if not revoke(app, token, SystemClock().now()):
            raise Failure(f"there is no live token {token}", Exit.NOT_FOUND)
    say(f"{token} counts no more")
