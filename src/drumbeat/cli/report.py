"""`drumbeat report`: the weekly review's document."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import ROOT_FILE, database_option, opened, workspace_option
from drumbeat.cli.output import data, say


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
@click.option("--send", is_flag=True, help="Mail each person their Monday digest now.")
@workspace_option
@database_option
def weekly(form: str, send: bool, workspace: Path, database: str | None) -> None:
    """Results beside service figures, exceptions, agents against people, changes, minutes.

    With --send nothing is printed: everybody a mail notifier reaches gets the week as a letter,
    as they do by themselves every Monday at seven.
    """
    from drumbeat.app import weekly as review
    from drumbeat.core.operations.review_report import as_html, as_markdown

    if send:
        _send(workspace, database)
        return
    with opened(workspace, database) as app:
        report = review.weekly(app)
        figures = review.figures(app) if form == "json" else {}
    if form == "json":
        data("weekly-report", {**report.model_dump(mode="json"), "figures": figures})
    else:
        click.echo(as_html(report) if form == "html" else as_markdown(report), nl=False)


def _send(workspace: Path, database: str | None) -> None:
    from drumbeat.app import monday
    from drumbeat.store import ledger, notices

    with opened(workspace, database) as app:
        occasion = f"asked for at {app.clock.now().isoformat()}"
        with app.database.write() as transaction:
            ledger.serialize(transaction)
            told = monday.send(app, transaction, occasion)
        if not told:
            text = f"nobody is reached by mail: name a mail notifier in {ROOT_FILE}"
            raise Failure(text, Exit.NOT_FOUND)
        app.gate.notify_due()
        with app.database.read() as connection:
            sent = notices.of_escalation(connection, f"monday/{occasion}")
    failed = [one for one in sent if one.state != notices.NoticeState.SENT]
    for one in failed:
        say(f"{one.person}: not yet, {one.error or 'another process sends it'}")
    say(f"sent to {len(sent) - len(failed)} of {len(sent)}")
