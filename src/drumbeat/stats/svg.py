"""Small charts drawn as SVG text: lines with a band, points, markers, and intervals.

Every chart is one ``<svg class="chart" role="img">`` that carries its one-sentence label as
``<title>`` and ``aria-label``. Colors, widths and fonts belong to the page: the drawing only names
parts by class, and carries neither style nor script.

Classes: ``chart``; ``chart-axis`` (base line, zero line), ``chart-tick`` (texts along the axes);
``chart-band`` (expected range), ``chart-line`` (what was seen), ``chart-expected`` (forecast or
fit), ``chart-point``, ``chart-marker`` with ``chart-marker-<kind>`` (numbered event),
``chart-interval`` with ``chart-<tone>`` (bar of an interval), ``chart-estimate`` (its middle);
``chart-title`` (the label, where no page says it).
A chart that leaves the page for a file takes its looks along: see ``standalone``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import Literal

from drumbeat.stats._svg_scale import (
    Numbers,
    Scale,
    is_number,
    joined,
    runs,
    short,
    widened,
)

Tone = Literal["good", "bad", "open"]

STYLE = """
.chart { background: #fff; font: 12px system-ui, sans-serif; }
.chart-title { fill: #1f1f1f; font-weight: 600; }
.chart-axis { stroke: #9aa0a6; } .chart-tick { fill: #5f6368; }
.chart-band { fill: #dbe4f5; } .chart-line { stroke: #1a3f8f; stroke-width: 2; }
.chart-expected { stroke: #6b7fae; stroke-width: 1.5; stroke-dasharray: 4 3; }
.chart-point { fill: #b3261e; } .chart-marker line { stroke: #9aa0a6; stroke-dasharray: 2 2; }
.chart-interval line { stroke: #5f6368; stroke-width: 3; } .chart-estimate { fill: #1f1f1f; }
.chart-good line { stroke: #18794e; } .chart-bad line { stroke: #b3261e; }
"""

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 24
_ROW = 34
_TITLE = 26
_LONGEST_NAME = 28


# What `_svg` writes at the head of every chart.
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)" width="\d+"')


@dataclass(frozen=True)
class Band:
    """An expected range: ``low`` and ``high``, one entry a position of the chart."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Marker:
    """Something that happened at a position: drawn as a numbered flag with a tooltip."""

    at: int
    text: str
    kind: Literal["agent", "person", "outside"] = "agent"


@dataclass(frozen=True)
class Interval:
    """One row of an interval chart; ``tone`` says in a class what the words must say as well."""

    name: str
    low: float
    middle: float
    high: float
    tone: Tone = "open"


def line_chart(
    label: str,
    names: Sequence[str],
    seen: Numbers,
    *,
    expected: Numbers | None = None,
    band: Band | None = None,
    points: Sequence[int] = (),
    markers: Sequence[Marker] = (),
    width: int = 640,
    height: int = 200,
) -> str:
    """What was seen over ``names`` (dates, mostly), with what was expected of it.

    All columns have the length of ``names``. A None or NaN is a gap: the line breaks there.
    ``points`` are positions of ``seen`` to dot, such as anomalies. Raises ValueError for columns
    of other lengths, positions outside, or where there is no number at all to draw.
    """
    columns = [seen, expected or (), *((band.low, band.high) if band else ())]
    _check_lengths(len(names), columns, [*points, *(one.at for one in markers)])
    y = _vertical([one for column in columns for one in column], height)
    x = Scale(0, max(len(names) - 1, 1), _LEFT, width - _RIGHT)
    parts = [
        _band(band, x, y) if band else "",
        _axes(names, x, y, width, height),
        _path(expected, x, y, "chart-expected") if expected else "",
        _path(seen, x, y, "chart-line"),
        *(_point(at, seen[at], x, y) for at in points),
        *(_marker(number, one, x, height) for number, one in enumerate(markers, start=1)),
    ]
    return _svg(label, parts, width, height)


def interval_chart(
    label: str, rows: Sequence[Interval], *, zero: float = 0.0, unit: str = "", width: int = 640
) -> str:
    """One bar a row from low to high with its middle, against a line at ``zero``.

    Raises ValueError without rows, or where a row is not low <= middle <= high in finite numbers.
    """
    if not rows:
        raise ValueError("an interval chart needs at least one row")
    for row in rows:
        if not (is_number(row.low, row.middle, row.high) and row.low <= row.middle <= row.high):
            raise ValueError(f"expected finite low <= middle <= high, got {row!r}")
    height = _TOP + _ROW * len(rows) + _BOTTOM
    low, high = min(zero, *(row.low for row in rows)), max(zero, *(row.high for row in rows))
    x = Scale(*widened(low, high), width * 0.3, width - _RIGHT)
    parts = [
        f'<line class="chart-axis" x1="{x(zero)}" x2="{x(zero)}" y1="{_TOP}" '
        f'y2="{height - _BOTTOM}"/>',
        *(_interval(row, _TOP + _ROW * (i + 0.5), x, unit) for i, row in enumerate(rows)),
        *(
            f'<text class="chart-tick" x="{x(at)}" y="{height - 6}" text-anchor="middle">'
            f"{escape(short(at) + unit)}</text>"
            for at in sorted({low, zero, high})
        ),
    ]
    return _svg(label, parts, width, height)


def standalone(chart: str) -> str:
    """The chart as the content of an .svg file: its label above it, its looks in one style."""
    head, _, rest = chart.partition("<title>")
    label, _, body = rest.partition("</title>")
    width, height = (int(one) for one in _SIZE.findall(head)[0])
    tall = _SIZE.sub(f'viewBox="0 0 {width} {height + _TITLE}" width="{width}"', head, count=1)
    tall = tall.replace(f'height="{height}"', f'height="{height + _TITLE}"', 1)
    return (
        f"{tall}<title>{label}</title><style>{STYLE}</style>"
        f'<text class="chart-title" x="{_RIGHT}" y="18">{label}</text>'
        f'<g transform="translate(0 {_TITLE})">{body.removesuffix("</svg>")}</g></svg>'
    )


def _check_lengths(count: int, columns: Sequence[Numbers], positions: Sequence[int]) -> None:
    wrong = [len(column) for column in columns if len(column) not in (0, count)]
    if wrong or not count:
        raise ValueError(f"{count} positions cannot carry a column of {wrong[0] if wrong else 0}")
    outside = [at for at in positions if not 0 <= at < count]
    if outside:
        raise ValueError(f"position {outside[0]} is outside the chart's {count}")


def _vertical(numbers: Sequence[float | None], height: int) -> Scale:
    known = [one for one in numbers if one is not None and isfinite(one)]
    if not known:
        raise ValueError("there is no number to draw")
    return Scale(*widened(min(known), max(known)), height - _BOTTOM, _TOP)


def _path(column: Numbers, x: Scale, y: Scale, name: str) -> str:
    drawn = []
    for run in runs([column]):
        if len(run) == 1:
            drawn.append(
                f'<circle class="{name}" cx="{x(run[0])}" cy="{y(column[run[0]] or 0.0)}" r="1.5"/>'
            )
        else:
            drawn.append(
                f'<polyline class="{name}" fill="none" points="{joined(column, run, x, y)}"/>'
            )
    return "".join(drawn)


def _band(band: Band, x: Scale, y: Scale) -> str:
    return "".join(
        f'<polygon class="chart-band" points="{joined(band.high, run, x, y)} '
        f'{joined(band.low, run[::-1], x, y)}"/>'
        for run in runs([band.low, band.high])
    )


def _axes(names: Sequence[str], x: Scale, y: Scale, width: int, height: int) -> str:
    base = height - _BOTTOM
    room = (y.high - y.low) / 22
    levels = "".join(
        f'<text class="chart-tick" x="{_LEFT - 6}" y="{y(at)}" text-anchor="end">'
        f"{escape(short(at))}</text>"
        for at in (y.low + room, y.high - room)
    )
    last = len(names) - 1
    ends = [(0, "start")] + ([(last, "end")] if last else [])
    dates = "".join(
        f'<text class="chart-tick" x="{x(at)}" y="{height - 6}" text-anchor="{anchor}">'
        f"{escape(names[at])}</text>"
        for at, anchor in ends
    )
    line = f'<line class="chart-axis" x1="{_LEFT}" x2="{width - _RIGHT}" y1="{base}" y2="{base}"/>'
    return line + levels + dates


def _point(at: int, value: float | None, x: Scale, y: Scale) -> str:
    if value is None or not isfinite(value):
        return ""
    return f'<circle class="chart-point" cx="{x(at)}" cy="{y(value)}" r="3.5"/>'


def _marker(number: int, marker: Marker, x: Scale, height: int) -> str:
    at = x(marker.at)
    return (
        f'<g class="chart-marker chart-marker-{escape(marker.kind, quote=True)}">'
        f"<title>{escape(marker.text)}</title>"
        f'<line x1="{at}" x2="{at}" y1="{_TOP}" y2="{height - _BOTTOM}"/>'
        f'<text x="{at}" y="{_TOP}" text-anchor="middle">{number}</text></g>'
    )


def _interval(row: Interval, y: float, x: Scale, unit: str) -> str:
    is_long = len(row.name) > _LONGEST_NAME
    name = row.name[: _LONGEST_NAME - 1] + "…" if is_long else row.name
    return (
        f'<g class="chart-interval chart-{escape(row.tone, quote=True)}">'
        f"<title>{escape(row.name)}</title>"
        f'<text class="chart-tick" x="{_RIGHT}" y="{y + 4:.1f}">{escape(name)}</text>'
        f'<text class="chart-tick" x="{x(row.middle)}" y="{y - 8:.1f}" text-anchor="middle">'
        f"{escape(short(row.middle) + unit)}</text>"
        f'<line x1="{x(row.low)}" x2="{x(row.high)}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<circle class="chart-estimate" cx="{x(row.middle)}" cy="{y:.1f}" r="4"/></g>'
    )


def _svg(label: str, parts: Sequence[str], width: int, height: int) -> str:
    text = escape(label, quote=True)
    return (
        f'<svg class="chart" role="img" aria-label="{text}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{text}</title>{''.join(parts)}</svg>"
    )
