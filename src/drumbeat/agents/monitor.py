"""Monitor: holds readings against forecasts and guardrails, and names causes before effects."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.expectation import show
from drumbeat.core.campaign.guardrail_rule import GuardrailRule, Reference, Severity
from drumbeat.core.campaign.lesson import Effect, ratio_effect
from drumbeat.core.campaign.plan import Forecast, Plan
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.change import Change
from drumbeat.core.operations.diagnosis import (
    Diagnosis,
    diagnose,
    expected_otherwise,
    recognize_soonest,
)
from drumbeat.core.operations.guardrail import Crossing, Lines, Snapshot, Truth, evaluate
from drumbeat.core.operations.metrics import BASE, RATES, Unit, value_of
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.core.untrusted.label import Label
from drumbeat.stats.multiplicity import holm

ROLE = AgentRole(
    name="monitor",
    reads=frozenset(
        {
            DataScope.READINGS,
            DataScope.EVENTS,
            DataScope.COMMENTS,
            DataScope.HISTORY,
            DataScope.CONTEXT,
            DataScope.LANDING_PAGES,
        }
    ),
    proposes=frozenset(
        {
            "ads.pause",
            "autonomy.demote",
            "email.cancel_send",
            "social.delete_post",
            "social.stop_boost",
        }
    ),
    takes="WatchCase",
    gives="tuple[WatchFinding, ...]",
    failure_class=FailureClass.DATA,
)

# A segment is called weak from this many trials, when it is a fifth worse beyond doubt.
_SEGMENT_TRIALS = 200
_SEGMENT_WORSE = -0.2
_ALPHA = 0.05
# Standard errors from a line: a campaign has many, and each is looked at every hour.
_BEYOND_CHANCE = 3.0
# How many comments of a label, since the last look that told of them, a person must hear of.
_HEARD = {Label.LEGAL: 1, Label.CRISIS: 3}
_SPEAKS_OF = {Label.LEGAL: "lawyers or authorities", Label.CRISIS: "harm, a recall or a boycott"}
# Below this part of the cycle a sum says too little about its forecast.
_LEAST_PROGRESS = 0.25


@dataclass(frozen=True)
class Surprise:
    """An anomaly score in [0, 1] for the newest value of a metric, and whether it alarms."""

    score: float
    is_anomaly: bool
    expected: float


# The newest value of a metric against its own past; None when nothing can be said yet.
Scorer = Callable[[str, Sequence[Snapshot]], Surprise | None]


def no_scorer(metric: str, snapshots: Sequence[Snapshot]) -> Surprise | None:
    """Says nothing: for where no detector is wired in."""
    return None


@dataclass(frozen=True)
class WatchCase:
    """One look at a live cycle. ``snapshots`` hold its counts so far, oldest first; ``parts`` the
    newest counts per segment; ``changes`` the signals a diagnosis may use, ``longer`` the same
    over more days (``diagnosis.SPANS``); ``told`` when each finding's key was last reported;
    ``references`` what moving lines stand at (the plan's own forecasts need not be repeated);
    ``labels`` how many comments of each label came lately: their words never get here."""

    plan: Plan
    guardrails: tuple[GuardrailRule, ...]
    snapshots: tuple[Snapshot, ...]
    now: datetime
    progress: float
    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    references: Mapping[tuple[str, Reference], float] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    longer: tuple[Mapping[str, Change], ...] = ()
    told: Mapping[str, datetime] = field(default_factory=dict)
    labels: Mapping[Label, int] = field(default_factory=dict)
    currency: str = ""


@dataclass(frozen=True)
class Monitor:
    """Counts and labels only; no free text reaches it. ``quiet`` is how long the same finding
    is not told again."""

    scorer: Scorer = no_scorer
    quiet: timedelta = timedelta(hours=24)
    role: AgentRole = ROLE

    def watch(self, case: WatchCase) -> tuple[WatchFinding, ...] | Refusal:
        """What is wrong now and was not told lately, critical first; nothing when all is well.

        With an empty ``told`` it is everything that stands, however often it was told.
        """
        if not case.snapshots:
            return Refusal(
                agent=self.role.name,
                why="there is nothing to look at",
                missing=("a reading of the live cycle",),
                failure_class=self.role.failure_class,
            )
        crossed = [*_guardrails(case), *_forecasts(case)]
        known = {one.diagnosis.cause for one in crossed if one.diagnosis is not None}
        causes = (
            one for one in _causes(case) if one.diagnosis and one.diagnosis.cause not in known
        )
        found = [*crossed, *causes, *_segments(case), *_voices(case), *self._anomalies(case)]
        fresh = {one.key: one for one in reversed(found) if self.is_news(one, case)}
        ordered = sorted(fresh.values(), key=lambda one: (_rank(one.severity), one.key))
        return tuple(ordered)

    def surprise(self, case: WatchCase) -> tuple[Surprise, str] | None:
        """The campaign's one anomaly score: its most surprising metric's, at this look."""
        scored = [
            (surprise, metric)
            for metric in dict.fromkeys((case.plan.metrics.goal, *case.plan.metrics.watched))
            if (surprise := self.scorer(metric, case.snapshots)) is not None
        ]
        return max(scored, key=lambda pair: pair[0].score) if scored else None

    def _anomalies(self, case: WatchCase) -> Iterator[WatchFinding]:
        """The most surprising metric, one a look."""
        found = self.surprise(case)
        if found is None:
            return
        surprise, metric = found
        if surprise.is_anomaly:
            value = value_of(metric, case.snapshots[-1].counts)
            text = f"{metric} is unusual (score {surprise.score:.2f})"
            yield _finding(
                case, WatchKind.ANOMALY, metric, Severity.WARNING, text, value, surprise.expected
            )

    def is_news(self, found: WatchFinding, case: WatchCase) -> bool:
        """Whether a finding was not told lately."""
        last = case.told.get(found.key)
        return last is None or case.now - last >= self.quiet


def _guardrails(case: WatchCase) -> Iterator[WatchFinding]:
    forecasts = {(f.metric, Reference.FORECAST): f.mean for f in case.plan.forecasts}
    lines = Lines({**forecasts, **case.references}, case.progress)
    for rule in case.guardrails:
        crossing = evaluate(rule, case.snapshots, lines)
        match crossing.truth:
            case Truth.TRUE:
                yield _crossed(case, crossing)
            case Truth.UNKNOWN:
                text = f"the guardrail on {rule.metric} cannot be judged: {crossing.text}"
                yield _finding(case, WatchKind.DATA, rule.metric, Severity.WARNING, text)
            case Truth.FALSE:
                pass


def _crossed(case: WatchCase, crossing: Crossing) -> WatchFinding:
    rule = crossing.rule
    value, line = crossing.value or 0.0, crossing.line or 0.0
    shown = [show(rule.metric, figure, case.currency) for figure in (value, line)]
    side = "below" if rule.below is not None else "above"
    text = f"{rule.metric.replace('_', ' ')} is {shown[0]}, {side} its guardrail of {shown[1]}"
    found = _finding(case, WatchKind.GUARDRAIL, rule.metric, rule.severity, text, value, line)
    diagnosis = _diagnosed(case, rule.metric, value, line)
    return found.model_copy(
        update={
            "consequence": rule.then,
            "diagnosis": diagnosis,
            "confidence": _confidence(case, diagnosis, rule.metric, value, line),
        }
    )


def _diagnosed(case: WatchCase, metric: str, value: float, line: float) -> Diagnosis:
    """The cause of a crossed line; noise only where the distance to it may be chance."""
    found = diagnose(metric, case.changes)
    off = _distance(metric, value, line, case.snapshots[-1].counts)
    is_off = found.cause is Cause.NOISE and off > _BEYOND_CHANCE
    return expected_otherwise(found) if is_off else found


def _distance(metric: str, value: float, line: float, counts: Mapping[str, float]) -> float:
    """From a line, in standard errors; of money per conversion or per money in those of its
    logarithm, which few conversions leave wide."""
    if _is_of_money(metric):
        sure = math.sqrt(counts.get("conversions", 0.0))
        return abs(math.log(value / line)) * min(sure, 10.0) if min(value, line) > 0 else 0.0
    return abs(value - line) / max(_sampling_error(metric, one, counts) for one in (value, line))


def _is_of_money(metric: str) -> bool:
    """Revenue, and what is divided by money or divides it."""
    ratio = RATES.get(metric)
    return metric == "revenue" or (
        ratio is not None and Unit.MONEY in (BASE[ratio.over], BASE[ratio.under])
    )


def _causes(case: WatchCase) -> Iterator[WatchFinding]:
    """What the signals show by themselves, whether or not a line was crossed."""
    found = recognize_soonest((case.changes, *case.longer))
    if found is None:
        return
    cause = found.cause.replace("_", " ")
    text = f"the signals show {cause}: {'; '.join(found.evidence)}"
    noticed = _finding(case, WatchKind.CAUSE, found.signals[0], Severity.WARNING, text)
    key = f"{case.plan.campaign}/{WatchKind.CAUSE}/{found.cause}"
    yield noticed.model_copy(update={"key": key, "diagnosis": found})


def _forecasts(case: WatchCase) -> Iterator[WatchFinding]:
    """Metrics outside their forecast band, once enough of the cycle has passed."""
    if case.progress < _LEAST_PROGRESS:
        return
    for forecast in case.plan.forecasts:
        value = value_of(forecast.metric, case.snapshots[-1].counts)
        low, mean, high = _so_far(forecast, case.progress)
        if value is None or low <= value <= high:
            continue
        shown = [show(forecast.metric, one, case.currency) for one in (value, low, high)]
        text = f"{forecast.metric.replace('_', ' ')} is {shown[0]}, forecast {shown[1]}-{shown[2]}"
        found = _finding(
            case, WatchKind.FORECAST, forecast.metric, Severity.WARNING, text, value, mean
        )
        edge = low if value < low else high
        diagnosis = _diagnosed(case, forecast.metric, value, edge)
        yield found.model_copy(
            update={
                "diagnosis": diagnosis,
                "confidence": _confidence(case, diagnosis, forecast.metric, value, mean),
                "citations": forecast.citations,
            }
        )


def _so_far(forecast: Forecast, progress: float) -> tuple[float, float, float]:
    share = progress if forecast.metric in BASE else 1.0
    return forecast.low * share, forecast.mean * share, forecast.high * share


def _segments(case: WatchCase) -> Iterator[WatchFinding]:
    """Segments surely worse than the others: p-values adjusted for how many were looked at (Holm),
    and a fifth worse even once luck is taken out."""
    over, under = _rate_of(case.plan)
    compared = dict(_compared(case, over, under))
    if not compared:
        return
    adjusted = holm([_p_value(effect) for effect, _ in compared.values()])
    for (name, (effect, hits)), p_value in zip(compared.items(), adjusted, strict=True):
        if effect.mean >= 0 or effect.shrunk > _SEGMENT_WORSE or p_value >= _ALPHA:
            continue
        trials = case.parts[name][under]
        text = f"{name} does {effect.mean:+.0%} in {over} per {under.replace('_', ' ')}"
        text = f"{text} beside the others ({effect.low:+.0%} to {effect.high:+.0%})"
        metric = _named(over, under)
        found = _finding(case, WatchKind.SEGMENT, metric, Severity.WARNING, text, subject=name)
        error = max(1e-9, (effect.high - effect.low) / 3.92)
        confidence = Confidence(
            effect=effect.mean,
            standard_error=error,
            sample_size=round(trials),
            signals=(metric,),
        )
        yield found.model_copy(update={"confidence": confidence, "value": hits / trials})


def _compared(case: WatchCase, over: str, under: str) -> Iterator[tuple[str, tuple[Effect, float]]]:
    """Each segment of enough people beside all the others."""
    total = case.snapshots[-1].counts
    for name, counts in case.parts.items():
        trials = counts.get(under, 0.0)
        hits, others = counts.get(over, 0.0), total.get(under, 0.0) - trials
        if trials < _SEGMENT_TRIALS or others < _SEGMENT_TRIALS:
            continue
        rest = round(total.get(over, 0.0) - hits)
        effect = ratio_effect(round(hits), round(trials), rest, round(others))
        if effect is not None:
            yield name, (effect, hits)


def _p_value(effect: Effect) -> float:
    """Two-sided, of the log ratio the effect's interval was made from."""
    low, high = math.log1p(effect.low), math.log1p(effect.high)
    error = max(1e-9, (high - low) / 3.92)
    return math.erfc(abs(math.log1p(effect.mean)) / error / math.sqrt(2))


def _voices(case: WatchCase) -> Iterator[WatchFinding]:
    """Comments a person should read. It is only told: words of strangers freeze nothing."""
    for label, enough in _HEARD.items():
        count = case.labels.get(label, 0)
        if count >= enough:
            noun = "comment speaks" if count == 1 else "comments speak"
            text = f"{count} {noun} of {_SPEAKS_OF[label]}"
            yield _finding(case, WatchKind.VOICES, f"{label}_comments", Severity.WARNING, text)


def _rate_of(plan: Plan) -> tuple[str, str]:
    if plan.send is not None:
        return "clicks", "delivered"
    return ("conversions", "clicks") if plan.lines else ("engagements", "impressions")


def _named(over: str, under: str) -> str:
    return next(name for name, rate in RATES.items() if (rate.over, rate.under) == (over, under))


def _confidence(
    case: WatchCase, diagnosis: Diagnosis, metric: str, value: float, line: float
) -> Confidence:
    """The difference with its sampling error; each source that agrees counts as a signal."""
    counts = case.snapshots[-1].counts
    ratio = RATES.get(metric)
    sample = counts.get(ratio.under, 0.0) if ratio else value
    return Confidence(
        effect=value - line,
        standard_error=_sampling_error(metric, value, counts),
        sample_size=int(sample),
        signals=(metric, *([diagnosis.second_signal] if diagnosis.second_signal else [])),
    )


def _sampling_error(metric: str, value: float, counts: Mapping[str, float]) -> float:
    """Binomial for a share of people or events, √(p(1 - p)/n); Poisson for a count, √x; of money
    per conversion or per money what its conversions leave open, a tenth at least."""
    ratio = RATES.get(metric)
    if _is_of_money(metric):
        few = 1 / math.sqrt(max(counts.get("conversions", 0.0), 1.0))
        return max(abs(value) * max(few, 0.1), 1e-9)
    if ratio is None:
        return math.sqrt(max(value, 1.0))
    sample = counts.get(ratio.under, 0.0)
    if 0 <= value <= 1 and sample:
        return math.sqrt(max(value * (1 - value), 1e-12) / sample)
    return max(abs(value) / 10, 1e-9)


def _finding(
    case: WatchCase,
    kind: WatchKind,
    metric: str,
    severity: Severity,
    text: str,
    value: float | None = None,
    line: float | None = None,
    *,
    subject: str = "",
) -> WatchFinding:
    plan = case.plan
    about = subject or plan.campaign
    known = f"as known {case.snapshots[-1].at:%Y-%m-%d %H:%M} UTC"
    return WatchFinding(
        key=f"{plan.cycle}/{kind}/{about}/{metric}",
        kind=kind,
        campaign=plan.campaign,
        cycle=plan.cycle,
        subject=about,
        metric=metric,
        severity=severity,
        text=text,
        value=value,
        line=line,
        citations=(Citation(source=f"readings/{plan.cycle}", text=known),),
    )


def _rank(severity: Severity) -> int:
    return 0 if severity is Severity.CRITICAL else 1
