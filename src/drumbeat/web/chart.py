"""Chart: small pictures drawn as SVG on the server; every number is a coordinate, never a style."""

from functools import lru_cache
from itertools import pairwise

from markupsafe import Markup, escape

from drumbeat.web.views.campaign import Pace, Spark

_WIDTH, _HEIGHT, _MARGIN = 92, 26, 3
# Four steps a pixel: whole numbers are short to write and fine enough to look smooth.
_STEPS = 4


@lru_cache(maxsize=4096)
def spark(data: Spark, label: str) -> Markup:
    """A sparkline with its expected range; dots mark the values outside of it."""
    scale = _Scale(data)
    dots = (_dot(scale.point(at, data.values[at])) for at in data.outside)
    return Markup(  # noqa: S704 - numbers of ours, and a label that is escaped
        f'<svg class="spark" viewBox="0 0 {_WIDTH * _STEPS} {_HEIGHT * _STEPS}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" aria-label="{escape(label)}">{_band(data, scale)}'
        f'<path class="line" d="{_path(scale.points(data.values))}"/>{"".join(dots)}</svg>'
    )


class _Scale:
    """From a position and a value to the picture's coordinates."""

    def __init__(self, data: Spark) -> None:
        everything = (*data.values, *data.low, *data.high)
        self._low = min(everything, default=0.0)
        span = (max(everything, default=1.0) - self._low) or 1.0
        self._up = (_HEIGHT - 2 * _MARGIN) * _STEPS / span
        self._step = (_WIDTH - 2 * _MARGIN) * _STEPS / max(1, len(data.values) - 1)

    def point(self, position: int, value: float) -> tuple[int, int]:
        across = _MARGIN * _STEPS + position * self._step
        down = (_HEIGHT - _MARGIN) * _STEPS - (value - self._low) * self._up
        return round(across), round(down)

    def points(self, values: tuple[float, ...]) -> list[tuple[int, int]]:
        return [self.point(position, value) for position, value in enumerate(values)]


def _path(points: list[tuple[int, int]]) -> str:
    """Moves to the first point and draws by differences to the others."""
    if not points:
        return ""
    steps = pairwise(points)
    drawn = "".join(f"{x2 - x1:d}{y2 - y1:+d}l" for (x1, y1), (x2, y2) in steps)
    return f"M{points[0][0]} {points[0][1]}" + (f"l{drawn[:-1]}" if drawn else "")


def _band(data: Spark, scale: _Scale) -> str:
    if not data.low:
        return ""
    outline = scale.points(data.high) + scale.points(data.low)[::-1]
    return f'<path class="band" d="{_path(outline)}z"/>'


def _dot(point: tuple[int, int]) -> str:
    return f'<circle class="out" cx="{point[0]}" cy="{point[1]}" r="{2 * _STEPS}"/>'


@lru_cache(maxsize=4096)
def pace(data: Pace, label: str) -> Markup:
    """A bar of the budget used, with a tick where it should stand by now."""
    used, expected = (min(max(share, 0.0), 1.0) * _WIDTH for share in (data.used, data.expected))
    return Markup(  # noqa: S704 - numbers of ours, and a label that is escaped
        f'<svg class="pace {data.tone}" viewBox="0 0 {_WIDTH} 12" width="{_WIDTH}" height="12" '
        f'role="img" aria-label="{escape(label)}">'
        f'<rect class="rail" y="1" width="{_WIDTH}" height="10" rx="5"/>'
        f'<rect class="used" y="1" width="{used:.1f}" height="10" rx="{min(5, used / 2):.1f}"/>'
        f'<rect class="tick" x="{min(expected, _WIDTH - 2):.1f}" width="2" height="12"/></svg>'
    )
