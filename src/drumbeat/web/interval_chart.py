"""Interval chart: each metric's effect as a bar from low to high, with the guardrails' limits."""

from markupsafe import Markup, escape

from drumbeat.web.axis import ticks
from drumbeat.web.views.experiment import Effect

_ROW, _TOP, _AXIS = 44, 6, 26
_WIDEST = 1.0


def interval_chart(effects: tuple[Effect, ...], label: str, width: int = 640) -> Markup:
    """Bars as SVG, one row an effect, in the order given; names stand beside it, not in it.

    A bar that goes on beyond -100% or +100% ends there in a point: one wide interval must not
    make all others too small to see.
    """
    if not effects:
        return Markup("")
    ends = [_near(v) for e in effects for v in (e.low, e.high, e.limit) if v is not None]
    marks = ticks(min(0.0, *ends), max(0.0, *ends), 7)
    low, high = marks[0], marks[-1]

    def across(value: float) -> float:
        return 24 + (_near(value) - low) / (high - low) * (width - 48)

    height = _TOP + _ROW * len(effects) + _AXIS
    zero = f"{across(0):.1f}"
    parts = [f'<line class="zero" x1="{zero}" x2="{zero}" y1="0" y2="{height - _AXIS}"/>']
    for position, effect in enumerate(effects):
        middle = _TOP + _ROW * position + _ROW / 2
        left, right = across(effect.low), across(effect.high)
        parts.append(
            f'<rect class="effect {effect.tone}" x="{left:.1f}" y="{middle - 8:.1f}" '
            f'width="{max(2.0, right - left):.1f}" height="16" rx="8"/>'
            f'<circle class="dot" cx="{across(effect.value):.1f}" cy="{middle:.1f}" r="5"/>'
        )
        parts += [
            f'<path class="effect {effect.tone}" d="M{end:.1f} {middle - 8:.1f}v16l{out} -8z"/>'
            for end, out in _points(effect, left, right)
        ]
        if effect.limit is not None:
            at = f"{across(effect.limit):.1f}"
            parts.append(
                f'<line class="limit" x1="{at}" x2="{at}" y1="{middle - 15:.1f}" '
                f'y2="{middle + 15:.1f}"/>'
            )
    parts += [
        f'<text class="tick mid" x="{across(mark):.1f}" y="{height - 6}">{_percent(mark)}</text>'
        for mark in marks
    ]
    return Markup(  # noqa: S704 - numbers of ours, and a label that is escaped
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _near(value: float) -> float:
    return min(max(value, -_WIDEST), _WIDEST)


def _points(effect: Effect, left: float, right: float) -> list[tuple[float, int]]:
    """Where the bar goes on beyond the chart: at which end, and which way it points."""
    ends = [(left + 6, -14)] if effect.low < -_WIDEST else []
    return [*ends, (right - 6, 14)] if effect.high > _WIDEST else ends


def _percent(value: float) -> str:
    return "0%" if value == 0 else f"{value * 100:+.3g}%".replace("-", "\u2212")
