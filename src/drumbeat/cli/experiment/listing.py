"""`drumbeat experiment list` and `show`: the library of claims, and the tests of a workspace."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import database_option, json_option, opened, workspace_option
from drumbeat.cli.output import data, say, table

if TYPE_CHECKING:
    from drumbeat.core.experiments.rank import Ranked
    from drumbeat.core.experiments.registered import Registered


@click.command("list")
@json_option
@workspace_option
@database_option
def list_command(as_json: bool, workspace: Path, database: str | None) -> None:
    """The hypotheses by expected impact × confidence, and every registered test.

    Impact is what a win is expected to add in a month, in the figure the channels' history have
    in common; confidence comes from tests of the same variables.
    """
    from drumbeat.app.experiments import all_registered
    from drumbeat.app.library import not_tested, ranked_library

    with opened(workspace, database) as app:
        library = ranked_library(app)
        with app.database.read() as connection:
            registered = all_registered(connection)
        missing = not_tested(app)
        status = {name: str(claim.status) for name, claim in app.files.hypotheses.items()}
    hypotheses = [_hypothesis(one, status, missing) for one in library.ranked]
    tests = [_test(one) for one in registered]
    if as_json:
        data(
            "experiment.list",
            {"stake": library.stake, "hypotheses": hypotheses, "experiments": tests},
        )
        return
    say(f"Impact is in {library.stake or 'equal stakes (no history in common)'} a month.")
    table(
        ["Id", "Status", "Impact", "Confidence", "Tests", "Metric", "Expected", "Claim"],
        [_claim_row(one) for one in hypotheses],
    )
    for one in hypotheses:
        for campaign, why in one["not_tested"].items():
            say(f"{one['id']} is not tested by {campaign}: {why}")
    if tests:
        click.echo()
        _show_tests(tests)


@click.command("show")
@click.argument("name", metavar="ID")
@json_option
@workspace_option
@database_option
def show_command(name: str, as_json: bool, workspace: Path, database: str | None) -> None:
    """Everything about hypothesis or experiment ID (H-07, exp-…)."""
    from drumbeat.app.experiments import all_registered

    with opened(workspace, database) as app:
        with app.database.read() as connection:
            registered = {one.experiment.id: one for one in all_registered(connection)}
        claim = app.files.hypotheses.get(name)
    if name in registered:
        one = registered[name]
        kind, content = "experiment", {**one.model_dump(mode="json"), "seal": one.experiment.seal}
    elif claim is not None:
        kind, content = "hypothesis", claim.model_dump(mode="json")
    else:
        raise Failure(f"no hypothesis or experiment is called {name!r}", Exit.NOT_FOUND)
    if as_json:
        data(f"experiment.{kind}", {kind: content})
        return
    table(["Field", "Value"], [[field, str(value)] for field, value in _flat(content)])


def _hypothesis(
    ranked: "Ranked", status: dict[str, str], missing: dict[str, dict[str, str]]
) -> dict[str, Any]:
    claim = ranked.candidate.hypothesis
    return {
        "id": claim.id,
        "status": status[claim.id],
        "impact": ranked.impact,
        "confidence": ranked.confidence,
        "score": ranked.score,
        "because": ranked.because,
        "variables": [str(one) for one in claim.variables],
        "channels": [str(one) for one in claim.channels],
        "metric": claim.metric,
        "expected": claim.expected,
        "pre_approved": claim.pre_approved,
        "claim": claim.change,
        "not_tested": missing.get(claim.id, {}),
    }


def _test(one: "Registered") -> dict[str, Any]:
    test, effect = one.experiment, one.shown.effect if one.shown else None
    return {
        "id": test.id,
        "status": one.status,
        "answer": str(one.ended.answer) if one.ended and one.ended.answer else None,
        "reason": one.ended.reason if one.ended else None,
        "effect": effect.model_dump() if effect else None,
        "campaign": test.campaign,
        "hypothesis": test.hypothesis.id,
        "mode": str(test.sizing.mode),
        "units": test.sizing.max_n,
        "weeks": test.sizing.weeks,
        "registered_at": test.registered_at,
        "registered_by": test.registered_by,
        "seal": test.seal,
    }


def _show_tests(tests: list[dict[str, Any]]) -> None:
    table(
        [
            "Experiment",
            "Status",
            "Campaign",
            "Hypothesis",
            "Mode",
            "Units",
            "Weeks",
            "Registered",
            "Shows",
        ],
        [_test_row(one) for one in tests],
    )


def _claim_row(one: dict[str, Any]) -> list[str]:
    promise = [f"{one['impact']:,.3g}", f"{one['confidence']:.0%}", ", ".join(one["variables"])]
    return [
        one["id"],
        one["status"],
        *promise,
        one["metric"],
        f"{one['expected']:+.0%}",
        one["claim"],
    ]


def _test_row(one: dict[str, Any]) -> list[str]:
    names = [one[name] for name in ("id", "status", "campaign", "hypothesis", "mode")]
    return [
        *names,
        f"{one['units']:,}",
        str(one["weeks"]),
        f"{one['registered_at']:%Y-%m-%d}",
        _shows(one),
    ]


def _shows(one: dict[str, Any]) -> str:
    effect = one["effect"]
    figures = (
        f"{effect['mean']:+.0%} ({effect['low']:+.0%} to {effect['high']:+.0%})" if effect else "-"
    )
    return f"{figures}: {one['reason']}" if one["reason"] else figures


def _flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Nested fields as ``a.b``; a list of plain values is one line."""
    if isinstance(value, dict):
        inside = ((f"{path}.{name}" if path else name, one) for name, one in value.items())
        return [leaf for name, one in inside for leaf in _flat(one, name)]
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return [leaf for n, one in enumerate(value) for leaf in _flat(one, f"{path}[{n}]")]
    return [(path, ", ".join(map(str, value)) if isinstance(value, list) else value)]
