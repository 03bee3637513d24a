"""Experiments: the library by rank, what is tested now, what was decided, and one test in full."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from drumbeat.app.experiment_orders import next_settings, waiting_about
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.hypotheses import hypothesis_rows
from drumbeat.app.pages.segments_of_test import segment_effects
from drumbeat.app.pages.words import label, measured, metric_name
from drumbeat.core.campaign.lesson import Effect as Measured
from drumbeat.core.campaign.metric import better
from drumbeat.core.experiments.arm import Arm as TestArm
from drumbeat.core.experiments.learned import lesson_of
from drumbeat.core.experiments.observe import Exposed, by_segment, units_of
from drumbeat.core.experiments.overlap import Collides, find_overlap
from drumbeat.core.experiments.registered import Registered, Shown
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.experiments.sizing import Mode
from drumbeat.core.governance.action import Channel
from drumbeat.cycle import trials
from drumbeat.gate.registry import ROLL_OUT, STOP
from drumbeat.store import experiments
from drumbeat.store.proposals import Judged
from drumbeat.web.views.campaign import Setting
from drumbeat.web.views.decision import CheckLine, CheckState
from drumbeat.web.views.experiment import (
    Arm,
    Effect,
    ExperimentRow,
    ExperimentState,
    ExperimentView,
    MetricRole,
    Overlap,
    RegistryView,
)
from drumbeat.web.views.value import Change, Page, Tone

_STATES = {
    "running": ExperimentState.RUNNING,
    "stopped": ExperimentState.STOPPED,
    "decided": ExperimentState.DECIDED,
}
_UNITS = {Channel.SOCIAL: "posts", Channel.ADS: "days"}
# What the rule that was registered before launch says of a test now.
_ADVICE = {
    Answer.SHIP: "ship the treatment",
    Answer.ROLL_BACK: "keep the control",
    Answer.REVIEW: "let a person decide",
    Answer.KEEP_GOING: "keep running",
}
_VERDICTS = {
    Answer.SHIP: "The treatment won",
    Answer.ROLL_BACK: "The control stays",
    Answer.REVIEW: "A person decides",
    Answer.KEEP_GOING: "Not decided yet",
}


@dataclass(frozen=True)
class Experiments:
    """Only shows: ``experiment_orders`` ships and stops.

    Running tests come the oldest first, those that are over the newest first, by page.
    ``experiment`` answers None for a test nobody registered.
    """

    ground: Ground

    def registry(self, *, after: str | None, limit: int) -> RegistryView:
        with self.ground.app.database.read() as connection:
            kept = experiments.every(connection)
        running = [self._row(one) for one in kept if one.is_running]
        over = [self._row(one) for one in reversed(kept) if not one.is_running]
        start = int(after) if after and after.isdecimal() else 0
        end = start + limit
        return RegistryView(
            running=tuple(running),
            decided=Page(tuple(over[start:end]), str(end) if end < len(over) else None, len(over)),
            library=hypothesis_rows(self.ground, kept),
            overlaps=tuple(_overlaps(kept)),
        )

    def experiment(self, experiment_id: str) -> ExperimentView | None:
        with self.ground.app.database.read() as connection:
            one = experiments.load(connection, experiment_id)
            if one is None:
                return None
            exposed = experiments.exposed(connection, experiment_id)
            asked = waiting_about(connection, experiment_id)
            carried = next_settings(connection, one)
            placed, read = trials.measured(connection, one.experiment)
        view = self._view(one, exposed, asked[0].proposal.id if asked else "")
        answer = one.advice
        return replace(
            view,
            advice=_ADVICE[answer],
            can_ship=bool(carried) and not any(_is_ship(each) for each in asked),
            can_keep=one.is_running and bool(asked),
            can_stop=one.is_running and not any(_is_stop(each) for each in asked),
            is_advised=answer is Answer.SHIP,
            ships=", ".join(f"{label(name)}: {value}" for name, value, _ in carried),
            segments=segment_effects(by_segment(one.experiment, placed, read, self.ground.now)),
        )

    def _row(self, one: Registered) -> ExperimentRow:
        made, effect = one.experiment, _effect(one)
        ended = one.ended.at if one.ended else self.ground.now
        days = made.sizing.weeks * 7
        return ExperimentRow(
            id=made.id,
            name=made.hypothesis.change,
            campaign_id=made.campaign,
            campaign=self.ground.title(made.campaign),
            state=_STATES[one.status],
            leaning=_leaning(one),
            metric=metric_name(made.hypothesis.metric),
            effect=Change(effect.mean) if effect else None,
            low=Change(effect.low) if effect else None,
            high=Change(effect.high) if effect else None,
            day=min((ended - made.registered_at).days + 1, days) if one.is_running else 0,
            days=days if one.is_running else 0,
            tone=_tone(made.hypothesis.metric, effect),
        )

    def _view(self, one: Registered, exposed: tuple[Exposed, ...], waiting: str) -> ExperimentView:
        made, lesson = one.experiment, lesson_of(one)
        person = self.ground.name(made.registered_by.removeprefix("agent:"))
        return ExperimentView(
            row=self._row(one),
            verdict=_verdict(one),
            sentence=self._sentence(one),
            registered_at=made.registered_at,
            registered_by=person,
            approved_by="the gate",
            effects=tuple(_effects(one)),
            arms=tuple(self._arms(one, exposed)),
            health=tuple(_health(one, exposed)),
            registered=tuple(_settings(one)),
            lesson=lesson.text if lesson else "",
            unit=_unit(one),
            proposal_id=waiting,
        )

    def _sentence(self, one: Registered) -> str:
        made, ended, shown = one.experiment, one.ended, one.shown
        if ended is not None and ended.answer is None:
            return f"{self.ground.name(ended.by.removeprefix('person:'))}: {ended.reason}"
        if shown is None:
            return f"It runs until {made.sizing.max_n:,} {_unit(one)} in {made.sizing.weeks} weeks."
        taught = f" {ended.taught[:1].upper()}{ended.taught[1:]}." if ended and ended.taught else ""
        return f"{shown.reason[:1].upper()}{shown.reason[1:]}: {_figures(one, shown)}.{taught}"

    def _arms(self, one: Registered, exposed: tuple[Exposed, ...]) -> Iterable[Arm]:
        made, units = one.experiment, units_of(exposed)
        shown = Counter[str]()
        for each in exposed:
            shown[each.arm] += each.units
        means = (one.shown.control, one.shown.treatment) if one.shown else (None, None)
        for arm, mean in zip((made.arms.control, made.arms.treatment), means, strict=True):
            rate = measured(made.hypothesis.metric, mean, self.ground.currency)
            counted = units.get(arm.id, 0)
            mailed = shown[arm.id] if made.is_by_assignment else None
            yield Arm(arm.id, arm.description, counted, rate, shown=mailed)


def _unit(one: Registered) -> str:
    """What is dealt to the arms: a person, on social media a post or a whole week, of an ad one of
    its days."""
    channels = one.experiment.hypothesis.channels
    if one.experiment.is_by_week:
        return "weeks"
    return _UNITS.get(channels[0], "people") if len(channels) == 1 else "people"


def _is_ship(one: Judged) -> bool:
    return one.proposal.action.kind == ROLL_OUT


def _is_stop(one: Judged) -> bool:
    return one.proposal.action.kind == STOP


def _effect(one: Registered) -> Measured | None:
    return one.shown.effect if one.shown else None


def _leaning(one: Registered) -> str:
    made, effect = one.experiment, _effect(one)
    if one.ended is not None and one.ended.answer is None:
        return "stopped early"
    if one.ended is not None:
        return one.ended.reason
    if effect is None:
        return "nothing measured yet"
    return (
        f"leaning {_leader(made.arms.control, made.arms.treatment, one, effect)}, not decided yet"
    )


def _leader(control: TestArm, treatment: TestArm, one: Registered, effect: Measured) -> str:
    is_better = (effect.mean > 0) == (better(one.experiment.hypothesis.metric) == "higher")
    return treatment.id if is_better else control.id


def _verdict(one: Registered) -> str:
    if one.ended is None:
        return _VERDICTS[Answer.KEEP_GOING]
    return _VERDICTS[one.ended.answer] if one.ended.answer else "Stopped before its rule spoke"


def _figures(one: Registered, shown: Shown) -> str:
    made, effect = one.experiment, shown.effect
    if effect is None:
        return f"{shown.units:,} {_unit(one)}, and nothing to be said of them yet"
    return (
        f"{made.arms.treatment.id} against {made.arms.control.id} {effect.mean:+.0%} "
        f"{metric_name(made.hypothesis.metric).lower()} ({effect.low:+.0%} to {effect.high:+.0%}, "
        f"however often it is read) over {shown.units:,} {_unit(one)}"
    )


def _effects(one: Registered) -> Iterable[Effect]:
    shown, metric = one.shown, one.experiment.hypothesis.metric
    if shown is None:
        return
    if shown.effect is not None:
        yield _told(metric, MetricRole.PRIMARY, shown.effect)
    margins = {each.metric: float(each.margin) for each in one.experiment.guardrails}
    for name, effect in shown.guardrails.items():
        yield _guarded(name, effect, margins.get(name, 0.0))


def _guarded(metric: str, effect: Measured, margin: float) -> Effect:
    """A guardrail beside its limit: where the metric would be worse than was registered."""
    limit = 0.0 - margin if better(metric) == "higher" else margin
    worst = effect.low if better(metric) == "higher" else effect.high
    is_broken = effect.high < limit if better(metric) == "higher" else effect.low > limit
    is_safe = worst > limit if better(metric) == "higher" else worst < limit
    word = "beyond its limit" if is_broken else "within limit" if is_safe else "not clear"
    tone = Tone.BAD if is_broken else Tone.PLAIN
    name = metric_name(metric)
    return Effect(
        name, MetricRole.GUARDRAIL, effect.mean, effect.low, effect.high, word, tone, limit
    )


def _told(metric: str, role: MetricRole, effect: Measured) -> Effect:
    word = "clear" if effect.is_clear else "not clear"
    tone = _tone(metric, effect)
    return Effect(metric_name(metric), role, effect.mean, effect.low, effect.high, word, tone)


def _tone(metric: str, effect: Measured | None) -> Tone:
    if effect is None or not effect.is_clear:
        return Tone.PLAIN
    return Tone.GOOD if (effect.mean > 0) == (better(metric) == "higher") else Tone.BAD


def _health(one: Registered, exposed: tuple[Exposed, ...]) -> Iterable[CheckLine]:
    """Whether it was sealed, dealt as designed, and what its guardrails say."""
    made, shown, units = one.experiment, one.shown, units_of(exposed)
    yield CheckLine(CheckState.PASSED, f"Sealed as {made.seal[:12]} before it began.")
    if shown is None or shown.split is None:
        yield CheckLine(CheckState.WARNING, "Nobody was shown an arm yet: the split is unknown.")
        return
    told = " and ".join(f"{units.get(arm, 0):,}" for arm in made.arms.shares)
    told += f" {_unit(one)}" + (" dealt, mailed or not" if made.is_by_assignment else "")
    state = CheckState.FAILED if shown.is_split_broken else CheckState.PASSED
    word = "not as designed" if shown.is_split_broken else "as designed, by day and segment too"
    yield CheckLine(state, f"The split is {word}: {told} (p = {shown.split:.2g}).")
    for name in shown.lost:
        yield CheckLine(CheckState.FAILED, f"Guardrail lost: {metric_name(name).lower()}.")
    for name in shown.unknown:
        yield CheckLine(CheckState.WARNING, f"Guardrail unknown: {metric_name(name).lower()}.")


def _settings(one: Registered) -> Iterable[Setting]:
    made = one.experiment
    yield Setting("Claim", made.hypothesis.statement)
    yield Setting("Primary metric", metric_name(made.hypothesis.metric))
    guarded = ", ".join(metric_name(g.metric) for g in made.guardrails)
    yield Setting("Guardrails", guarded or "none")
    yield Setting("Mode", str(made.sizing.mode))
    if made.sizing.mode is Mode.DIRECTIONAL:
        yield Setting("What leaning costs", made.sizing.cost.sentence)
    yield Setting(f"{_unit(one).capitalize()} at most", f"{made.sizing.max_n:,}")
    yield Setting("At least", f"{made.min_weeks} weeks")
    kept = made.holdout.business_as_usual, made.holdout.nothing
    held = f"{kept[0]:.0%} as usual, {kept[1]:.0%} nothing, by {made.holdout.block}"
    yield Setting("Kept from it", held if any(kept) else "nobody")
    yield Setting("Seal", made.seal)


def _overlaps(kept: tuple[Registered, ...]) -> Iterable[Overlap]:
    """Pairs of running tests that touch the same people and field; the registry refuses them."""
    running = [one.experiment for one in kept if one.is_running]
    for number, one in enumerate(running):
        found = find_overlap(one.hypothesis, running[:number])
        if isinstance(found, Collides):
            yield Overlap(found.experiment, one.id, 1.0, found.reason, False)
