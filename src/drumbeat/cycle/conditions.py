"""Conditions: the workspace's promises about figures, held against a live cycle."""

from collections.abc import Iterator

from drumbeat.agents.monitor import WatchCase
from drumbeat.core.campaign.guardrail_rule import Reference, Severity
from drumbeat.core.operations import expression
from drumbeat.core.operations.condition import Answer, Condition, answer
from drumbeat.core.operations.guardrail import Lines, Truth
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.cycle.desk import Desk


def of_campaign(desk: Desk) -> tuple[Condition, ...]:
    """Those of policy/sla.yaml that speak of one of the campaign's channels, or of every one."""
    file, channels = desk.office.library.files.sla, desk.campaign.channels
    all_of_them = file.conditions if file is not None else ()
    return tuple(one for one in all_of_them if one.channel is None or one.channel in channels)


def metrics(desk: Desk) -> frozenset[str]:
    """The metrics they speak of: what the watch must keep and draw lines for."""
    return frozenset(metric for one in of_campaign(desk) for metric in spoken_of(one))


def spoken_of(condition: Condition) -> frozenset[str]:
    """The metrics one condition speaks of, its sample's included."""
    named = {condition.after.metric} if condition.after else set()
    if condition.rule is not None:
        named |= {condition.rule.metric}
        named |= {condition.rule.after.metric} if condition.rule.after else set()
    if condition.expr is not None:
        named |= expression.metrics(expression.read(condition.expr))
    return frozenset(named)


def compares(condition: Condition) -> bool:
    """Whether it compares with a moving line, which says little about the first hours."""
    if condition.rule is not None:
        return isinstance(condition.rule.level, Reference)
    return condition.expr is not None and any(f".{line}" in condition.expr for line in Reference)


def findings(
    conditions: tuple[Condition, ...], case: WatchCase, *, is_early: bool
) -> Iterator[WatchFinding]:
    """What holds is a finding with its consequence; what cannot be told is a data problem."""
    forecasts = {(f.metric, Reference.FORECAST): f.mean for f in case.plan.forecasts}
    lines = Lines({**forecasts, **case.references}, case.progress)
    for condition in conditions:
        if is_early and compares(condition):
            continue
        found = answer(condition, case.snapshots, lines)
        if found.truth is not Truth.FALSE:
            yield _finding(case, found)


def _finding(case: WatchCase, found: Answer) -> WatchFinding:
    condition, holds = found.condition, found.truth is Truth.TRUE
    metric = min(spoken_of(condition))
    kind = WatchKind.GUARDRAIL if holds else WatchKind.DATA
    what = "holds" if holds else "cannot be judged"
    return WatchFinding(
        key=f"{case.plan.campaign}/{kind}/condition {condition.id}",
        kind=kind,
        campaign=case.plan.campaign,
        cycle=case.plan.cycle,
        subject=case.plan.campaign,
        metric=condition.rule.metric if condition.rule else metric,
        severity=condition.severity if holds else Severity.WARNING,
        text=f"the condition {condition.id} {what}: {found.text}",
        consequence=condition.then if holds else None,
    )
