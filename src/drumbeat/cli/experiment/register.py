"""`drumbeat experiment register` and `stop`: a test is sealed before it starts, or ended early."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.experiment.share import SHARE
from drumbeat.cli.options import (
    account_of,
    database_option,
    json_option,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import data, say

if TYPE_CHECKING:
    from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
    from drumbeat.core.experiments.experiment import Experiment
    from drumbeat.core.experiments.sizing import Sizing, Traffic


@click.command("register")
@click.argument("hypothesis")
@click.option("--campaign", required=True, help="Whose surface it runs on.")
@click.option("--baseline", type=SHARE, required=True, help="The control's mean: 2%, or 41.5.")
@click.option("--per-week", type=click.IntRange(1), required=True, help="Units a week, both arms.")
@click.option("--variance", type=float, help="Of one unit, for a mean; a share needs none.")
@click.option(
    "--max-weeks",
    type=click.IntRange(1, 52),
    default=12,
    show_default=True,
    help="As long as it may run.",
)
@click.option("--directional", is_flag=True, help="Lean instead of prove, in the least weeks.")
@click.option(
    "--control", "controls", multiple=True, help="An object of the control on a platform."
)
@click.option("--treatment", "treatments", multiple=True, help="One of the treatment.")
@json_option
@person_option
@workspace_option
@database_option
def register_command(
    hypothesis: str,
    campaign: str,
    baseline: float,
    per_week: int,
    variance: float | None,
    max_weeks: int,
    directional: bool,
    controls: tuple[str, ...],
    treatments: tuple[str, ...],
    as_json: bool,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Register HYPOTHESIS (such as H-07) as a test, frozen by its seal.

    Hypothesis, arms, size, guardrails, hold-out, run time and decision rule can no longer change.
    A test that would meet another on audience, variable and surface is refused (exit code 4).
    """
    from drumbeat.app.experiments import ExperimentRefused, Order, UnknownExperiment, register
    from drumbeat.app.experiments import hypothesis_on as find
    from drumbeat.core.experiments.sizing import Traffic

    with opened(workspace, database) as app:
        account = account_of(app, person)
        try:
            _, spec = find(app, campaign, hypothesis)
            traffic = Traffic(units_per_week=per_week, baseline=baseline, variance=variance)
            sizing = _sized(spec, traffic, max_weeks, directional)
            order = Order(campaign, hypothesis, sizing, controls, treatments)
            made = register(app, order, account)
        except UnknownExperiment as error:
            raise Failure(str(error), Exit.NOT_FOUND) from error
        except ExperimentRefused as error:
            raise Failure(str(error), Exit.REFUSED) from error
        except ValueError as error:
            raise Failure(_first_line(error), Exit.INVALID) from error
    if as_json:
        content = {"id": made.id, "seal": made.seal, **made.model_dump(mode="json")}
        data("experiment.registered", content)
        return
    _tell(made)


@click.command("stop")
@click.argument("experiment", metavar="ID")
@click.option("--reason", required=True, help="Kept with the decision.")
@person_option
@workspace_option
@database_option
def stop_command(
    experiment: str, reason: str, person: str | None, workspace: Path, database: str | None
) -> int:
    """End experiment ID early. What it showed so far is no readout.

    Once something was measured and the registered rule lets it run, somebody else has to agree:
    the wish is filed and the exit code is 5.
    """
    from drumbeat.app.experiments import ExperimentRefused, UnknownExperiment, stop
    from drumbeat.store.proposals import Status

    if not reason.strip():
        raise Failure("--reason: say why it stops early", Exit.INVALID)
    with opened(workspace, database) as app:
        try:
            judged = stop(app, experiment, account_of(app, person), reason)
        except UnknownExperiment as error:
            raise Failure(str(error), Exit.NOT_FOUND) from error
        except ExperimentRefused as error:
            raise Failure(str(error), Exit.REFUSED) from error
    if judged.status is Status.WAITING:
        why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
        say(f"{experiment} runs on until somebody else agrees ({judged.proposal.id}): {why}")
        return Exit.NEEDS_APPROVAL
    say(f"{experiment} is stopped")
    return Exit.OK


def _sized(
    spec: "HypothesisSpec", traffic: "Traffic", max_weeks: int, directional: bool
) -> "Sizing":
    from drumbeat.core.experiments.hypothesis import Hypothesis
    from drumbeat.core.experiments.sizing import Infeasible, lean, size

    claim = Hypothesis.of(spec, surface="any")
    if directional:
        found = lean(claim, traffic, min_weeks=spec.min_weeks, max_weeks=max_weeks)
    else:
        found = size(claim, traffic, min_weeks=spec.min_weeks, max_weeks=max_weeks)
    if isinstance(found, Infeasible):
        raise Failure(found.reason, Exit.REFUSED)
    return found


def _tell(made: "Experiment") -> None:
    click.echo(made.id)
    say(made.hypothesis.change)
    say(f"{made.sizing.max_n:,} units in {made.sizing.weeks} weeks. {made.sizing.cost.sentence}")
    say(f"Sealed as {made.seal}")


def _first_line(error: ValueError) -> str:
    """What is wrong, without the frame a validation library puts around it."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        one = error.errors()[0]
        return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
    return str(error)
