"""`drumbeat experiment size`: how many units a test needs, and how many weeks that is."""

import math
from typing import Any

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.experiment.share import SHARE
from drumbeat.cli.options import json_option
from drumbeat.cli.output import data, table


@click.command("size")
@click.option("--baseline", type=SHARE, required=True, help="The control's mean: 2%, or 41.5.")
@click.option("--lift", type=SHARE, required=True, help="The relative effect to find: 10%.")
@click.option("--variance", type=float, help="Of one unit, for a mean; a share needs none.")
@click.option("--alpha", type=SHARE, default="5%", show_default=True, help="False alarms allowed.")
@click.option("--power", type=SHARE, default="80%", show_default=True, help="Chance to find it.")
@click.option(
    "--looks",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How often it is read.",
)
@click.option("--per-week", type=click.IntRange(1), help="Units a week over both arms.")
@json_option
def size_command(
    baseline: float,
    lift: float,
    variance: float | None,
    alpha: float,
    power: float,
    looks: int,
    per_week: int | None,
    as_json: bool,
) -> None:
    """Units of both arms together that find a relative --lift on --baseline.

    "Peeking allowed" may be read at every look, and stopped when it is decided; "read once" is
    smaller, and honest only when it is read at its end and never before.
    """
    from drumbeat.stats.power import means_sample_size, proportions_sample_size
    from drumbeat.stats.sequential import sample_size

    try:
        peeking = sample_size(
            baseline, lift, variance=variance, alpha=alpha, power=power, looks=looks
        )
        if variance is None:
            once = proportions_sample_size(baseline, lift, alpha=alpha, power=power)
        else:
            once = means_sample_size(baseline * lift, variance, alpha=alpha, power=power)
    except ValueError as error:
        raise Failure(str(error), Exit.INVALID) from error
    sizes = [("peeking allowed", looks, peeking), ("read once", 1, 2 * once)]
    rows = [_row(design, count, units, per_week) for design, count, units in sizes]
    if as_json:
        asked = {"baseline": baseline, "lift": lift, "alpha": alpha, "power": power}
        data("experiment.size", {**asked, "designs": rows})
        return
    headings = ["Design", "Looks", "Units", "Per arm", "Weeks"]
    table(headings, [[_shown(value) for value in row.values()] for row in rows])


def _row(design: str, looks: int, units: int, per_week: int | None) -> dict[str, Any]:
    weeks = math.ceil(units / per_week) if per_week else None
    per_arm = math.ceil(units / 2)
    return {
        "design": design,
        "looks": looks,
        "units": units,
        "per_arm": per_arm,
        "weeks": weeks,
    }


def _shown(value: str | int | None) -> str:
    return f"{value:,}" if isinstance(value, int) else value or "-"
