"""`drumbeat attention`: what needs a person."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit
from drumbeat.cli.options import database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, say, table


@click.command("attention")
@json_option
@workspace_option
@database_option
def attention_command(as_json: bool, workspace: Path, database: str | None) -> int:
    """Decisions and escalations, the most urgent first. Exit code 10 when one is overdue."""
    from drumbeat.app.reports import attention, is_overdue

    with opened(workspace, database) as app:
        found, now = attention(app), app.clock.now()
    if as_json:
        data("attention", {"now": now.isoformat(), **found})
    else:
        _show(found)
    return Exit.OVERDUE if is_overdue(found) else Exit.OK


def _show(found: dict[str, list[dict[str, object]]]) -> None:
    decisions, escalations = found["decisions"], found["escalations"]
    if not decisions and not escalations:
        say("Nothing needs you.")
        return
    if decisions:
        rows = [_text(d, "id", "campaign", "kind", "why", "decide_by") for d in decisions]
        table(["Id", "Campaign", "What", "Why", "Decide by"], rows)
    if escalations:
        shown = [_text(e, "id", "severity", "owner", "campaign", "text") for e in escalations]
        table(["Id", "Severity", "Owner", "Campaign", "What"], shown)


def _text(item: dict[str, object], *names: str) -> list[str]:
    return [str(item[name] or "") for name in names]
