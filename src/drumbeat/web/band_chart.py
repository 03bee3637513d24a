"""Band chart: a metric a day, the range expected of it, and numbered marks of what happened."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from drumbeat.web.axis import ticks
from drumbeat.web.views.campaign import Marker, Series

_TOP, _BOTTOM, _LEFT, _RIGHT = 34, 28, 52, 14
# Two numbers side by side touch, and do not cover each other.
_BETWEEN = 21.0


@dataclass(frozen=True)
class _Plot:
    """Where days and values lie in the picture."""

    series: Series
    width: int
    height: int
    marks: tuple[float, ...]

    def across(self, position: float) -> float:
        steps = max(1, len(self.series.days) - 1)
        return _LEFT + position / steps * (self.width - _LEFT - _RIGHT)

    def down(self, value: float) -> float:
        low, high = self.marks[0], self.marks[-1]
        share = (value - low) / (high - low)
        return self.height - _BOTTOM - share * (self.height - _TOP - _BOTTOM)

    def at(self, position: int, value: float) -> str:
        return f"{self.across(position):.1f},{self.down(value):.1f}"


def band_chart(series: Series, label: str, width: int = 1160, height: int = 320) -> Markup:
    """The chart as SVG; ``label`` is the one sentence that says what it shows."""
    known = [value for value in series.values if value is not None]
    everything = [*known, *series.low, *series.high]
    if not known:
        return Markup("")
    plot = _Plot(series, width, height, ticks(min(everything), max(everything), 4))
    body = "".join(
        (*_grid(plot), _band(plot), *_days(plot), *_lines(plot), *_outside(plot), *_markers(plot))
    )
    return Markup(  # noqa: S704 - numbers of ours, and texts that are escaped
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}">{body}</svg>'
    )


def _grid(plot: _Plot) -> list[str]:
    right = plot.width - _RIGHT
    return [
        f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{plot.down(v):.1f}" '
        f'y2="{plot.down(v):.1f}"/><text class="tick end" x="{_LEFT - 8}" '
        f'y="{plot.down(v) + 4:.1f}">{v:,g}</text>'
        for v in plot.marks
    ]


def _band(plot: _Plot) -> str:
    if not plot.series.low:
        return ""
    upper = [plot.at(i, v) for i, v in enumerate(plot.series.high)]
    lower = [plot.at(i, v) for i, v in enumerate(plot.series.low)]
    return f'<polygon class="band" points="{" ".join(upper + lower[::-1])}"/>'


def _days(plot: _Plot) -> list[str]:
    every = max(1, round(len(plot.series.days) / (plot.width / 165)))
    return [
        f'<text class="tick mid" x="{plot.across(i):.1f}" y="{plot.height - 6}">{_day(day)}</text>'
        for i, day in enumerate(plot.series.days)
        if i % every == 0 and plot.across(i) < plot.width - 30
    ]


def _day(day: date) -> str:
    return f"{day:%b} {day.day}"


def _lines(plot: _Plot) -> list[str]:
    """One line a run of known days: a missing day is a gap, never a guess."""
    runs: list[list[str]] = [[]]
    for position, value in enumerate(plot.series.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(plot.at(position, value))
    return [f'<polyline class="line" points="{" ".join(run)}"/>' for run in runs if run]


def _outside(plot: _Plot) -> list[str]:
    series = plot.series
    found = (
        (i, value)
        for i, (value, low, high) in enumerate(
            zip(series.values, series.low, series.high, strict=False)
        )
        if value is not None and not low <= value <= high
    )
    return [
        f'<circle class="out" cx="{plot.across(i):.1f}" cy="{plot.down(value):.1f}" r="5"/>'
        for i, value in found
    ]


def _markers(plot: _Plot) -> list[str]:
    first, last = plot.series.days[0].toordinal(), len(plot.series.days) - 1
    shown = sorted(plot.series.markers, key=lambda marker: marker.number)
    days = [min(max(m.at.date().toordinal() - first, 0), last) for m in shown]
    right = plot.width - _RIGHT
    places = spread([plot.across(day) for day in days], _LEFT, right, _BETWEEN)
    return [_marker(plot, *each) for each in zip(shown, days, places, strict=True)]


def spread(wished: list[float], low: float, high: float, gap: float) -> list[float]:
    """The places nearest to what is wished, left to right, where none covers its neighbor.

    Where even ``low`` to ``high`` is too little room for all, they are as far apart as it allows.
    """
    if len(wished) > 1:
        gap = min(gap, (high - low) / (len(wished) - 1))
    placed: list[float] = []
    for one in wished:
        placed.append(max(one, placed[-1] + gap) if placed else max(one, low))
    limit = high
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - gap
    return placed


def _marker(plot: _Plot, marker: Marker, day: int, place: float) -> str:
    across, beside = f"{plot.across(day):.1f}", f"{place:.1f}"
    return (
        f'<polyline class="when" points="{beside},{_TOP - 14} {across},{_TOP} '
        f'{across},{plot.height - _BOTTOM}"/><circle class="number {marker.kind}" cx="{beside}" '
        f'cy="{_TOP - 22}" r="10"/><text class="number mid" x="{beside}" y="{_TOP - 18}">'
        f"{marker.number}</text>"
    )
