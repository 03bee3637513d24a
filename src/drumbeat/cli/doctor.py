"""`drumbeat doctor`: checks the machine, the database and every connection."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit
from drumbeat.cli.options import database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, table


@click.command("doctor")
@click.option(
    "--mail",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="A mail of ours as it was received (.eml): looks at its one-click headers and signature.",
)
@json_option
@workspace_option
@database_option
def doctor_command(mail: Path | None, as_json: bool, workspace: Path, database: str | None) -> int:
    """Say what works and what to do about what does not. Exit code 6 for a sick connection."""
    from drumbeat.app.health import examine

    if mail is not None:
        from drumbeat.app.received import examine_mail

        found = examine_mail(mail.read_bytes())
    else:
        with opened(workspace, database) as app:
            found = examine(app)
    if as_json:
        data("doctor", {"checks": [vars(one) for one in found]})
    else:
        rows = [["ok" if one.is_well else "FAILS", one.name, one.detail] for one in found]
        table(["", "Check", "Detail"], rows)
    if all(one.is_well for one in found):
        return Exit.OK
    sick = any(not one.is_well and one.name.startswith("connection") for one in found)
    return Exit.CONNECTOR if sick else Exit.ERROR
