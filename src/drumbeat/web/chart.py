"""Chart: small pictures drawn as SVG on the server; every number is a coordinate, never a style."""

from functools import lru_cache

from markupsafe import Markup, escape

from drumbeat.web.views.campaign import Pace, Spark

_WIDTH, _HEIGHT, _MARGIN = 92, 26, 3


@lru_cache(maxsize=4096)
def spark(data: Spark, label: str) -> Markup:
    """A sparkline with its expected range; dots mark the values outside of it."""
    scale = _Scale(data)
    parts = [
        _band(data, scale),
        _line(data, scale),
        *(_dot(data, scale, at) for at in data.outside),
    ]
    return Markup(  # noqa: S704 - numbers of ours, and a label that is escaped
        f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


class _Scale:
    """From a position and a value to the picture's coordinates."""

    def __init__(self, data: Spark) -> None:
        everything = (*data.values, *data.low, *data.high)
        self._low = min(everything, default=0.0)
        self._span = (max(everything, default=1.0) - self._low) or 1.0
        self._step = (_WIDTH - 2 * _MARGIN) / max(1, len(data.values) - 1)

    def point(self, position: int, value: float) -> str:
        across = _MARGIN + position * self._step
        down = _HEIGHT - _MARGIN - (value - self._low) / self._span * (_HEIGHT - 2 * _MARGIN)
        return f"{across:.1f},{down:.1f}"

    def points(self, values: tuple[float, ...]) -> list[str]:
        return [self.point(position, value) for position, value in enumerate(values)]


def _band(data: Spark, scale: _Scale) -> str:
    if not data.low:
        return ""
    outline = scale.points(data.high) + scale.points(data.low)[::-1]
    return f'<polygon class="band" points="{" ".join(outline)}"/>'


def _line(data: Spark, scale: _Scale) -> str:
    return f'<polyline class="line" points="{" ".join(scale.points(data.values))}"/>'


def _dot(data: Spark, scale: _Scale, position: int) -> str:
    across, down = scale.point(position, data.values[position]).split(",")
    return f'<circle class="out" cx="{across}" cy="{down}" r="2"/>'


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
