"""`drumbeat freeze`, `unfreeze` and `observe`: one word stops a campaign, or everything."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    account_of,
    database_option,
    known_campaign,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import say

if TYPE_CHECKING:
    from drumbeat.core.governance.freeze import HoldMode


@click.command("freeze")
@click.argument("campaign", required=False)
@click.option("--all", "everything", is_flag=True, help="The whole workspace.")
@click.option("--reason", required=True, help="Kept with the decision.")
@person_option
@workspace_option
@database_option
def freeze_command(
    campaign: str | None,
    everything: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Stop CAMPAIGN (or --all): nothing new goes out, what lowers risk still may."""
    from drumbeat.core.governance.freeze import HoldMode

    _order(HoldMode.FREEZE, campaign, everything, reason, person, workspace, database)


@click.command("observe")
@click.argument("campaign", required=False)
@click.option("--all", "everything", is_flag=True, help="The whole workspace.")
@click.option("--off", is_flag=True, help="End the observation.")
@click.option("--reason", default="observe only", show_default=True)
@person_option
@workspace_option
@database_option
def observe_command(
    campaign: str | None,
    everything: bool,
    off: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Let CAMPAIGN (or --all) only record what it would do."""
    from drumbeat.core.governance.freeze import HoldMode

    order = _lift if off else _order
    order(HoldMode.OBSERVE, campaign, everything, reason, person, workspace, database)


@click.command("unfreeze")
@click.argument("campaign", required=False)
@click.option("--all", "everything", is_flag=True, help="The whole workspace.")
@click.option("--reason", default="", help="Kept with the decision.")
@person_option
@workspace_option
@database_option
def unfreeze_command(
    campaign: str | None,
    everything: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Lift the freeze of CAMPAIGN (or --all); what it stopped is judged afresh."""
    from drumbeat.core.governance.freeze import HoldMode

    _lift(HoldMode.FREEZE, campaign, everything, reason, person, workspace, database)


def _order(
    mode: "HoldMode",
    campaign: str | None,
    everything: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    from drumbeat.core.governance.actor import Actor
    from drumbeat.gate.hold import HoldRefused, scope_named

    target = _target(campaign, everything)
    with opened(workspace, database) as app:
        if target is not None:
            known_campaign(app, target)
        by = Actor.person(account_of(app, person))
        try:
            made = app.gate.hold(mode, scope_named(target), by, reason)
        except HoldRefused as error:
            raise Failure(str(error), Exit.INVALID) from error
        say(f"{made.scope}: {mode} since {made.at:%Y-%m-%d %H:%M} UTC")


def _lift(
    mode: "HoldMode",
    campaign: str | None,
    everything: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    from drumbeat.core.governance.actor import Actor
    from drumbeat.gate.hold import HoldRefused, scope_named

    target = _target(campaign, everything)
    scope = scope_named(target)
    with opened(workspace, database) as app:
        if target is not None:
            known_campaign(app, target)
        by = Actor.person(account_of(app, person))
        try:
            count = app.gate.lift(mode, scope, by, reason, is_fresh=True)
        except HoldRefused as error:
            raise Failure(str(error), Exit.REFUSED) from error
        if not count:
            raise Failure(f"{scope} has no {mode} to lift", Exit.NOT_FOUND)
        say(f"{scope}: {mode} lifted")


def _target(campaign: str | None, everything: bool) -> str | None:
    if bool(campaign) == everything:
        raise Failure("name one campaign, or say --all", Exit.INVALID)
    return campaign
