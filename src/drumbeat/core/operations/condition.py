"""Conditions: promises about figures: *open rate 20 % below forecast after 10,000 delivered*.

Most are typed, like guardrails: ``metric, below|above, by, after, for, then``. What they cannot
say goes into ``expr``. Both answer true, false or unknown; unknown never acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from pydantic import ConfigDict, Field, model_validator

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.guardrail_rule import (
    Consequence,
    GuardrailRule,
    Level,
    SampleText,
    Severity,
)
from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.noun import Noun
from drumbeat.core.operations import expression
from drumbeat.core.operations.guardrail import Lines, Snapshot, Truth, evaluate
from drumbeat.core.operations.metrics import value_of
from drumbeat.core.units import Duration, Percent


class Condition(Noun):
    """One promise about figures: a metric and its line, or ``expr``."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    id: Slug
    channel: CampaignChannel | None = None
    metric: MetricName | None = None
    below: Level | None = None
    above: Level | None = None
    by: Percent | None = None
    expr: Line | None = None
    after: SampleText | None = None
    lasting: Duration | None = Field(default=None, alias="for")
    then: Consequence
    severity: Severity = Severity.WARNING

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Condition":
        typed = (self.metric, self.below, self.above, self.by)
        if (self.expr is None) == (self.metric is None) or (self.expr and any(typed)):
            raise ValueError(f"{self.id}: write either metric with below or above, or expr")
        if self.expr is not None:
            expression.read(self.expr)
        # Building the guardrail checks what the typed form says.
        assert self.rule is not None or self.expr is not None
        return self

    @cached_property
    def rule(self) -> GuardrailRule | None:
        """The typed form as a guardrail; None for an expression."""
        if self.metric is None:
            return None
        return GuardrailRule(
            metric=self.metric,
            below=self.below,
            above=self.above,
            by=self.by,
            after=self.after,
            lasting=self.lasting,
            then=self.then,
            severity=self.severity,
        )


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
