"""Share: a number on the command line, as 2% or 0.02."""

import math
from typing import Any

import click


class Share(click.ParamType[float]):
    """``2%`` and ``0.02`` are the same number; ``41.5`` is itself."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"expected a number such as 2% or 0.02, got {text!r}", param, ctx)
        return number


SHARE = Share()
