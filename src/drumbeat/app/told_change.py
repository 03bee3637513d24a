"""Told change: one record of the changes as a line a person reads: what is new, or old and new."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from drumbeat.app.pages.words import HIDDEN
from drumbeat.app.rule_diff import shown
from drumbeat.core.money import Money
from drumbeat.files.entry import ABSENT, ROW

# Of something new, what a person asks first, in that order.
_TELLING = (
    "type", "owner", "goal", "cadence", "budget", "network", "topic", "hook", "theme", "angle",
    "offer", "daily_budget_minor", "boost_minor", "adds", "starts_at", "publish_at", "send_at",
    "until",
)  # fmt: skip
_MOST = 6
_MINOR = "_minor"
# What a launch would make is named by its parts, not by its digest.
_LAUNCH = "pack"


def told(change: Mapping[str, Any], currency: str) -> str:
    """A record of ``reports.changes`` in words; money fields are in ``currency``."""
    moved = {
        name: (old, new)
        for name, (old, new) in change["change"].items()
        if name not in HIDDEN and not (name == ROW and ABSENT in (old, new))
    }
    target = str(change["target"])
    if moved and all(old is None for old, _ in moved.values()):
        made = {name: new for name, (_, new) in moved.items()}
        said = _new(target, made, currency)
    elif moved and all(new is None for _, new in moved.values()):
        said = f"took {_noun(target)} away"
    else:
        said = ", ".join(_move(name, *pair, currency) for name, pair in moved.items())
    return " · ".join(part for part in (said, str(change["why"])) if part)


def _new(target: str, made: Mapping[str, Any], currency: str) -> str:
    fields = ", ".join(_fields(made, currency))
    if target.startswith(f"{_LAUNCH}:"):
        return fields
    return f"new {_noun(target)}" + (f": {fields}" if fields else "")


def _noun(target: str) -> str:
    path, _, key = target.partition("#")
    if path.endswith(".yaml"):
        return f"entry {key} of {path}" if key else f"file {path}"
    return target.partition(":")[0].replace("_", " ")


def _fields(made: Mapping[str, Any], currency: str) -> Iterator[str]:
    names: Iterable[str] = [name for name in _TELLING if name in made] or made
    # What is empty, none or nought is not worth a word.
    telling = [name for name in names if made[name]]
    for name in telling[:_MOST]:
        yield f"{_label(name)} {_said(name, made[name], currency)}"
    if len(telling) > _MOST:
        yield "…"


def _move(name: str, old: Any, new: Any, currency: str) -> str:
    return f"{_label(name)}: {_said(name, old, currency)} -> {_said(name, new, currency)}"


def _label(name: str) -> str:
    return name.removesuffix(_MINOR).replace("_", " ")


def _said(name: str, value: Any, currency: str) -> str:
    if value is None:
        return "nothing"
    if name.endswith(_MINOR) and isinstance(value, int):
        return str(Money(minor=value, currency=currency))
    return shown(value)
