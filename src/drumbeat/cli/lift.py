"""`drumbeat lift`: what a campaign added, from regions or from people held out."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.arms import ARMS, Columns, arm_options, read_arms
from drumbeat.cli.exits import Exit, Failure, FileInvalid
from drumbeat.cli.options import json_option, svg_option
from drumbeat.cli.output import data, figure, say, table
from drumbeat.cli.sheet import Sheet, read_sheet

if TYPE_CHECKING:
    from drumbeat.stats.incrementality import HoldoutLift

_MANY = 5
_DATES = ("date", "day", "week", "ds", "timestamp")
_GEOS = ("geo", "region", "market", "location")
_VALUES = ("value", "y", "sales", "revenue", "conversions")


@click.command("lift")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option("--treated", multiple=True, help="The treated geos: A,B; may be given several times.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="The first treated date.")
@click.option("--geo", help="The column of geos (default: geo, region or market).")
@click.option("--date", "date_column", help="The column of dates (default: date, day or week).")
@click.option("--value", help="The column of figures by geo (default: value, sales, revenue, …).")
@arm_options
@svg_option
@json_option
def lift_command(
    file: Path,
    treated: tuple[str, ...],
    start: datetime | None,
    geo: str | None,
    date_column: str | None,
    value: str | None,
    arm: str | None,
    outcome: str | None,
    control: str | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Measure the lift in FILE.csv, and say "not proven" or "unknown" where it is.

    Regions: rows of date,geo,value with --treated and --start. A claim whose placebos fail (the
    same method on dates when nothing ran) is refused.

    People: rows of arm,n,conversions, or one row a person with --arm and --outcome; --control
    names those held out.
    """
    sheet = read_sheet(file)
    if treated or start is not None:
        if not treated or start is None:
            raise Failure("a geo test needs both --treated and --start", Exit.INVALID)
        names = [name.strip() for one in treated for name in one.split(",") if name.strip()]
        rows = [_geo(sheet, names, start, (date_column, geo, value))]
    else:
        if arm is None and _is_of_geos(sheet):
            raise Failure("a geo test needs both --treated and --start", Exit.INVALID)
        rows = _people(sheet, Columns(arm, outcome), control)
    if svg is not None:
        from drumbeat.cli.charts import draw_effects

        label = f"{file.name}: lift with its 95% interval"
        draw_effects(svg, label, rows, "treated", is_share=True)
    if as_json:
        data("lift", {"file": str(file), "lifts": rows})
        return
    _show(rows)


def _is_of_geos(sheet: Sheet) -> bool:
    return any(map(sheet.has, _GEOS)) and not any(map(sheet.has, ARMS))


def _geo(
    sheet: Sheet, treated: list[str], start: datetime, columns: tuple[str | None, ...]
) -> dict[str, Any]:
    from drumbeat.stats.incrementality import geo_lift

    dates = sheet.days(sheet.column(columns[0], _DATES, 0))
    geos = sheet.texts(sheet.column(columns[1], _GEOS, 1))
    values = sheet.numbers(sheet.column(columns[2], _VALUES, 2), gaps=True)
    try:
        found = geo_lift(dates, geos, values, treated, start.date())
    except ValueError as error:
        raise FileInvalid(f"{sheet.file}: {error}") from error
    rate = found.placebo_false_positive_rate
    return {
        "treated": ", ".join(treated) if len(treated) < _MANY else f"{len(treated)} geos",
        "geos": treated,
        "effect": found.effect,
        "low": found.low,
        "high": found.high,
        "verdict": found.verdict,
        "reason": found.reason,
        "p_value": found.p_value,
        "placebo_false_positive_rate": rate,
    }


def _people(sheet: Sheet, columns: Columns, control: str | None) -> list[dict[str, Any]]:
    from drumbeat.stats.incrementality import holdout_lift

    arms = read_arms(sheet, columns)
    held_out = arms.control(control)

    def given(arm: str) -> Any:
        summary = arms.summaries[arm]
        return summary if arms.conversions is None else (summary.n, arms.conversions[arm])

    others = [arm for arm in arms.summaries if arm != held_out]
    return [_record(arm, held_out, holdout_lift(given(arm), given(held_out))) for arm in others]


def _record(arm: str, held_out: str, found: "HoldoutLift") -> dict[str, Any]:
    return {
        "treated": arm,
        "control": held_out,
        "effect": found.relative,
        "low": found.relative_low,
        "high": found.relative_high,
        "absolute": found.absolute,
        "absolute_low": found.absolute_low,
        "absolute_high": found.absolute_high,
        "verdict": found.verdict,
        "reason": found.reason,
    }


def _show(rows: list[dict[str, Any]]) -> None:
    table(["Treated", "Verdict", "Lift", "95%", "95% in units", "Why"], list(map(_row, rows)))
    for row in rows:
        if row.get("placebo_false_positive_rate") is not None:
            share = figure(row["placebo_false_positive_rate"], ".0%")
            say(f"On dates when nothing ran, the method found an effect in {share} of tries.")


def _row(row: dict[str, Any]) -> list[str]:
    relative = [figure(row["effect"], "+.1%"), _interval(row, "", "+.1%")]
    units = _interval(row, "absolute_", "+.4g") if "absolute" in row else "-"
    return [row["treated"], row["verdict"], *relative, units, row["reason"]]


def _interval(row: dict[str, Any], prefix: str, form: str) -> str:
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    return "unknown" if low is None else f"{figure(low, form)} to {figure(high, form)}"
