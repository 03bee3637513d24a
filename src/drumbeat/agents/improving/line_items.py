"""Line items: money towards what returns more, tired creatives out, pace kept to the cap."""

import math
from collections.abc import Iterator, Mapping

from drumbeat.agents.improving import allocation
from drumbeat.agents.improving.allocation import Weighed
from drumbeat.agents.improving.case import ImprovementCase, LiveLine
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.core.campaign.guardrail_rule import Consequence
from drumbeat.core.campaign.launch import difference
from drumbeat.core.campaign.lesson import ratio_effect
from drumbeat.core.campaign.objects import Creative, LineItem
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Evidence
from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.watch_finding import WatchFinding

# Spending within two per cent of the cap needs no correction.
_PACE_SLACK = 1.02
_LEAST_IMPRESSIONS = 1_000.0


def weigh(case: ImprovementCase) -> Weighed:
    """What the figures say of moving money between the line items that may be changed."""
    return allocation.weigh(case, _movable(case))


def suggestions(case: ImprovementCase, weighed: Weighed) -> Iterator[Suggestion]:
    """Every change of line items the figures ask for."""
    yield from _pace(case)
    yield from _pauses(case)
    yield from _rotations(case)
    yield from _shift(case, weighed)


def _shift(case: ImprovementCase, weighed: Weighed) -> Iterator[Suggestion]:
    """Money towards the line items where more of it brings more."""
    shift = weighed.shift
    if shift is None:
        return
    lines = {line.target: line for line in case.lines}
    # Lowered first: what is raised must fit under the caps.
    ordered = sorted(shift.by.items(), key=lambda pair: (pair[1], pair[0]))
    best = lines[ordered[-1][0]]
    yield Suggestion(
        actions=tuple(
            action
            for target, by in ordered
            for action in _actions(case, lines[target], _budget(lines[target].item, by))
        ),
        variable="budget",
        why=shift.why,
        evidence=tuple(_evidence(lines[target]) for target, _ in reversed(ordered)),
        confidence=Confidence(
            effect=shift.effect,
            standard_error=shift.error,
            sample_size=shift.sample,
            signals=("conversions",),
        ),
        gain=shift.share,
        if_nothing=f"{lines[ordered[0][0]].item.name} goes on spending where less comes back",
        expected=shift.expected,
        gained=best.item.name,
    )


def unidentified(case: ImprovementCase, weighed: Weighed) -> str:
    """Why the response curves of line items with a past are not known; empty where they are."""
    names = {line.target: line.item.name for line in case.lines if line.history}
    found = {target: one for target, one in weighed.unknown.items() if target in names}
    return "; ".join(f"{names[target]}: {one.detail}" for target, one in sorted(found.items()))


def _rotations(case: ImprovementCase) -> Iterator[Suggestion]:
    """The tired creative goes where a second signal confirms fatigue and others can take over."""
    tired = [one for one in case.findings if _says_fatigue(one)]
    if not tired:
        return
    for line in _movable(case):
        shown = {
            one.name: counts
            for one in line.item.creatives
            if (counts := line.creatives.get(one.name)) is not None
            and counts.get("impressions", 0.0) >= _LEAST_IMPRESSIONS
        }
        if len(line.item.creatives) < 2 or len(shown) < 2:
            continue
        worst = min(shown, key=lambda name: _click_rate(shown[name]))
        found = _rotation(case, line, worst, shown, tired[0])
        if found is not None:
            yield found


def _says_fatigue(found: WatchFinding) -> bool:
    return found.diagnosis is not None and found.diagnosis.cause is Cause.CREATIVE_FATIGUE


