"""`drumbeat freeze`, `unfreeze` and `observe`: one word stops a campaign, a part, or everything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    account_among,
    account_of,
    campaign_among,
    database_option,
    find_workspace,
    known_campaign,
    opened,
    person_option,
    telling_of_the_database,
    workspace_option,
)
from drumbeat.cli.output import say
from drumbeat.engine.brake import pressed

if TYPE_CHECKING:
    from drumbeat.app.compose import App
    from drumbeat.app.stopping import Brakes
    from drumbeat.core.governance.freeze import HoldMode


Command = TypeVar("Command", bound=Callable[..., Any])


def scope_options(command: Command) -> Command:
    """What is meant: one campaign, one of the parts, or ``--all``."""
    for option in (
        click.argument("campaign", required=False),
        click.option("--all", "everything", is_flag=True, help="The whole workspace."),
        click.option("--channel", help="Everything on one channel: email, ads or social."),
        click.option("--action", help="One kind of action, such as ads.set_budget."),
        click.option("--agent", help="Everything one agent wants, such as optimizer."),
    )[::-1]:
        command = option(command)
    return command


@click.command("freeze")
@scope_options
@click.option("--reason", required=True, help="Kept with the decision.")
@click.option("--code", default="other", help="A short word for the kind of reason.")
@person_option
@workspace_option
@database_option
def freeze_command(
    reason: str,
    code: str,
    person: str | None,
    workspace: Path,
    database: str | None,
    **scope: Any,
) -> None:
    """Stop CAMPAIGN (or a part, or --all): nothing new goes out, what lowers risk still may.

    Nothing new goes out from the moment it is typed, while the order is still being written. What
    a platform holds for us until later is called back where it can be.
    """
    name = _named(**scope)
    with pressed(find_workspace(workspace)):
        from drumbeat.core.governance.freeze import HoldMode

        _order(HoldMode.FREEZE, name, (reason, code), person, workspace, database)


@click.command("observe")
@scope_options
@click.option("--off", is_flag=True, help="End the observation.")
@click.option("--reason", default="observe only", show_default=True)
@person_option
@workspace_option
@database_option
def observe_command(
    off: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
    **scope: Any,
) -> None:
    """Let CAMPAIGN (or a part, or --all) only record what it would do."""
    from drumbeat.core.governance.freeze import HoldMode

    if off:
        _lift(HoldMode.OBSERVE, _named(**scope), reason, person, workspace, database)
    else:
        _order(HoldMode.OBSERVE, _named(**scope), (reason, "other"), person, workspace, database)


@click.command("unfreeze")
@scope_options
@click.option("--reason", default="", help="Kept with the decision.")
@person_option
@workspace_option
@database_option
def unfreeze_command(
    reason: str, person: str | None, workspace: Path, database: str | None, **scope: Any
) -> None:
    """Lift the freeze of CAMPAIGN (or a part, or --all); what it stopped is judged afresh.

    What it called back goes out again: unasked where people had approved it and the rules are
    still the same, unless its moment has passed.
    """
    from drumbeat.core.governance.freeze import HoldMode

    _lift(HoldMode.FREEZE, _named(**scope), reason, person, workspace, database)


def _order(
    mode: "HoldMode",
    name: str | None,
    why: tuple[str, str],
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    from drumbeat.core.governance.actor import Actor
    from drumbeat.gate.hold import HoldRefused, hold, scope_named

    with _brakes(find_workspace(workspace), database) as brakes:
        by = Actor.person(_who(brakes, person))
        _is_known(brakes, name)
        try:
            made = hold(brakes.door, mode, scope_named(name), by, why[0], why[1])
        except HoldRefused as error:
            raise Failure(str(error), Exit.INVALID) from error
        say(f"{made.scope}: {mode} since {made.at:%Y-%m-%d %H:%M} UTC")
        if brakes.files is None:
            say(f"It holds although the workspace has mistakes:\n{brakes.mistakes}")


@contextmanager
def _brakes(home: Path, database: str | None) -> Iterator["Brakes"]:
    """What stops the workspace, whatever else is wrong with it."""
    from drumbeat.app.running import ClockUnreadable, demo_clock
    from drumbeat.app.stopping import brakes_of
    from drumbeat.engine.clock import SystemClock
    from drumbeat.store.database import DatabaseUnusable

    try:
        clock = demo_clock(home)
    except ClockUnreadable:
        clock = None
    try:
        brakes = brakes_of(home, database, clock or SystemClock())
    except DatabaseUnusable as error:
        raise Failure(str(error)) from error
    try:
        with telling_of_the_database():
            yield brakes
    finally:
        brakes.close()


def _who(brakes: "Brakes", person: str | None) -> str:
    """The account id behind ``--as``; where nobody can be looked up, the name as it was typed."""
    if brakes.files is not None:
        return account_among(brakes.files, person)
    if not person:
        raise Failure("say who you are: --as PERSON", Exit.INVALID)
    return person


def _is_known(brakes: "Brakes", name: str | None) -> None:
    if name is None or ":" in name:
        return
    if brakes.files is None:
        text = "the workspace has mistakes, so no campaign is known; --all stops all"
        raise Failure(f"{text}:\n{brakes.mistakes}", Exit.INVALID)
    campaign_among(brakes.files, name)


def _lift(
    mode: "HoldMode",
    name: str | None,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    from drumbeat.core.governance.actor import Actor
    from drumbeat.gate.hold import HoldRefused, scope_named

    scope = scope_named(name)
    with opened(workspace, database) as app:
        _campaign_known(app, name)
        by = Actor.person(account_of(app, person))
        try:
            count = app.gate.lift(mode, scope, by, reason, is_fresh=True)
        except HoldRefused as error:
            raise Failure(str(error), Exit.REFUSED) from error
        if not count:
            raise Failure(f"{scope} has no {mode} to lift", Exit.NOT_FOUND)
        say(f"{scope}: {mode} lifted")


def _campaign_known(app: "App", name: str | None) -> None:
    if name is not None and ":" not in name:
        known_campaign(app, name)


def _named(
    campaign: str | None,
    everything: bool,
    channel: str | None,
    action: str | None,
    agent: str | None,
) -> str | None:
    """The one scope that was named, as ``scope_named`` reads it; None for everything."""
    parts = {"channel": channel, "action": action, "agent": agent}
    named = [campaign, *(f"{kind}:{of}" if of else None for kind, of in parts.items())]
    chosen = [one for one in named if one]
    if len(chosen) + everything != 1:
        text = "name one campaign, one --channel, --action or --agent, or say --all"
        raise Failure(text, Exit.INVALID)
    return chosen[0] if chosen else None
