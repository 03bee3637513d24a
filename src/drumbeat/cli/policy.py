"""`drumbeat policy`: what the rules are, why they gave a verdict, and whether they still hold."""

from pathlib import Path
from typing import Any

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, say, table
from drumbeat.cli.rule import propose_command


@click.group("policy")
def policy_command() -> None:
    """The action matrix: show it, ask why it decided, test it with examples."""


@policy_command.command("show")
@json_option
@workspace_option
@database_option
def show(as_json: bool, workspace: Path, database: str | None) -> None:
    """Who may do what, alone or with whose consent."""
    from dataclasses import asdict

    from drumbeat.app.policy import policy_table

    with opened(workspace, database) as app:
        lines = [asdict(line) for line in policy_table(app)]
        version = app.gate.door.rules.version
    if as_json:
        data("policy", {"version": version, "actions": lines})
        return
    fields = ("kind", "agents", "risk", "alone", "consent", "bounds")
    headings = ["Action", "Agents", "Risk", "Alone", "Consent", "Bounds"]
    table(headings, [[line[field] for field in fields] for line in lines])


@policy_command.command("explain")
@click.argument("proposal")
@json_option
@workspace_option
@database_option
def explain(proposal: str, as_json: bool, workspace: Path, database: str | None) -> None:
    """Which row and which checks gave PROPOSAL its verdict, and who must answer."""
    from drumbeat.app import policy

    with opened(workspace, database) as app:
        found = policy.explain(app, proposal)
    if found is None:
        raise Failure(f"there is no proposal {proposal}", Exit.NOT_FOUND)
    if as_json:
        data("explanation", found)
    else:
        _tell(found)


@policy_command.command("test")
@json_option
@workspace_option
@database_option
def test(as_json: bool, workspace: Path, database: str | None) -> int:
    """Judge every example of policy/examples.yaml. Exit code 1 when one is not met."""
    from drumbeat.app.policy import NoExamples, try_examples

    with opened(workspace, database) as app:
        try:
            tried = try_examples(app)
        except NoExamples as none:
            raise Failure(str(none), Exit.NOT_FOUND) from none
    rows = [
        {
            "met": one.is_met,
            "name": one.example.name,
            "expected": str(one.example.expect),
            "said": one.verdict.verdict,
            "because": one.example.because,
            "objections": [f"{f.check}: {f.text}" for f in one.verdict.findings],
        }
        for one in tried
    ]
    missed = [row for row in rows if not row["met"]]
    if as_json:
        data("policy-test", {"met": len(rows) - len(missed), "of": len(rows), "examples": rows})
    else:
        _report(rows, missed)
    return Exit.ERROR if missed else Exit.OK


policy_command.add_command(propose_command)


def _report(rows: list[dict[str, Any]], missed: list[dict[str, Any]]) -> None:
    shown = [["yes" if r["met"] else "NO", r["expected"], r["said"], r["name"]] for r in rows]
    table(["Met", "Expected", "Said", "Example"], shown)
    for row in missed:
        wanted = f" because of {row['because']}" if row["because"] else ""
        objections = "; ".join(row["objections"]) or "no check objects"
        say(f"{row['name']}: expected {row['expected']}{wanted}, got {row['said']}: {objections}")
    say(f"{len(rows) - len(missed)} of {len(rows)} examples are met")


def _tell(found: dict[str, Any]) -> None:
    judged, now, row = found["judged"], found["now"], found["row"]
    say(f"{found['action']} on {found['target']}, by {found['by']}: {found['why']}")
    say(f"Status: {found['status']}" + (f" ({found['reason']})" if found["reason"] else ""))
    say(f"Row: agents {row['agents']}; risk {row['risk']}; alone {row['alone']}; {row['bounds']}")
    why = ", ".join(judged["decided_by_checks"]) or "no check objected"
    if found["checkpoints"]:
        say(f"Checkpoints: {', '.join(found['checkpoints'])}")
    say(f"Verdict: {judged['verdict']} ({why})")
    if now["verdict"] != judged["verdict"]:
        say(f"As things stand now: {now['verdict']} ({', '.join(now['decided_by_checks'])})")
    table(
        ["Check", "Said", "Why", "What would change it"],
        [[one["check"], one["weight"], one["text"], one["fix"]] for one in judged["checks"]],
    )
    if judged["needs"]:
        who = ", ".join(found["may_answer"]) or "nobody left"
        roles = ", ".join(judged["needs"]["roles"])
        say(f"Needs {judged['needs']['count']} of {roles}; may answer: {who}")
