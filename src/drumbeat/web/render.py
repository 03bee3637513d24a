"""Render: the Jinja environment: everything escaped, hidden characters shown, nothing undefined."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from drumbeat.web import chart
from drumbeat.web.band_chart import band_chart
from drumbeat.web.fold import fold_changes, fold_steps
from drumbeat.web.format import FILTERS, visible
from drumbeat.web.interval_chart import interval_chart
from drumbeat.web.static_folder import StaticFolder
from drumbeat.web.views.decision import in_parts

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(static: StaticFolder) -> Environment:
    """The environment of all templates; one for the life of the process."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.globals.update(icon=icon_of(static), static=static.url)
    made.globals.update(spark=chart.spark, pace=chart.pace, band_chart=band_chart)
    made.globals.update(interval_chart=interval_chart)
    made.globals.update(fold_changes=fold_changes, fold_steps=fold_steps, in_parts=in_parts)
    return made


def icon_of(static: StaticFolder) -> Any:
    """The template function that draws one icon of the sprite; decorative, words stand beside."""
    sprite = static.url("icons.svg")

    @cache
    def icon(name: str) -> Markup:
        return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
            sprite, name
        )

    return icon
