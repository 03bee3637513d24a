"""Conditions: promises about figures: *open rate 20 % below forecast after 10,000 delivered*.

Most are typed, like guardrails: ``metric, below|above, by, after, for, then``. What they cannot
say goes into ``expr``. Both answer true, false or unknown; unknown never acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.guardrail_rule import (
    Consequence,
    GuardrailRule,
    SampleText,
    Severity,
)
from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.noun import Noun
from drumbeat.core.operations import expression
from drumbeat.core.operations.guardrail import Lines, Snapshot, Truth, evaluate
from drumbeat.core.operations.metrics import value_of
from drumbeat.core.units import Duration

_RULE_FIELDS = ("metric", "below", "above", "by")


class Condition(Noun):
    """One promise about figures. It has either ``rule``'s fields, written flat, or ``expr``."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    id: Slug
    channel: CampaignChannel | None = None
    rule: GuardrailRule | None = None
    expr: Line | None = None
    after: SampleText | None = None
    lasting: Duration | None = Field(default=None, alias="for")
    then: Consequence
    severity: Severity = Severity.WARNING

    @model_validator(mode="before")
    @classmethod
    def _gather_the_rule(cls, data: Any) -> Any:
        """The rule's fields stand flat in a file, beside what both forms share."""
        if not isinstance(data, dict) or not any(field in data for field in _RULE_FIELDS):
            return data
        shared = {
            field: data[field] for field in ("after", "for", "then", "severity") if field in data
        }
        rule = {field: data[field] for field in _RULE_FIELDS if field in data}
        rest = {field: value for field, value in data.items() if field not in _RULE_FIELDS}
        return {**rest, "rule": {**rule, **shared}}

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Condition":
        if (self.rule is None) == (self.expr is None):
            raise ValueError(f"{self.id}: write either metric with below or above, or expr")
        if self.expr is not None:
            expression.read(self.expr)
        return self


@dataclass(frozen=True)
class Answer:
    """What a condition says now, and in words why."""

    condition: Condition
    truth: Truth
    text: str


def answer(condition: Condition, snapshots: Sequence[Snapshot], lines: Lines) -> Answer:
    """Whether the condition holds, over as much time as it asks; ``snapshots`` in order of time."""
    if condition.rule is not None:
        found = evaluate(condition.rule, snapshots, lines)
        return Answer(condition, found.truth, found.text)
    if not snapshots:
        return Answer(condition, Truth.UNKNOWN, "there are no readings")
    begins = snapshots[-1].at - (condition.lasting or timedelta())
    window = [one for one in snapshots if one.at >= begins]
    truths = [_at(condition, one, lines) for one in window]
    if truths[-1] is Truth.TRUE and snapshots[0].at > begins:
        return Answer(condition, Truth.FALSE, f"{condition.expr}: not watched for long enough yet")
    truth = _together(truths)
    return Answer(condition, truth, f"{condition.expr}: {truth}")


def _at(condition: Condition, snapshot: Snapshot, lines: Lines) -> Truth:
    if condition.after is not None:
        seen = value_of(condition.after.metric, snapshot.counts)
        if seen is None:
            return Truth.UNKNOWN
        if seen < condition.after.count:
            return Truth.FALSE
    assert condition.expr is not None, "the validator lets one of the two through"
    return expression.holds(expression.read(condition.expr), snapshot.counts, lines)


def _together(truths: list[Truth]) -> Truth:
    """The newest decides unless it is true; then all the others must be true too."""
    if truths[-1] is not Truth.TRUE:
        return truths[-1]
    if Truth.FALSE in truths:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.TRUE
