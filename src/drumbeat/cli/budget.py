"""`drumbeat budget`: what every cap allows, what is promised under it, and what was spent."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.options import database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, say, table

if TYPE_CHECKING:
    from drumbeat.gate.exposure import Exposure


@click.group("budget")
def budget_command() -> None:
    """Caps, promises and spend."""


@budget_command.command("show")
@json_option
@workspace_option
@database_option
def show(as_json: bool, workspace: Path, database: str | None) -> None:
    """Every cap in force. Exposure is the larger of promised and spent; the rest is left."""
    from drumbeat.app.budgets import budget_lines

    with opened(workspace, database) as app:
        lines, now = budget_lines(app), app.clock.now()
    if as_json:
        data("budget", {"now": now.isoformat(), "caps": [_plain(line) for line in lines]})
        return
    rows = [
        [
            line.scope,
            str(line.cap),
            str(line.committed),
            str(line.spent) if line.spent else "not reported",
            str(line.exposure),
            str(line.left),
        ]
        for line in lines
    ]
    table(["Scope", "Cap", "Promised", "Spent", "Exposure", "Left"], rows)
    for line in lines:
        if line.left.minor < 0:
            say(f"{line.scope} is over its cap by {-line.left}: nothing more may be promised")


def _plain(line: "Exposure") -> dict[str, Any]:
    return {
        "scope": line.scope,
        "currency": line.cap.currency,
        "cap_minor": line.cap.minor,
        "committed_minor": line.committed.minor,
        "spent_minor": line.spent.minor if line.spent else None,
        "exposure_minor": line.exposure.minor,
        "left_minor": line.left.minor,
    }
