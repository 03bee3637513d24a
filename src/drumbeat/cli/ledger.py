"""`drumbeat ledger`: verify the chain, or export it for somebody else to verify."""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    database_option,
    find_workspace,
    json_option,
    opened_database,
    workspace_option,
)
from drumbeat.cli.output import data, say


@click.group("ledger")
def ledger_command() -> None:
    """The append-only record of everything."""


@ledger_command.command("verify")
@json_option
@workspace_option
@database_option
def verify_command(as_json: bool, workspace: Path, database: str | None) -> int:
    """Walk the chain and name the first entry that does not fit."""
    from drumbeat.app.anchor import read_anchor, verified
    from drumbeat.core.governance.entry import Intact

    home = find_workspace(workspace)
    with opened_database(home, database) as books, books.read() as connection:
        found = verified(home, connection)
    is_whole = isinstance(found, Intact)
    if as_json:
        data("ledger.verify", {"intact": is_whole, **vars(found)})
    elif isinstance(found, Intact):
        anchor = read_anchor(home)
        against = f", anchored at entry {anchor[0]}" if anchor else ", no anchored head to compare"
        click.echo(f"intact: {found.count:,} entries, head {found.head}{against}")
    else:
        click.echo(f"broken at entry {found.seq}: {found.why}")
    return Exit.OK if is_whole else Exit.ERROR


@ledger_command.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@workspace_option
@database_option
def export_command(file: Path | None, workspace: Path, database: str | None) -> None:
    """Write one JSON entry a line to FILE (default: stdout).

    `python verify_ledger.py FILE` checks it anywhere, with Python's standard library only;
    the script is written beside FILE.
    """
    from drumbeat.app.anchor import stand_alone_verifier
    from drumbeat.store import ledger

    home = find_workspace(workspace)
    with opened_database(home, database) as books, books.read() as connection:
        lines = (
            json.dumps(entry.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
            for entry in ledger.entries(connection)
        )
        if file is None:
            for line in lines:
                click.echo(line)
            return
        if not file.parent.is_dir():
            raise Failure(f"{file.parent}: there is no such folder", Exit.NOT_FOUND)
        if file.exists():
            raise Failure(f"{file} is there already; choose another name", Exit.INVALID)
        count = _write(file, lines)
    script = file.parent / "verify_ledger.py"
    script.write_text(stand_alone_verifier(), encoding="utf-8")
    say(f"{count:,} entries; check them anywhere with: python3 {script} {file}")


def _write(file: Path, lines: Iterable[str]) -> int:
    partial, count = file.with_suffix(f"{file.suffix}.partial"), 0
    with partial.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(f"{line}\n")
            count += 1
    partial.replace(file)
    return count
