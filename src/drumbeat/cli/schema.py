"""`drumbeat schema`: the JSON Schema of a kind of file, for editors and other tools."""

import json
from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import find_workspace, workspace_option
from drumbeat.cli.output import say

# Not a file of a workspace: what `drumbeat bench --scenario` reads.
_SCENARIO = "scenario"


@click.command("schema")
@click.argument("kind", default="campaign")
@click.option("--install", is_flag=True, help="Write the schemas and wire up editors.")
@workspace_option
def schema_command(kind: str, install: bool, workspace: Path) -> None:
    """Print the JSON Schema of KIND (default: campaign; `scenario` for the bench)."""
    from drumbeat.files.kinds import BY_NAME
    from drumbeat.files.schema import SettingsUnreadable, schema_of
    from drumbeat.files.schema import install as install_schemas

    if install:
        try:
            for path in install_schemas(find_workspace(workspace)):
                click.echo(path)
        except SettingsUnreadable as error:
            raise Failure(str(error)) from error
        say("Editors with a YAML language server now check these files as you type.")
        return
    if kind == _SCENARIO:
        from drumbeat.app.lab import scenario_schema

        click.echo(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
        return
    if kind not in BY_NAME:
        raise Failure(
            f"no kind of file is called {kind!r}: {', '.join((*BY_NAME, _SCENARIO))}", Exit.INVALID
        )
    click.echo(json.dumps(schema_of(kind), indent=2, ensure_ascii=False))
