"""`drumbeat import history`: bring in what happened before Drumbeat, from a CSV export."""

from pathlib import Path

import click

from drumbeat.cli.audience import audience_command
from drumbeat.cli.exports import reading_export
from drumbeat.cli.options import (
    account_of,
    database_option,
    json_option,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import data, say

KINDS = ("email", "ads", "social", "kpi", "context")


@click.group("import")
def import_command() -> None:
    """Bring data in."""


import_command.add_command(audience_command)


@import_command.command("history")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What it is about.")
@click.option("--map", "pairs", multiple=True, help="COLUMN=FIELD; may be given several times.")
@click.option("--currency", help="The currency of the amounts, where the file names none.")
@click.option("--year", type=click.IntRange(1990, 2100), help="Where the dates name none.")
@click.option("--campaign", default="", help="Where the file names none.")
@json_option
@person_option
@workspace_option
@database_option
def history_command(
    file: Path,
    kind: str,
    pairs: tuple[str, ...],
    currency: str | None,
    year: int | None,
    campaign: str,
    as_json: bool,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Read an export of past results. One bad row, and nothing of it is imported."""
    from drumbeat.app.importing import foreign_currency, import_history
    from drumbeat.core.campaign.history import HistoryKind

    with (
        reading_export(file, pairs, currency, year, campaign) as options,
        opened(workspace, database) as app,
    ):
        by = account_of(app, person) if person else "command line"
        read = import_history(app, file, HistoryKind(kind), options, by)
        summary, left_out = read.summary, list(read.left_out)
        foreign = foreign_currency(app, summary)
    if foreign:
        say(f"No campaign here counts in {foreign}: plans use the counts and leave the amounts out")
    if as_json:
        data("import", {"summary": summary.model_dump(mode="json"), "left_out": left_out})
        return
    span = f" from {summary.first} to {summary.last}" if summary.first else ""
    say(f"{summary.rows:,} groups of rows{span}; importing the file again replaces them")
    if left_out:
        say(f"Left out: {', '.join(map(str, left_out))}; --map COLUMN=FIELD says what a column is")
    if not summary.first:
        say("No column holds dates, so all rows count as one time; --map COLUMN=date names one")
