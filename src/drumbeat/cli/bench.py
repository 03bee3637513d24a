"""`drumbeat bench`: agents against do-nothing, plain rules and an oracle, in made-up markets."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure, FileInvalid
from drumbeat.cli.options import NumberRange
from drumbeat.cli.output import data, is_terminal, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from drumbeat.lab.bench import Report
    from drumbeat.lab.scenario_file import LabScenario

_CAMPAIGNS = 3
_WEEKS_A_YEAR = 52


@click.command("bench")
@click.option("--campaign-years", type=NumberRange(min=0.1), help="Stop near this much.")
@click.option("--seeds", default=1, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--scenario",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A scenario file of your own; may be given again. Default: those that ship.",
)
@click.option(
    "--jobs",
    default=None,
    type=click.IntRange(1, 256),
    help="Processes that share the work.  [default: one a processor]",
)
@click.option("--short", is_flag=True, help="Two scenarios cut short: half a minute.")
@click.option("--markdown", is_flag=True, help="The tables of the README.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
def bench_command(
    campaign_years: float | None,
    seeds: int,
    files: tuple[Path, ...],
    jobs: int | None,
    short: bool,
    markdown: bool,
    as_json: bool,
) -> int:
    """Compare the agents with doing nothing, with if-this-then-that rules and with an oracle.

    Every policy meets the same markets with the same luck; scenarios hold incidents whose truth
    the agents never see. Each scenario has seeds of its own.
    """
    from drumbeat.app.lab import open_market
    from drumbeat.cli.spread import over
    from drumbeat.lab.bench import bench

    scenarios = _scenarios(files, short=short)
    if campaign_years is not None:
        scenarios = _within(scenarios, campaign_years, seeds)
    try:
        spread = over(jobs or os.cpu_count() or 1)
        found = bench(scenarios, seeds, open_market, progress=_progress(), spread=spread)
    except ValueError as error:
        raise Failure(str(error), Exit.INVALID) from error
    if as_json:
        data("bench", found.model_dump(mode="json"))
    elif markdown:
        from drumbeat.lab.bench_table import markdown as tables

        click.echo(tables(found))
    else:
        _show(found)
    return Exit.OK


def _scenarios(files: tuple[Path, ...], *, short: bool) -> "list[LabScenario]":
    from drumbeat.lab.scenario_file import BadScenario, read, shipped, short_form

    try:
        return [read(path) for path in files] or list(short_form() if short else shipped())
    except BadScenario as error:
        raise FileInvalid(str(error)) from error


def _within(scenarios: "list[LabScenario]", years: float, seeds: int) -> "list[LabScenario]":
    """As many of the scenarios, in order, as come to about so many campaign-years; one at least."""
    chosen: list[LabScenario] = []
    weeks = 0
    for one in scenarios:
        if chosen and weeks * seeds * _CAMPAIGNS >= years * _WEEKS_A_YEAR:
            break
        chosen.append(one)
        weeks += one.weeks
    return chosen


def _progress() -> "Callable[[float], None] | None":
    if not is_terminal():
        return None
    return lambda done: click.echo(f"\r{done:.0%}", err=True, nl=done >= 1)


def _show(found: "Report") -> None:
    from drumbeat.lab.bench_table import CAUSES, causes, policies

    click.echo(
        f"{found.scenarios} scenarios, {found.seeds} seeds, "
        f"{found.campaign_years:g} campaign-years for each policy"
    )
    heads = ["Policy", "Regret/wk", "Worth/wk", "Lift/wk (95%)", "Rev/spend", "Changes/wk"]
    table([*heads, "False pauses", "Asked/wk", "Hours to detect"], policies(found))
    click.echo()
    table(CAUSES, causes(found))