def _rotation(
    case: ImprovementCase,
    line: LiveLine,
    worst: str,
    shown: Mapping[str, Mapping[str, float]],
    finding: WatchFinding,
) -> Suggestion | None:
    others = [counts for name, counts in shown.items() if name != worst]
    clicks, seen = shown[worst].get("clicks", 0.0), shown[worst]["impressions"]
    effect = ratio_effect(
        round(clicks),
        round(seen),
        round(sum(counts.get("clicks", 0.0) for counts in others)),
        round(sum(counts["impressions"] for counts in others)),
    )
    if effect is None or effect.high >= 0:
        return None
    kept: tuple[Creative, ...] = tuple(c for c in line.item.creatives if c.name != worst)
    text = f"{worst}: {effect.mean:+.0%} clicks per impression ({seen:,.0f} impressions)"
    second = finding.diagnosis.second_signal if finding.diagnosis else ""
    return Suggestion(
        actions=_actions(case, line, line.item.model_copy(update={"creatives": kept})),
        variable="creative",
        why=f"{worst} is worn out: {finding.text}",
        evidence=(
            Evidence(text=text, source=line.record.source),
            Evidence(text=finding.text, source=finding.key),
        ),
        confidence=Confidence(
            effect=effect.mean,
            standard_error=max(1e-9, (effect.high - effect.low) / 3.92),
            sample_size=round(seen),
            signals=tuple(s for s in ("click_through_rate", second) if s),
        ),
        gain=-effect.mean * seen / sum(counts["impressions"] for counts in shown.values()),
        if_nothing="the same people see a creative they no longer answer to",
    )


def _pauses(case: ImprovementCase) -> Iterator[Suggestion]:
    """What a guardrail of the campaign's own file asks for, where a second signal agrees."""
    for found in case.findings:
        asked = found.consequence is Consequence.PAUSE
        diagnosis = found.diagnosis
        if not asked or diagnosis is None or not diagnosis.second_signal or not found.confidence:
            continue
        for line in case.lines:
            if line.item.status != "active" or line.target in case.under_test:
                continue
            paused = line.item.model_copy(update={"status": "paused"})
            yield Suggestion(
                actions=_actions(case, line, paused),
                variable="status",
                why=f"{found.text}; {diagnosis.cause.replace('_', ' ')}",
                evidence=tuple(Evidence(text=e, source=found.key) for e in diagnosis.evidence),
                confidence=found.confidence,
                gain=1.0,
                if_nothing="the guardrail stays crossed",
            )


def _pace(case: ImprovementCase) -> Iterator[Suggestion]:
    """Lower budgets where the window's cap would be passed at this speed."""
    pace = case.pace
    if pace is None or not 0.1 <= pace.elapsed < 1 or pace.cap.minor <= 0:
        return
    heading_for = pace.spent.minor / pace.elapsed
    if heading_for <= pace.cap.minor * _PACE_SLACK:
        return
    left = max(0, pace.cap.minor - pace.spent.minor)
    wanted = left / (heading_for - pace.spent.minor)
    factor = max(1 - case.per_change, wanted)
    lowered = [
        (line, _budget(line.item, math.floor(line.item.daily_budget_minor * (factor - 1))))
        for line in case.lines
        if line.item.status == "active" and line.target not in case.under_test
    ]
    actions = tuple(action for line, item in lowered for action in _actions(case, line, item))
    if not actions:
        return
    text = f"{pace.spent} of {pace.cap} spent in {pace.elapsed:.0%} of the time"
    over = heading_for / pace.cap.minor - 1
    yield Suggestion(
        actions=actions,
        variable="budget",
        why=f"at this pace the cap is passed by {over:.0%}",
        evidence=(Evidence(text=text, source=f"readings/{case.cycle}"),),
        confidence=Confidence(
            effect=over,
            standard_error=max(1e-9, over / 4),
            sample_size=max(1, round(pace.elapsed * 1000)),
            signals=("spend", "calendar"),
        ),
        gain=over,
        if_nothing="the cap stops delivery before the window ends",
    )


def _movable(case: ImprovementCase) -> list[LiveLine]:
    """Line items that are neither under test, nor learning, nor changed a moment ago."""
    return [line for line in case.lines if not is_resting(line, case)]


def is_resting(line: LiveLine, case: ImprovementCase) -> bool:
    """Whether the line item is to be left alone for now."""
    is_warm = line.changed_at is not None and case.now - line.changed_at < case.cooldown
    return is_warm or line.is_learning or line.target in case.under_test


def _budget(item: LineItem, by: int) -> LineItem:
    return item.model_copy(update={"daily_budget_minor": item.daily_budget_minor + by})


def _click_rate(counts: Mapping[str, float]) -> float:
    return counts.get("clicks", 0.0) / counts["impressions"]


def _actions(case: ImprovementCase, line: LiveLine, wanted: LineItem) -> tuple[Action, ...]:
    states = (wanted.model_dump(mode="json"), line.item.model_dump(mode="json"))
    return difference({line.target: states[0]}, {line.target: states[1]}, case.context)


def _evidence(line: LiveLine) -> Evidence:
    return Evidence(text=line.record.citation.text, source=line.record.source)
