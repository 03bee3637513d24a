"""`drumbeat changes`: what changed, who changed it, and why."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    database_option,
    json_option,
    known_campaign,
    opened,
    workspace_option,
)
from drumbeat.cli.output import data, say, table


@click.command("changes")
@click.option("--since", metavar="DURATION", help="How far back, such as 1d or 12h.")
@click.option("--campaign", default="", help="Only this campaign.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@json_option
@workspace_option
@database_option
def changes_command(
    since: str | None,
    campaign: str,
    limit: int,
    as_json: bool,
    workspace: Path,
    database: str | None,
) -> None:
    """The newest changes first: old and new, who, and why."""
    from drumbeat.app.reports import changes
    from drumbeat.app.told_change import told
    from drumbeat.core.units import parse_duration

    try:
        back = parse_duration(since) if since else None
    except ValueError as error:
        raise Failure(f"--since: {error}", Exit.INVALID) from error
    with opened(workspace, database) as app:
        found = changes(app, back, known_campaign(app, campaign) if campaign else "", limit)
        currency = app.files.workspace.currency
    if as_json:
        data("changes", {"changes": found})
        return
    if not found:
        say("Nothing changed.")
        return
    rows = [
        [c["at"][:16], c["actor"], c["campaign"], f"{c['kind']} {c['action']}", told(c, currency)]
        for c in found
    ]
    table(["When (UTC)", "Who", "Campaign", "What", "Change and why"], rows)
