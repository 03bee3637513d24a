"""`drumbeat approve` and `drumbeat reject`: a person's answer to what waits."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    account_of,
    database_option,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import say

if TYPE_CHECKING:
    from drumbeat.app.compose import App
    from drumbeat.gate.answer import Answered


@click.command("approve")
@click.argument("proposals", nargs=-1, required=True, metavar="PROPOSAL...")
@click.option("--reason", default="", help="Kept with each decision.")
@click.option("--fingerprint", help="Approve the one only if it is still exactly this change.")
@person_option
@workspace_option
@database_option
def approve_command(
    proposals: tuple[str, ...],
    reason: str,
    fingerprint: str | None,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> int:
    """Approve each PROPOSAL, an id that `drumbeat attention` shows. Several are several decisions:
    each is checked, and counts or not, by itself."""
    if fingerprint and len(proposals) > 1:
        raise Failure("--fingerprint: it names one change; approve one at a time", Exit.INVALID)
    codes = []
    with opened(workspace, database) as app:
        account = account_of(app, person)
        for one in proposals:
            head = f"{one}: " if len(proposals) > 1 else ""
            codes.append(_approved(app, one, account, fingerprint, reason, head))
    return max(codes, key=_WORST.index)


# An outcome later in this order says more of several answers than an earlier one.
_WORST = (Exit.OK, Exit.NEEDS_APPROVAL, Exit.NOT_FOUND, Exit.REFUSED)


def _approved(
    app: "App", proposal: str, account: str, fingerprint: str | None, reason: str, head: str
) -> Exit:
    from drumbeat.gate.answer import Answered
    from drumbeat.store import proposals

    with app.database.read() as connection:
        judged = proposals.load(connection, proposal)
    seen = fingerprint or (judged.proposal.fingerprint if judged else "")
    answer = app.gate.approve(proposal, account, seen, reason, via="cli", is_fresh=True)
    if isinstance(answer, Answered):
        say(f"{head}{_told(answer)}")
        return Exit.OK if answer.complete else Exit.NEEDS_APPROVAL
    code = Exit.NOT_FOUND if answer.is_missing else Exit.REFUSED
    if not head:
        raise Failure(answer.why, code)
    say(f"{head}{answer.why}")
    return code


def _told(answer: "Answered") -> str:
    if not answer.complete:
        return "noted; another person must still agree"
    at, proposal = answer.takes_effect_at, answer.judged.proposal.id
    if at is None:
        return "approved"
    return f"approved; it takes effect at {at:%Y-%m-%d %H:%M:%S} UTC (`drumbeat undo {proposal}`)"


@click.command("reject")
@click.argument("proposal")
@click.option("--reason", required=True, help="What the agents should learn from it.")
@click.option("--code", default="other", help="A short word for the kind of reason.")
@person_option
@workspace_option
@database_option
def reject_command(
    proposal: str,
    reason: str,
    code: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Reject PROPOSAL and say why."""
    from drumbeat.gate.answer import Answered

    if not reason.strip():
        raise Failure("--reason: say what the agents should learn from it", Exit.INVALID)
    with opened(workspace, database) as app:
        answer = app.gate.reject(proposal, account_of(app, person), reason, code, via="cli")
        if not isinstance(answer, Answered):
            raise Failure(answer.why, Exit.NOT_FOUND if answer.is_missing else Exit.REFUSED)
        say("rejected")
