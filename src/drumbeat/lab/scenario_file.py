"""Scenario files: a market, what happens in it, and the truth a bench holds agents against."""

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, JsonValue, ValidationError, model_validator

from drumbeat.core.noun import Noun
from drumbeat.core.operations.diagnosis import Cause
from drumbeat.core.units import Duration


class BadScenario(ValueError):
    """A scenario file that cannot be used: which, where in it, and what is wrong."""


class Expected(Noun):
    """What a good monitor names, from ``after`` the start for as long as it ``lasts``."""

    cause: Cause
    after: Duration
    lasts: Duration


class Deed(Noun):
    """What a person does on the platform by way of Drumbeat, whatever anybody advises."""

    after: Duration
    target: str
    values: dict[str, JsonValue]


class LabScenario(Noun):
    """``market`` is the simulated market's own scenario; ``expect`` the hidden truth, empty where
    nothing is to be named; ``protect`` are winners nobody should pause."""

    name: str
    about: str = Field(min_length=20)
    start: date = date(2026, 3, 2)
    weeks: int = Field(default=6, ge=1, le=52)
    market: dict[str, JsonValue] = Field(default={})
    expect: tuple[Expected, ...] = ()
    protect: tuple[str, ...] = ()
    people: tuple[Deed, ...] = ()
    noisy: bool = Field(default=False, description="whether chance alone makes it look bad")

    @model_validator(mode="after")
    def _within_its_weeks(self) -> "LabScenario":
        end = timedelta(weeks=self.weeks)
        for after in (*(one.after for one in self.expect), *(one.after for one in self.people)):
            if after >= end:
                raise ValueError(f"after {after} is past the scenario's {self.weeks} weeks")
        return self


def read(path: Path) -> LabScenario:
    """A scenario file a user wrote. Raises BadScenario."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadScenario(f"{path}: cannot be read: {error}") from error
    return _parsed(text, str(path))


def shipped() -> tuple[LabScenario, ...]:
    """Every scenario that comes with Drumbeat, by name."""
    folder = files("drumbeat.lab").joinpath("scenarios")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".yaml"))
    return tuple(_parsed(folder.joinpath(n).read_text(encoding="utf-8"), n) for n in names)


def _parsed(text: str, where: str) -> LabScenario:
    try:
        content: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadScenario(f"{where}: not YAML: {error}") from error
    if not isinstance(content, dict):
        raise BadScenario(f"{where}: expected a mapping with name, about and market")
    try:
        return LabScenario.model_validate(content)
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise BadScenario(f"{where}: {'; '.join(lines)}") from error
