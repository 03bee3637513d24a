"""One line: a value as YAML that needs no line of its own below it."""

from typing import Any

import yaml


def in_one_line(value: Any) -> str:
    """A value on one line, as YAML."""
    dumped = yaml.safe_dump(
        value, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False
    )
    return dumped.removesuffix("\n").removesuffix("...").strip()
