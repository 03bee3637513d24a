"""`drumbeat report`: the weekly review's document."""

from pathlib import Path

import click

from drumbeat.cli.options import database_option, opened, workspace_option
from drumbeat.cli.output import data


@click.group("report")
def report_command() -> None:
    """Reports for people who meet, and for programs."""


@report_command.command("weekly")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json"]),
    default="md",
    show_default=True,
    help="Markdown, one HTML page, or JSON.",
)
@workspace_option
@database_option
def weekly(form: str, workspace: Path, database: str | None) -> None:
    """Results beside service figures, exceptions, agents against people, changes, minutes."""
    from drumbeat.app import weekly as review
    from drumbeat.core.operations.review_report import as_html, as_markdown

    with opened(workspace, database) as app:
        report = review.weekly(app)
        figures = review.figures(app) if form == "json" else {}
    if form == "json":
        data("weekly-report", {**report.model_dump(mode="json"), "figures": figures})
    else:
        click.echo(as_html(report) if form == "html" else as_markdown(report), nl=False)
