"""`drumbeat rollback`: take back a decision, or everything a campaign did since a moment."""

from datetime import UTC, datetime
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
    from drumbeat.app.compose import App
    from drumbeat.gate.rollback import Step


@click.command("rollback")
@click.argument("what")
@click.option("--to", "point", help="A moment, such as 2026-09-14T08:00Z: WHAT is a campaign then.")
@click.option("--last", is_flag=True, help="WHAT is a campaign; take its last change back.")
@click.option("--reason", help="Why; needed unless --plan.")
@click.option("--code", default="wrong", show_default=True, help="A word for the kind of reason.")
@click.option("--plan", "only_plan", is_flag=True, help="Only say what would be done.")
@person_option
@workspace_option
@database_option
def rollback_command(
    what: str,
    point: str | None,
    last: bool,
    reason: str | None,
    code: str,
    only_plan: bool,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> int:
    """Take back decision WHAT (a proposal's id), or campaign WHAT's --last, or all of it --to a
    moment."""
    with opened(workspace, database) as app:
        steps = _steps(app, what, point, last)
        for step in steps:
            click.echo(_line(step))
        if only_plan:
            return Exit.OK
        return _carry_out(app, steps, person, reason, code)


def _steps(app: "App", what: str, point: str | None, last: bool) -> "list[Step]":
    if last:
        step = app.gate.plan_rollback_last(known_campaign(app, what))
        if step is None:
            raise Failure(f"{what} has changed nothing yet", Exit.NOT_FOUND)
        return [step]
    if point is not None:
        return app.gate.plan_rollback_to(known_campaign(app, what), _moment(point))
    step = app.gate.plan_rollback(what)
    if step is None and what in app.files.campaigns:
        raise Failure(f"{what} is a campaign: say --last, or --to a moment", Exit.INVALID)
    if step is None:
        raise Failure(f"there is no decision {what}", Exit.NOT_FOUND)
    return [step]


def _line(step: "Step") -> str:
    from drumbeat.gate.rollback import Undo

    if isinstance(step, Undo):
        return f"{step.proposal}: would {step.action.kind} {step.action.target}"
    return f"{step.proposal}: cannot be taken back: {step.why}"


def _carry_out(
    app: "App", steps: "list[Step]", person: str | None, reason: str | None, code: str
) -> int:
    from drumbeat.core.governance.actor import Actor
    from drumbeat.gate.rollback import Undo
    from drumbeat.store.proposals import Status

    if not (reason or "").strip():
        raise Failure("say why: --reason '…'", Exit.INVALID)
    if not steps:
        raise Failure("it has changed nothing since then", Exit.NOT_FOUND)
    by = Actor.person(account_of(app, person))
    undone = [app.gate.roll_back(s, by, str(reason), code) for s in steps if isinstance(s, Undo)]
    if not undone:
        raise Failure("nothing could be taken back", Exit.REFUSED)
    if any(judged.status is Status.DENIED for judged in undone):
        raise Failure("the gate refused a step; see `drumbeat changes`", Exit.REFUSED)
    say(f"{len(undone)} step(s) on their way")
    waits = any(judged.status is Status.WAITING for judged in undone)
    return Exit.NEEDS_APPROVAL if waits else Exit.OK


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        why = f"--to: expected a moment such as 2026-09-14T08:00Z, got {text!r}"
        raise Failure(why, Exit.INVALID) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
