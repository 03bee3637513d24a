"""Line items: money towards what returns more, tired creatives out, pace kept to the cap."""

import math
from collections.abc import Iterator, Mapping

from drumbeat.agents.improving.case import ImprovementCase, LiveLine
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.core.campaign.guardrail_rule import Consequence
from drumbeat.core.campaign.launch import difference
from drumbeat.core.campaign.lesson import ratio_effect
from drumbeat.core.campaign.objects import Creative, LineItem
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Evidence
from drumbeat.core.operations.diagnosis import Cause
from drumbeat.core.operations.watch_finding import WatchFinding

# Money moves only for a difference this large, known with 90 % two-sided certainty.
_LEAST_RATIO = 1.15
_Z90 = 1.644854
_LEAST_CONVERSIONS = 10.0
_USED = 0.9
# Spending within two per cent of the cap needs no correction.
_PACE_SLACK = 1.02
_LEAST_IMPRESSIONS = 1_000.0


def suggestions(case: ImprovementCase) -> Iterator[Suggestion]:
    """Every change of line items the figures ask for."""
    yield from _pace(case)
    yield from _pauses(case)
    yield from _rotations(case)
    yield from _shift(case)


def _shift(case: ImprovementCase) -> Iterator[Suggestion]:
    """From the line item that returns least per money to the one that returns most.

    The log of a ratio of two Poisson rates has the variance 1/x + 1/y (x, y the conversions).
    """
    ready = [line for line in _movable(case) if line.record.conversions >= _LEAST_CONVERSIONS]
    ready = [line for line in ready if line.record.spend_minor > 0 and line.item.status == "active"]
    ranked = sorted(ready, key=_return)
    # Money given to what cannot spend it is only taken from the others.
    takers = [line for line in ranked if line.used is None or line.used >= _USED]
    if not takers or takers[-1] is ranked[0]:
        return
    worst, best = ranked[0], takers[-1]
    ratio = _return(best) / _return(worst)
    error = math.sqrt(1 / best.record.conversions + 1 / worst.record.conversions)
    if ratio < _LEAST_RATIO or math.log(ratio) < _Z90 * error:
        return
    moved = math.floor(case.per_change * _least_budget(best.item, worst.item))
    if moved < 1:
        return
    lowered = _budget(worst.item, -moved)
    raised = _budget(best.item, moved)
    share = moved / max(1, sum(line.item.daily_budget_minor for line in case.lines))
    yield Suggestion(
        actions=(*_actions(case, worst, lowered), *_actions(case, best, raised)),
        variable="budget",
        why=f"{best.item.name} returns {ratio - 1:+.0%} conversions per money",
        evidence=(_evidence(best), _evidence(worst)),
        confidence=Confidence(
            effect=math.log(ratio),
            standard_error=error,
            sample_size=round(best.record.conversions + worst.record.conversions),
            signals=("conversions",),
        ),
        gain=share * (ratio - 1),
        if_nothing=f"{worst.item.name} goes on spending where less comes back",
    )


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


def _return(line: LiveLine) -> float:
    return line.record.conversions / line.record.spend_minor


def _least_budget(*items: LineItem) -> int:
    return min(item.daily_budget_minor for item in items)


def _budget(item: LineItem, by: int) -> LineItem:
    return item.model_copy(update={"daily_budget_minor": item.daily_budget_minor + by})


def _click_rate(counts: Mapping[str, float]) -> float:
    return counts.get("clicks", 0.0) / counts["impressions"]


def _actions(case: ImprovementCase, line: LiveLine, wanted: LineItem) -> tuple[Action, ...]:
    states = (wanted.model_dump(mode="json"), line.item.model_dump(mode="json"))
    return difference({line.target: states[0]}, {line.target: states[1]}, case.context)


def _evidence(line: LiveLine) -> Evidence:
    return Evidence(text=line.record.citation.text, source=line.record.source)
