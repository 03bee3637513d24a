"""`drumbeat status`: what is running."""

from pathlib import Path

import click

from drumbeat.cli.options import database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, say, table

_HELD = {"freeze": "frozen", "observe": "observing"}


@click.command("status")
@json_option
@workspace_option
@database_option
def status_command(as_json: bool, workspace: Path, database: str | None) -> None:
    """Every campaign, its newest cycle, and what that waits for."""
    from drumbeat.app.reports import status

    with opened(workspace, database) as app:
        found, now = status(app), app.clock.now()
    if as_json:
        data("status", {"now": now.isoformat(), "campaigns": found})
        return
    if not found:
        say("There is no campaign yet: drumbeat new TYPE NAME asks for one.")
        return
    rows = []
    for campaign in found:
        newest = campaign["cycles"][0] if campaign["cycles"] else None
        where = f"#{newest['number']} {newest['stage']}" if newest else "not started"
        waits = newest["waiting"] if newest else ""
        held = ", ".join(_HELD.get(one, one) for one in campaign["held"]) or "running"
        score = campaign["anomaly_score"]
        unusual = "unknown" if score is None else f"{score:.2f}"
        rows.append([campaign["campaign"], held, campaign["phase"], where, unusual, waits])
    table(["Campaign", "Status", "Phase", "Newest cycle", "Anomaly", "Waits for"], rows)
