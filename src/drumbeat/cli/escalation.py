"""`drumbeat escalation`: what went wrong, whose it is, and what a person does about it."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from drumbeat.gate.in_hand import Outcome

_COLUMNS = ("id", "severity", "state", "owner", "campaign", "text")
_MATCHERS = ("campaign", "failure", "severity", "kind", "key")


@click.group("escalation")
def escalation_command() -> None:
    """What went wrong and is not resolved."""


@escalation_command.command("list")
@click.option("--campaign", default="", help="Only this one.")
@json_option
@workspace_option
@database_option
def list_open(campaign: str, as_json: bool, workspace: Path, database: str | None) -> None:
    """Open escalations, and the silences in force."""
    from drumbeat.app.trouble import open_escalations, silences_in_force

    with opened(workspace, database) as app:
        found, quiet = open_escalations(app, campaign), silences_in_force(app)
    if as_json:
        data("escalations", {"escalations": found, "silences": quiet})
        return
    if not found:
        say("Nothing is escalated.")
    else:
        rows = [[str(one[name]) for name in _COLUMNS] for one in found]
        table(["Id", "Severity", "State", "Owner", "Campaign", "What"], rows)
    for one in quiet:
        matchers = ", ".join(f"{name}={value}" for name, value in one["matchers"].items())
        say(f"silenced until {one['until']}: {matchers} ({one['by']}: {one['reason']})")


@escalation_command.command("ack")
@click.argument("escalation")
@person_option
@workspace_option
@database_option
def acknowledge(escalation: str, person: str | None, workspace: Path, database: str | None) -> None:
    """Take ESCALATION in hand, with its group: nobody else is called. It is not resolved."""
    with opened(workspace, database) as app:
        done = _done(app.gate.acknowledge(escalation, account_of(app, person)))
    say(f"in hand: {', '.join(done)}; you will be reminded until it is resolved")


@escalation_command.command("resolve")
@click.argument("escalation")
@click.option("--reason", required=True, help="What was found and done.")
@click.option("--group", is_flag=True, help="Everything grouped under it, too.")
@person_option
@workspace_option
@database_option
def resolve(
    escalation: str,
    reason: str,
    group: bool,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """ESCALATION is over."""
    with opened(workspace, database) as app:
        who = account_of(app, person)
        done = _done(app.gate.resolve(escalation, who, reason, group=group))
    say(f"resolved: {', '.join(done)}")


@escalation_command.command("snooze")
@click.argument("escalation")
@click.option("--for", "lasts", required=True, help="Such as 2h or 1d; 7d at most.")
@click.option("--reason", required=True)
@person_option
@workspace_option
@database_option
def snooze(
    escalation: str,
    lasts: str,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Put ESCALATION off for a while; then it goes on where it was."""
    with opened(workspace, database) as app:
        until = app.clock.now() + _duration(lasts)
        _done(app.gate.snooze(escalation, account_of(app, person), until, reason))
    say(f"{escalation} is put off until {until:%Y-%m-%d %H:%M} UTC")


@escalation_command.command("silence")
@click.option(
    "--match", "pairs", multiple=True, required=True, help="FIELD=VALUE; several must all match."
)
@click.option("--for", "lasts", required=True, help="Such as 2h or 1d; 14d at most.")
@click.option("--reason", required=True)
@person_option
@workspace_option
@database_option
def silence(
    pairs: tuple[str, ...],
    lasts: str,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Call nobody about what matches (campaign, failure, severity, kind, key); it still shows."""
    matchers = dict(map(_pair, pairs))
    with opened(workspace, database) as app:
        who = account_of(app, person)
        _done(app.gate.silence(who, matchers, _duration(lasts), reason))
    say(f"silenced for {lasts}: {', '.join(pairs)}")


def _done(outcome: "Outcome") -> tuple[str, ...]:
    from drumbeat.gate.in_hand import NotHandled

    if isinstance(outcome, NotHandled):
        raise Failure(outcome.why, Exit.NOT_FOUND if outcome.is_missing else Exit.REFUSED)
    return outcome.ids


def _duration(text: str) -> timedelta:
    from drumbeat.core.units import parse_duration

    try:
        lasts: timedelta = parse_duration(text)
    except (ValueError, OverflowError) as error:
        raise Failure(f"--for: {error}", Exit.INVALID) from error
    return lasts


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or name not in _MATCHERS or not value:
        known = ", ".join(_MATCHERS)
        raise Failure(f"--match {text}: write FIELD=VALUE, FIELD one of {known}", Exit.INVALID)
    return name, value
