"""`drumbeat incident`: the story of a trouble, which agents and people both write."""

from pathlib import Path

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    account_of,
    database_option,
    json_option,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import data, say, table


@click.group("incident")
def incident_command() -> None:
    """Critical trouble and its timeline."""


@incident_command.command("list")
@click.option("--campaign", default="", help="Only this one.")
@click.option("--open", "open_only", is_flag=True, help="Only those that are not over.")
@json_option
@workspace_option
@database_option
def list_incidents(
    campaign: str, open_only: bool, as_json: bool, workspace: Path, database: str | None
) -> None:
    """Incidents, the newest first."""
    from drumbeat.app.trouble import stories

    with opened(workspace, database) as app:
        found = stories(app, campaign=campaign, open_only=open_only)
    if as_json:
        data("incidents", {"incidents": found})
    elif not found:
        say("There is no incident.")
    else:
        columns = ("id", "opened_at", "resolved_at", "campaign", "title")
        rows = [[str(one[name] or "") for name in columns] for one in found]
        table(["Id", "Opened", "Resolved", "Campaign", "What"], rows)


@incident_command.command("show")
@click.argument("incident")
@json_option
@workspace_option
@database_option
def show_incident(incident: str, as_json: bool, workspace: Path, database: str | None) -> None:
    """The timeline of INCIDENT, who was told, and what to do."""
    from drumbeat.app.trouble import story

    with opened(workspace, database) as app:
        found = story(app, incident)
    if found is None:
        raise Failure(f"there is no incident {incident}", Exit.NOT_FOUND)
    if as_json:
        data("incident", found)
        return
    say(f"{found['title']} ({found['campaign'] or 'workspace'}, since {found['opened_at']})")
    table(["At", "Who", "What"], [[x["at"], x["actor"], x["text"]] for x in found["timeline"]])
    say(f"\n{found['what_to_do']}")
    if found["own_runbook"]:
        say(f"The campaign's own page: {found['own_runbook']}")


@incident_command.command("note")
@click.argument("incident")
@click.argument("text")
@person_option
@workspace_option
@database_option
def note_incident(
    incident: str, text: str, person: str | None, workspace: Path, database: str | None
) -> None:
    """Add TEXT to the timeline of INCIDENT."""
    from drumbeat.gate.in_hand import NotHandled

    with opened(workspace, database) as app:
        outcome = app.gate.note_incident(incident, account_of(app, person), text)
    if isinstance(outcome, NotHandled):
        raise Failure(outcome.why, Exit.NOT_FOUND if outcome.is_missing else Exit.REFUSED)
    say(f"noted on {incident}")
