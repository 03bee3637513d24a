"""Guardrail rules: what must not happen to a metric, and what follows when it does."""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.quantity import Quantity, read_quantity
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration, Percent

_SAMPLE = re.compile(r"([0-9][0-9,_]*)\s+([a-z_]+)")


class Reference(StrEnum):
    """A moving line to compare with, instead of a fixed figure."""

    FORECAST = "forecast"
    BASELINE = "baseline"
    LAST_CYCLE = "last_cycle"
    TARGET = "target"


class Consequence(StrEnum):
    """What a crossed guardrail leads to; only these, never an action of an agent's choice."""

    ALERT = "alert"
    ESCALATE = "escalate"
    HOLD = "hold"
    PAUSE = "pause"
    FREEZE = "freeze"


class Severity(StrEnum):
    """How loudly a crossing speaks: a critical one is noticed within the detection time."""

    WARNING = "warning"
    CRITICAL = "critical"


class Sample(Noun):
    """How many of what must have been seen before the rule may speak."""

    count: int = Field(ge=0)
    metric: MetricName

    @classmethod
    def parse(cls, text: str) -> "Sample":
        """Read ``10000 delivered``. Raises ValueError for anything else."""
        match = _SAMPLE.fullmatch(text.strip())
        if not match:
            raise ValueError(f"expected a count of something such as 10000 delivered, got {text!r}")
        return cls(count=int(re.sub("[,_]", "", match[1])), metric=match[2])

    def __str__(self) -> str:
        return f"{self.count} {self.metric}"


def _read_level(value: Any) -> Any:
    return Reference(value) if value in set(Reference) else read_quantity(value)


def _read_sample(value: Any) -> Any:
    return Sample.parse(value) if isinstance(value, str) else value


_LEVEL_SCHEMA = {"type": ["string", "number"], "examples": ["forecast", "2%", "EUR 40", 3]}
Level = Annotated[
    Reference | Quantity,
    BeforeValidator(_read_level),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(_LEVEL_SCHEMA),
]
SampleText = Annotated[
    Sample,
    BeforeValidator(_read_sample),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["10000 delivered"]}),
]


class GuardrailRule(Noun):
    """A line a metric must not cross.

    ``below: forecast, by: 20%`` reads "20 % (relative) below the forecast"; ``above: 0.1%`` is a
    fixed line. ``after`` is the least sample, ``for`` how long the crossing must last.
    """

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    metric: MetricName
    below: Level | None = None
    above: Level | None = None
    by: Percent | None = None
    after: SampleText | None = None
    lasting: Duration | None = Field(default=None, alias="for")
    then: Consequence
    severity: Severity = Severity.WARNING

    @model_validator(mode="after")
    def _has_one_line(self) -> "GuardrailRule":
        if (self.below is None) == (self.above is None):
            raise ValueError("write exactly one of below and above")
        if self.by is not None and isinstance(self.level, Quantity):
            raise ValueError("by goes with forecast, baseline, last_cycle or target, not a figure")
        return self

    @property
    def level(self) -> Reference | Quantity:
        """The line itself, whichever side it guards."""
        level = self.above if self.below is None else self.below
        assert level is not None, "the validator lets exactly one through"
        return level
