"""Defaults: what a campaign's type fills in where its file says nothing."""

from functools import cache
from pathlib import Path
from typing import Any

from drumbeat.files.source import read_source

_TYPES = Path(__file__).parent / "types"
# Blocks in which the file's keys stand beside the type's; anything else the file replaces whole.
_MERGED = ("sla", "autonomy", "experiments", "data_permissions")


@cache
def type_names() -> tuple[str, ...]:
    """The types that have defaults."""
    return tuple(sorted(file.stem for file in _TYPES.glob("*.yaml")))


@cache
def defaults_for(type_name: str) -> dict[str, Any]:
    """The defaults of a type; empty for a type that has none. Do not change what is returned."""
    if type_name not in type_names():
        return {}
    source = read_source(_TYPES / f"{type_name}.yaml", f"types/{type_name}.yaml")
    assert isinstance(source.data, dict), f"the shipped defaults of {type_name} are broken"
    return source.data


@cache
def about(type_name: str) -> str:
    """What a type is for: the sentence its file begins with."""
    text = (_TYPES / f"{type_name}.yaml").read_text(encoding="utf-8")
    said = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    return f"{said.partition('. ')[0].rstrip('.')}."


def with_defaults(data: Any) -> Any:
    """A campaign's data with its type's defaults under it; what is no mapping stays as it is."""
    if not isinstance(data, dict):
        return data
    type_name = data.get("type")
    defaults = defaults_for(type_name.replace("-", "_")) if isinstance(type_name, str) else {}
    return {**defaults, **data, **_merged(defaults, data)}


def _merged(defaults: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: {**defaults[key], **data[key]}
        for key in _MERGED
        if isinstance(defaults.get(key), dict) and isinstance(data.get(key), dict)
    }
