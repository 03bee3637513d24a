"""`drumbeat init`: scaffold a workspace."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.output import say


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def init_command(folder: Path) -> None:
    """Write a complete workspace with three campaigns into FOLDER (default: here).

    Every connection starts in shadow; `drumbeat connect ID live` is a decision of its own.
    """
    from drumbeat.engine.clock import SystemClock
    from drumbeat.files.scaffold import FolderTaken, init

    try:
        today = SystemClock().now().date()
        written = init(folder, today)
    except FolderTaken as error:
        raise Failure(str(error), Exit.INVALID) from error
    for name in written:
        click.echo(folder / name)
    say(
        f"{len(written)} files written. Next: drumbeat check {folder}, then drumbeat up -C {folder}"
    )
