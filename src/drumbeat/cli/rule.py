"""`drumbeat policy propose`: ask for another rule; people decide, then the file is written."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

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


@click.command("propose")
@click.argument("rule")
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="May be repeated.")
@click.option("--unset", multiple=True, metavar="FIELD", help="Take a field away.")
@click.option("--forbid", is_flag=True, help="Forbid the action of a row of the matrix.")
@click.option("--remove", is_flag=True, help="Take the whole rule away.")
@click.option("--reason", required=True)
@person_option
@workspace_option
@database_option
def propose_command(
    rule: str,
    fields: tuple[str, ...],
    unset: tuple[str, ...],
    forbid: bool,
    remove: bool,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> int:
    """Propose another RULE: policy/actions.yaml#KIND, policy/sla.yaml#policies/ID,
    policy/sla.yaml#conditions/ID or hypotheses/FILE.yaml#ID.

    Values are YAML. It is checked like `drumbeat check` before anybody is asked; approved, it is
    written to its file, where every other line stays as it is. Exit code 5: it waits."""
    from drumbeat.app.rule_change import RuleRefused, propose_rule
    from drumbeat.core.governance.actor import Actor

    if sum((bool(fields or unset), forbid, remove)) != 1:
        raise Failure("say one: --set and --unset, --forbid or --remove", Exit.INVALID)
    changed = {**dict(map(field_of, fields)), **dict.fromkeys(unset)}
    with opened(workspace, database) as app:
        by = Actor.person(account_of(app, person))
        try:
            judged = propose_rule(
                app, rule, _wanted(app, rule, changed, forbid, remove), by, reason
            )
        except RuleRefused as error:
            raise Failure(str(error), Exit.REFUSED) from error
    if judged.status == "waiting":
        say(f"{rule}: {judged.proposal.id} waits for another person's approval")
        return Exit.NEEDS_APPROVAL
    why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
    raise Failure(why or f"it is {judged.status}", Exit.REFUSED)


def _wanted(app: "App", rule: str, changed: dict[str, Any], forbid: bool, remove: bool) -> Any:
    from drumbeat.app.rule_change import FORBIDDEN, rule_now, with_fields

    if forbid:
        return FORBIDDEN
    return None if remove else with_fields(rule_now(app, rule), changed)


def field_of(text: str) -> tuple[str, Any]:
    """The name and the YAML value of ``FIELD=VALUE``. Raises Failure."""
    from drumbeat.files.source import from_text

    name, is_there, value = text.partition("=")
    read = from_text("--set", f"value: {value}")
    if not is_there or not name or read.data is None or read.problems:
        raise Failure(f"--set {text}: write FIELD=VALUE, the value as in the file", Exit.INVALID)
    return name, read.data["value"]
