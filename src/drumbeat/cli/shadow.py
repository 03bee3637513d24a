"""`drumbeat shadow`: what agents would have done beside what people did."""

from pathlib import Path
from typing import Any

import click

from drumbeat.cli.options import (
    account_of,
    database_option,
    json_option,
    known_campaign,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import data, say, table


@click.command("shadow")
@click.argument("campaign", required=False)
@click.option(
    "--decisions",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="What people did: date, target, action and, if it has one, change (+20%).",
)
@click.option("--cases", "show_cases", is_flag=True, help="Every case with its reason.")
@json_option
@person_option
@workspace_option
@database_option
def shadow_command(
    campaign: str | None,
    file: Path | None,
    show_cases: bool,
    as_json: bool,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Hold what agents only proposed against what people did, for CAMPAIGN or for all.

    People's decisions are read back from the platforms of connections in shadow mode, and from
    FILE.csv. The verdicts are kept: they are evidence for `drumbeat autonomy`.
    """
    from drumbeat.app.shadow import standing, take_in
    from drumbeat.cli.decisions_file import read_decisions

    with opened(workspace, database) as app:
        names = [known_campaign(app, campaign)] if campaign else list(app.files.campaigns)
        if file is not None:
            zone = app.files.workspace.timezone
            made = read_decisions(file, zone, campaign=campaign or "")
            for name in {decision.campaign for decision in made}:
                known_campaign(app, name)
            by = account_of(app, person) if person else "command line"
            added = take_in(app, file.name, made, by)
            say(f"{added} of {len(made)} decisions are new; the rest were known")
        found = [standing(app, name) for name in names]
    if as_json:
        data("shadow", {"campaigns": found})
        return
    for one in found:
        _tell(one)
    _show([line for one in found for line in one["scores"]])
    if show_cases:
        _show_cases([case for one in found for case in one["cases"]])


def _tell(one: dict[str, Any]) -> None:
    where = ", ".join(one["in_shadow"]) or "nothing"
    say(
        f"{one['campaign']}: in shadow: {where}; agents wanted {one['agent_decisions']}, people "
        f"did {one['human_decisions']}, {one['pending']} still to be judged"
    )


def _show(scores: list[dict[str, Any]]) -> None:
    if not scores:
        say("Nothing can be judged yet; who was right where they differ takes a week to see.")
        return
    heads = ["Campaign", "Action", "Channel", "Agreed", "Better", "Worse", "Different", "For it"]
    rows = [
        [
            one["campaign"],
            one["kind"],
            one["channel"],
            *(str(one[field]) for field in ("agreed", "better", "worse", "different")),
            f"{one['low']:.0%} to {one['high']:.0%}",
        ]
        for one in scores
    ]
    table(heads, rows)


def _show_cases(cases: list[dict[str, Any]]) -> None:
    click.echo()
    rows = [
        [c["at"][:10], c["target"], c["agent"], c["human"], c["verdict"], c["reason"]]
        for c in sorted(cases, key=lambda case: case["at"])
    ]
    table(["Day", "Target", "Agent", "People", "Verdict", "Why"], rows)
