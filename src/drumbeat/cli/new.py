"""`drumbeat new`: one more campaign, from a type that knows how such campaigns run."""

from pathlib import Path

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
from drumbeat.cli.rule import field_of


@click.command("new")
@click.argument("type_name", metavar="TYPE")
@click.argument("name")
@click.option(
    "--set", "fields", multiple=True, metavar="FIELD=VALUE", help="Such as budget.cap; repeated."
)
@click.option("--print", "only_print", is_flag=True, help="Show the file; ask nobody.")
@click.option("--reason", default="", help="Why; whoever approves it reads that.")
@person_option
@workspace_option
@database_option
def new_command(
    type_name: str,
    name: str,
    fields: tuple[str, ...],
    only_print: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> int:
    """Ask for campaign NAME of a TYPE: newsletter, nurture, renewal, re_engagement, webinar,
    retargeting, prospecting, seasonal_burst or social_calendar.

    What the type and the campaigns that run here do not say comes from --set: owner, goal.metric,
    goal.target, budget.range, budget.cap. Values are YAML. Approved, campaigns/NAME.yaml is written
    and the campaign begins in its draft phase. Exit code 5: it waits."""
    from drumbeat.app.new_campaign import ask_for, drafted, fields_of
    from drumbeat.app.rule_change import RuleRefused
    from drumbeat.core.governance.actor import Actor
    from drumbeat.files.problem import as_text

    with opened(workspace, database) as app:
        try:
            draft = drafted(app, fields_of(app, type_name, name, dict(map(field_of, fields))))
        except RuleRefused as error:
            raise Failure(str(error), Exit.INVALID) from error
        if only_print or not draft.is_good:
            click.echo(draft.text, nl=False)
        if not draft.is_good:
            told = [as_text(one) for one in draft.problems]
            told += [str(draft.checklist)] if draft.checklist else []
            raise Failure("\n".join(told), Exit.INVALID)
        if only_print:
            return Exit.OK
        if not reason.strip():
            raise Failure("say why it is wanted: --reason TEXT", Exit.INVALID)
        by = Actor.person(account_of(app, person))
        try:
            judged = ask_for(app, draft, by, reason)
        except RuleRefused as error:
            raise Failure(str(error), Exit.REFUSED) from error
    if judged.status == "waiting":
        say(f"{draft.path}: {judged.proposal.id} waits for another person's approval")
        return Exit.NEEDS_APPROVAL
    why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
    raise Failure(why or f"it is {judged.status}", Exit.REFUSED)
