"""Charts: the figures of a command as one SVG file that needs nothing else to be seen."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drumbeat.cli.exits import Failure
from drumbeat.cli.output import say
from drumbeat.stats.svg import Band, Interval, Tone, interval_chart, line_chart, standalone

if TYPE_CHECKING:
    from drumbeat.cli.detect import Judged
    from drumbeat.stats.forecast import Forecast

_MOST_STEPS_BEFORE = 120
_TONES: dict[str, Tone] = {"lift": "good", "treatment": "good", "loss": "bad", "control": "bad"}


def draw_detection(file: Path, name: str, rows: Sequence["Judged"]) -> None:
    """The series, the range its hour expects, and a dot on every anomaly."""
    found = [at for at, row in enumerate(rows) if row.score.is_anomaly]
    band = Band([row.score.low for row in rows], [row.score.high for row in rows])
    anomalies = "1 anomaly" if len(found) == 1 else f"{len(found):,} anomalies"
    label = f"{name}: {anomalies} in {len(rows):,} points"
    dates = [f"{row.at:%Y-%m-%d}" for row in rows]
    seen = [row.value for row in rows]
    _write(file, lambda: line_chart(label, dates, seen, band=band, points=found))


def draw_forecast(
    file: Path, name: str, dates: Sequence[date], values: Sequence[float], made: "Forecast"
) -> None:
    """The last steps of the series, and what follows with the range of 95 in 100."""
    before = dates[-_MOST_STEPS_BEFORE:]
    gap = [math.nan] * len(before)
    ahead = [math.nan] * len(made.dates)
    steps = [one.isoformat() for one in (*before, *made.dates)]
    seen = [*values[-_MOST_STEPS_BEFORE:], *ahead]
    band = Band([*gap, *map(float, made.low[95])], [*gap, *map(float, made.high[95])])
    expected = [*gap, *map(float, made.mean)]
    label = f"{name}: forecast of {len(made.dates)} steps with the range of 95 in 100"
    _write(file, lambda: line_chart(label, steps, seen, expected=expected, band=band))


def draw_effects(
    file: Path, label: str, rows: Sequence[dict[str, Any]], kind: str, *, is_share: bool = False
) -> None:
    """One bar an arm: effect and interval against no difference; unknown ones are left out.

    ``kind`` is the field of a row that names the arm. Effects that are shares (0.02) are drawn as
    percentages.
    """
    scale, unit = (100, "%") if is_share else (1, "")
    bars = [
        Interval(str(row[kind]), scale * low, scale * middle, scale * high, _tone(row))
        for row in rows
        for low, middle, high in [(row["low"], row["effect"], row["high"])]
        if _is_finite(low) and _is_finite(middle) and _is_finite(high)
    ]
    if not bars:
        raise Failure(f"{file}: there is no interval to draw, everything is unknown")
    _write(file, lambda: interval_chart(label, bars, unit=unit))


def _tone(row: dict[str, Any]) -> Tone:
    return _TONES.get(str(row.get("verdict", row.get("decision"))), "open")


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _write(file: Path, draw: Any) -> None:
    try:
        chart: str = draw()
    except ValueError as error:
        raise Failure(f"{file}: nothing can be drawn: {error}") from error
    file.write_text(f"{standalone(chart)}\n", encoding="utf-8")
    say(f"chart written to {file}")
