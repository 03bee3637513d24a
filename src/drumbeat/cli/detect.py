"""`drumbeat detect`: what is unusual in a person's own series."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import NumberRange, json_option, svg_option
from drumbeat.cli.output import data, figure, say, table

if TYPE_CHECKING:
    from drumbeat.stats.anomaly import Score

TIMES = ("timestamp", "date", "time", "datetime", "ds", "day")
VALUES = ("value", "y", "count")


@dataclass(frozen=True)
class Judged:
    """One row: where it stands, when it was, what was measured (NaN: nothing), and its score."""

    line: int
    at: datetime
    value: float
    score: "Score"


@click.command("detect")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE.csv…", type=click.Path(path_type=Path)
)
@click.option("--timestamp", help="The column of times (default: timestamp, else the first).")
@click.option("--value", help="The column of figures (default: value, else the one after).")
@click.option(
    "--threshold",
    type=NumberRange(0, 1, min_open=True, max_open=True),
    default=0.5,
    show_default=True,
    help="The score from which a value is an anomaly; one for all series.",
)
@svg_option
@json_option
def detect_command(
    files: tuple[Path, ...],
    timestamp: str | None,
    value: str | None,
    threshold: float,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Find the anomalies of each FILE.csv, a series with the columns timestamp,value.

    Each value is judged from those before it alone, as if they came in one by one. An empty cell
    or NaN is a gap. A chart (--svg) takes one file.
    """
    if svg is not None and len(files) > 1:
        raise Failure("--svg draws one file; name one", Exit.INVALID)
    judged = {file: judge(file, timestamp, value, threshold) for file in files}
    if svg is not None:
        from drumbeat.cli.charts import draw_detection

        draw_detection(svg, files[0].name, judged[files[0]])
    if as_json:
        data("detect", {"files": [_record(file, rows) for file, rows in judged.items()]})
        return
    for file, rows in judged.items():
        _show(file, rows)


def judge(file: Path, timestamp: str | None, value: str | None, threshold: float) -> list[Judged]:
    """Every row of a file with its score. Raises Failure."""
    from drumbeat.cli.sheet import read_sheet
    from drumbeat.stats.anomaly import Detector

    sheet = read_sheet(file)
    at = sheet.column(timestamp, TIMES, 0)
    times = sheet.moments(at)
    values = sheet.numbers(sheet.column(value, VALUES, at + 1), gaps=True)
    detector = Detector(threshold=threshold)
    rows = zip(sheet.lines, times, values, strict=True)
    return [Judged(line, at, value, detector.update(at, value)) for line, at, value in rows]


def _counted(anomalies: int) -> str:
    return "1 anomaly" if anomalies == 1 else f"{anomalies:,} anomalies"


def _record(file: Path, rows: list[Judged]) -> dict[str, Any]:
    found = [row for row in rows if row.score.is_anomaly]
    return {
        "file": str(file),
        "points": len(rows),
        "missing": sum(math.isnan(row.value) for row in rows),
        "out_of_order": _out_of_order(rows),
        "learning": sum(math.isnan(row.score.expected) for row in rows),
        "count": len(found),
        "anomalies": [
            {
                "line": row.line,
                "timestamp": row.at,
                "value": row.value,
                "score": round(row.score.score, 4),
                "expected": row.score.expected,
                "low": row.score.low,
                "high": row.score.high,
            }
            for row in found
        ],
    }


def _out_of_order(rows: list[Judged]) -> int:
    """Rows that are not later than every row before; a time without a zone is read as UTC."""
    times = [row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC) for row in rows]
    latest = accumulate(times, max)
    return sum(at <= before for before, at in zip(latest, times[1:], strict=False))


def _show(file: Path, rows: list[Judged]) -> None:
    found = [row for row in rows if row.score.is_anomaly]
    learned = any(not math.isnan(row.score.expected) for row in rows)
    unknown = "" if learned else "; too short a series to know what is usual"
    say(f"{file}: {_counted(len(found))} in {len(rows):,} points{unknown}")
    late = _out_of_order(rows)
    if late:
        told = "1 row repeats a time or goes" if late == 1 else f"{late:,} rows repeat a time or go"
        say(
            f"{file}: {told} back in time (an hour when clocks are set back?); "
            "sort them for a sound answer"
        )
    if found:
        table(
            ["File", "Line", "Timestamp", "Value", "Expected", "Low", "High", "Score"],
            [
                [str(file), str(row.line), row.at.isoformat(sep=" "), figure(row.value)]
                + [figure(one) for one in (row.score.expected, row.score.low, row.score.high)]
                + [f"{row.score.score:.3f}"]
                for row in found
            ],
        )
