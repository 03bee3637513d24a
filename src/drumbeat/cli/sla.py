"""`drumbeat sla`: what was promised, how much of it is used up, and what is late."""

from pathlib import Path
from typing import Any

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, say, table


@click.group("sla")
def sla_command() -> None:
    """Promises and their clocks."""


@sla_command.command("list")
@click.option("--campaign", default="", help="Only this one.")
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
@json_option
@workspace_option
@database_option
def list_clocks(
    campaign: str, everything: bool, as_json: bool, workspace: Path, database: str | None
) -> int:
    """The clocks that run. Exit code 10 when one has run out and its stage is not done."""
    from drumbeat.app.trouble import promises

    with opened(workspace, database) as app:
        found = promises(app, campaign=campaign, everything=everything)
    if as_json:
        data("sla", {"clocks": found})
    elif not found:
        say("No clock runs.")
    else:
        columns = ("id", "stage", "campaign", "state", "used", "target", "due_at")
        rows = [[str(one[name] or "") for name in columns] for one in found]
        table(["Clock", "Stage", "Campaign", "State", "Used", "Of", "Due"], rows)
    return Exit.OVERDUE if any(one["overdue"] for one in found) else Exit.OK


@sla_command.command("show")
@click.argument("clock")
@json_option
@workspace_option
@database_option
def show_clock(clock: str, as_json: bool, workspace: Path, database: str | None) -> None:
    """CLOCK with the policy it started under: editing the file later changes no clock that runs."""
    from drumbeat.app.trouble import promise

    with opened(workspace, database) as app:
        found = promise(app, clock)
    if found is None:
        raise Failure(f"there is no clock {clock}; see `drumbeat sla list --all`", Exit.NOT_FOUND)
    if as_json:
        data("sla_clock", found)
        return
    rows = [[name.replace("_", " "), _text(value)] for name, value in found.items()]
    table(["What", "Value"], [row for row in rows if row[1]])


def _text(value: Any) -> str:
    match value:
        case dict():
            return "; ".join(f"{name}: {_text(one)}" for name, one in value.items() if one)
        case list() | tuple():
            return ", ".join(map(str, value))
        case None:
            return ""
        case _:
            return str(value)
