"""`drumbeat forecast`: what to expect of a person's own series."""

from dataclasses import replace
from datetime import date
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.exits import Exit, Failure, FileInvalid
from drumbeat.cli.options import json_option, svg_option
from drumbeat.cli.output import data, figure, table

if TYPE_CHECKING:
    from drumbeat.cli.sheet import Sheet
    from drumbeat.stats.forecast import Forecast

DATES = ("date", "ds", "day", "week", "timestamp")
VALUES = ("value", "y", "count")
LEVELS = (80, 95)


@click.command("forecast")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option(
    "--horizon",
    type=click.IntRange(1, 365),
    default=14,
    show_default=True,
    help="Steps ahead: days, or weeks for a weekly series.",
)
@click.option("--holidays", help="A country, or a part of it, whose holidays count: DE, DE-BE.")
@click.option(
    "--date", "date_column", help="The column of dates (default: date or ds, else first)."
)
@click.option("--value", help="The column of figures (default: value or y, else the next).")
@svg_option
@json_option
def forecast_command(
    file: Path,
    horizon: int,
    holidays: str | None,
    date_column: str | None,
    value: str | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Forecast FILE.csv, a daily or weekly series with the columns date,value (or ds,y).

    Rows ascend by date; a missing day or an empty cell is a gap. The low and high columns hold
    80 and 95 of 100 future values, as far as the series' own past can tell. A day of the week
    that never had a value is unknown.
    """
    from drumbeat.cli.sheet import read_sheet

    sheet = read_sheet(file)
    at = sheet.column(date_column, DATES, 0)
    dates = sheet.days(at)
    values = sheet.numbers(sheet.column(value, VALUES, at + 1), gaps=True)
    made = _known(_forecast(sheet, dates, values, horizon, holidays), dates, values)
    if svg is not None:
        from drumbeat.cli.charts import draw_forecast

        draw_forecast(svg, file.name, dates, values, made)
    steps = [_step(made, number) for number in range(horizon)]
    if as_json:
        data("forecast", {"file": str(file), "horizon": horizon, "steps": steps})
        return
    shown = [[step.pop("date"), *map(figure, step.values())] for step in steps]
    table(["Date", "Expected", "Low 80", "High 80", "Low 95", "High 95"], shown)


def _forecast(
    sheet: "Sheet", dates: list[date], values: list[float], horizon: int, holidays: str | None
) -> "Forecast":
    from drumbeat.stats.forecast import forecast

    _refuse_disorder(sheet, dates)
    special = _holidays(holidays, dates[0].year, dates[-1].year + 1 + horizon // 50)
    try:
        return forecast(dates, values, horizon, LEVELS, special)
    except ValueError as error:
        raise FileInvalid(f"{sheet.file}: {error}") from error


def _known(made: "Forecast", dates: list[date], values: list[float]) -> "Forecast":
    """Without figures for days of the week that never had one: a shop may be closed on Sundays."""
    import numpy as np

    seen = {day.weekday() for day, value in zip(dates, values, strict=True) if not isnan(value)}
    known = np.array([day.weekday() in seen for day in made.dates])
    low, high = (
        {level: np.where(known, edge, nan) for level, edge in edges.items()}
        for edges in (made.low, made.high)
    )
    return replace(made, mean=np.where(known, made.mean, nan), low=low, high=high)


def _refuse_disorder(sheet: "Sheet", dates: list[date]) -> None:
    lines = sheet.lines
    for row in range(1, len(dates)):
        if dates[row] == dates[row - 1]:
            sheet.refuse(
                lines[row],
                f"{dates[row]} appears twice; sum or drop repeated rows (hours add up to days)",
            )
        if dates[row] < dates[row - 1]:
            before = dates[row - 1]
            sheet.refuse(lines[row], f"{dates[row]} comes after {before}; sort the rows by date")


def _holidays(place: str | None, first: int, last: int) -> set[date] | None:
    if place is None:
        return None
    from drumbeat.files.holidays import UnknownHolidays, public_holidays

    country, _, part = place.upper().partition("-")
    try:
        return public_holidays(country, part or None, range(first, last + 1))
    except UnknownHolidays as error:
        raise Failure(f"--holidays: {error}; write DE or DE-BE", Exit.INVALID) from error


def _step(made: "Forecast", number: int) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "date": made.dates[number].isoformat(),
        "expected": float(made.mean[number]),
    }
    for level in LEVELS:
        figures[f"low_{level}"] = float(made.low[level][number])
        figures[f"high_{level}"] = float(made.high[level][number])
    return figures
