"""Scenario files: a market, what happens in it, and the truth a bench holds agents against."""

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from pydantic import Field, model_validator

from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun
from drumbeat.core.operations.cause import Cause
from drumbeat.core.units import Duration
from drumbeat.files.problem import render
from drumbeat.files.source import Source, from_text, read_source
from drumbeat.files.validate import validate


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
    """One made-up market and what is really the matter in it.

    ``market`` is the simulated market's own scenario; ``expect`` the hidden truth, empty where
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
    """A scenario file a user wrote. Raises BadScenario, every mistake as file:line:column."""
    return _parsed(read_source(path, str(path)))


def shipped() -> tuple[LabScenario, ...]:
    """Every scenario that comes with Drumbeat, by name."""
    folder = files("drumbeat.lab").joinpath("scenarios")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".yaml"))
    texts = ((name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names)
    return tuple(_parsed(from_text(name, text)) for name, text in texts)


def short_form() -> tuple[LabScenario, ...]:
    """Two of them, cut short: the noise a rule falls for, and a cause that must be named."""
    named = {one.name: one for one in shipped()}
    weeks = {"noisy hour on a winner": 4, "stock out": 5}
    return tuple(named[name].model_copy(update={"weeks": n}) for name, n in weeks.items())


def _parsed(source: Source) -> LabScenario:
    found, mistakes = validate(LabScenario, source.data if source.tree else None)
    problems = source.problems or tuple(source.problem(one) for one in mistakes)
    if found is None or problems:
        raise BadScenario(render(problems))
    return found
