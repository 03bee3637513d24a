"""Experiments: the library by rank, what is tested now, what was decided, and one test in full."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.app import experiments as registry
from drumbeat.app.experiments import Registered
from drumbeat.app.library import ranked_library
from drumbeat.app.pages import cycle_test
from drumbeat.app.pages.cycle_test import ArmCounts, CycleTest
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.words import measured, metric_name
from drumbeat.core.campaign.lesson import Effect as Measured
from drumbeat.core.campaign.metric import better
from drumbeat.core.experiments.overlap import Collides, find_overlap
from drumbeat.core.experiments.rank import Ranked
from drumbeat.stats import srm
from drumbeat.store import cycles
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.web.views.campaign import Setting
from drumbeat.web.views.decision import CheckLine, CheckState
from drumbeat.web.views.experiment import (
    Arm,
    Effect,
    ExperimentRow,
    ExperimentState,
    ExperimentView,
    HypothesisRow,
    MetricRole,
    Overlap,
    RegistryView,
)
from drumbeat.web.views.value import Change, Page, Tone

# How many of the newest cycles are looked through for tests.
_CYCLES = 100
# Below this p-value the arms were not dealt as planned (Fabijan et al., 2019).
_SPLIT_BROKEN = 0.0005


@dataclass(frozen=True)
class Experiments:
    ground: Ground

    def registry(self, *, after: str | None, limit: int) -> RegistryView:
        with self.ground.app.database.read() as connection:
            tests = self._tests(connection, cycles.newest(connection, _CYCLES))
            kept = registry.all_registered(connection)
        rows = [*map(self._registered_row, kept), *map(self._cycle_row, tests)]
        running = [row for row in rows if row.state is ExperimentState.RUNNING]
        over = [row for row in rows if row.state is not ExperimentState.RUNNING]
        start = int(after) if after and after.isdecimal() else 0
        end = start + limit
        return RegistryView(
            running=tuple(running),
            decided=Page(tuple(over[start:end]), str(end) if end < len(over) else None, len(over)),
            library=self._library(),
            overlaps=tuple(_overlaps(kept)),
        )

    def experiment(self, experiment_id: str) -> ExperimentView | None:
        with self.ground.app.database.read() as connection:
            kept = registry.all_registered(connection)
            found = next((one for one in kept if one.experiment.id == experiment_id), None)
            if found is not None:
                return self._registered_view(found)
            campaign, _, _ = experiment_id.partition(".")
            rows = cycles.of_campaign(connection, campaign, _CYCLES)
            tests = self._tests(connection, rows)
        test = next((one for one in tests if one.id == experiment_id), None)
        return self._cycle_view(test) if test else None

    def _tests(self, connection: sa.Connection, rows: list[CycleRow]) -> list[CycleTest]:
        ids = [row.id for row in rows]
        plans = cycles.read_many(connection, ids, "plan")
        tested = [row for row in rows if (plans.get(row.id) or {}).get("hypothesis")]
        found = (self._test(connection, row) for row in tested)
        return cycle_test.pooled(one for one in found if one is not None)

    def _test(self, connection: sa.Connection, row: CycleRow) -> CycleTest | None:
        papers = cycles.documents(connection, row.id)
        library = self.ground.app.files.hypotheses
        return cycle_test.test_of(
            connection, row, papers.get("plan"), papers.get("assets"), library
        )

    def _library(self) -> tuple[HypothesisRow, ...]:
        library = ranked_library(self.ground.app)
        return tuple(self._hypothesis(one, library.stake) for one in library.ranked)

    def _hypothesis(self, one: Ranked, stake: str) -> HypothesisRow:
        claim = one.candidate.hypothesis
        users = [c.title for c in self.ground.campaigns.values() if claim.id in c.hypotheses]
        impact = f"{one.impact:+,.0f} {stake} a month" if stake else f"{claim.expected:+.0%}"
        return HypothesisRow(
            id=claim.id,
            claim=claim.change,
            campaign=", ".join(users[:3]) or "no campaign yet",
            impact=impact,
            confidence=one.confidence,
            score=one.score,
            source=claim.reason,
        )

    # A test of the registry

    def _registered_row(self, one: Registered) -> ExperimentRow:
        made = one.experiment
        day = (self.ground.now - made.registered_at).days + 1
        return ExperimentRow(
            id=made.id,
            name=made.hypothesis.change,
            campaign_id=made.campaign,
            campaign=self.ground.title(made.campaign),
            state=ExperimentState.RUNNING if one.is_running else ExperimentState.STOPPED,
            leaning="collecting, its rule has not spoken" if one.is_running else "stopped early",
            metric=metric_name(made.hypothesis.metric),
            day=min(day, made.sizing.weeks * 7),
            days=made.sizing.weeks * 7,
        )

    def _registered_view(self, one: Registered) -> ExperimentView:
        made, ground = one.experiment, self.ground
        stopped = one.stopped
        verdict = "Not decided yet" if stopped is None else "Stopped before its rule spoke"
        sentence = (
            f"It runs until {made.sizing.max_n:,} units in {made.sizing.weeks} weeks."
            if stopped is None
            else f"{ground.name(stopped.by)}: {stopped.reason}"
        )
        arms = (made.arms.control, made.arms.treatment)
        return ExperimentView(
            row=self._registered_row(one),
            verdict=verdict,
            sentence=sentence,
            registered_at=made.registered_at,
            registered_by=ground.name(made.registered_by),
            approved_by=ground.name(made.registered_by),
            effects=(),
            arms=tuple(Arm(each.id, each.description, 0, None) for each in arms),
            health=(CheckLine(CheckState.PASSED, f"Sealed as {made.seal[:12]} before it began."),),
            registered=(
                Setting("Claim", made.hypothesis.statement),
                Setting("Primary metric", metric_name(made.hypothesis.metric)),
                Setting("Guardrails", ", ".join(g.metric for g in made.guardrails) or "none"),
                Setting("Mode", str(made.sizing.mode)),
                Setting("Units at most", f"{made.sizing.max_n:,}"),
                Setting("At least", f"{made.min_weeks} weeks"),
            ),
        )

    # A test inside one cycle's mail

    def _cycle_row(self, test: CycleTest) -> ExperimentRow:
        effect, newest = test.effect, test.newest
        # A test goes on while its newest cycle does, and at least for the weeks its claim asks.
        is_open = newest.status is CycleStatus.OPEN or len(test.cycles) < test.spec.min_weeks
        day = (self.ground.now - test.cycles[0].occurrence_at).days + 1
        return ExperimentRow(
            id=test.id,
            name=f"{test.choice.treatment} against {test.choice.control}",
            campaign_id=newest.campaign,
            campaign=self.ground.title(newest.campaign),
            state=ExperimentState.RUNNING if is_open else ExperimentState.DECIDED,
            leaning=_leaning(test, effect),
            metric=metric_name(test.metric),
            effect=Change(effect.mean) if effect else None,
            low=Change(effect.low) if effect else None,
            high=Change(effect.high) if effect else None,
            day=max(0, day) if is_open else 0,
            days=max(day, test.spec.min_weeks * 7) if is_open else 0,
            tone=_tone(test.metric, effect),
        )

    def _cycle_view(self, test: CycleTest) -> ExperimentView:
        row, effect = self._cycle_row(test), test.effect
        return ExperimentView(
            row=row,
            verdict=row.leaning[:1].upper() + row.leaning[1:],
            sentence=_sentence(test, effect),
            registered_at=test.cycles[0].occurrence_at,
            registered_by="planner",
            approved_by="the launch’s approver",
            effects=tuple(_effects(test)),
            arms=tuple(self._arm(test, arm) for arm in (test.control, test.treatment)),
            health=_health(test),
            registered=(
                Setting("Claim", test.spec.claim),
                Setting("Why it was chosen", test.choice.why),
                Setting("Primary metric", metric_name(test.metric)),
                Setting("Guardrails", ", ".join(map(metric_name, test.spec.guardrails)) or "none"),
                Setting("Expected", Change(test.spec.expected)),
            ),
        )

    def _arm(self, test: CycleTest, arm: ArmCounts) -> Arm:
        people = round(arm.counts.get("delivered", 0))
        rate = measured(test.metric, arm.rate(test.metric), self.ground.currency)
        return Arm(arm.label, f"“{arm.variant.subject}”", people, rate)


def _leaning(test: CycleTest, effect: Measured | None) -> str:
    if effect is None:
        return "nothing measured yet"
    leads = test.choice.treatment if effect.mean > 0 else test.choice.control
    if better(test.metric) == "lower":
        leads = test.choice.control if effect.mean > 0 else test.choice.treatment
    return f"{leads} did better" if effect.is_clear else f"leaning {leads}, not decided yet"


def _sentence(test: CycleTest, effect: Measured | None) -> str:
    if effect is None:
        return "The first numbers come with the first opens and clicks."
    return (
        f"{test.choice.treatment} against {test.choice.control}: {effect.mean:+.0%} "
        f"{metric_name(test.metric).lower()} (95% interval {effect.low:+.0%} to "
        f"{effect.high:+.0%}) over {effect.sample_size:,} mails in {_cycles(test)}."
    )


def _cycles(test: CycleTest) -> str:
    count = len(test.cycles)
    return "one cycle" if count == 1 else f"{count} cycles"


def _effects(test: CycleTest) -> Iterable[Effect]:
    named = ((test.metric, MetricRole.PRIMARY), *((g, MetricRole.GUARDRAIL) for g in
             test.spec.guardrails))  # fmt: skip
    for metric, role in named:
        effect = test.effect_on(metric)
        if effect is None:
            continue
        word = "clear" if effect.is_clear else "not clear"
        tone = _tone(metric, effect)
        name = metric_name(metric)
        yield Effect(name, role, effect.mean, effect.low, effect.high, word, tone)


def _tone(metric: str, effect: Measured | None) -> Tone:
    if effect is None or not effect.is_clear:
        return Tone.PLAIN
    return Tone.GOOD if (effect.mean > 0) == (better(metric) == "higher") else Tone.BAD


def _health(test: CycleTest) -> tuple[CheckLine, ...]:
    """Whether the readers were dealt as planned."""
    arms = (test.control, test.treatment)
    people = [round(arm.counts.get("sent", 0)) for arm in arms]
    if not all(people):
        return (CheckLine(CheckState.WARNING, "Nothing was sent yet, so the split is unknown."),)
    found = srm.check(people, [arm.variant.share for arm in arms])
    told = f"{people[0]:,} and {people[1]:,} readers (p = {found.p_value:.2f})"
    if found.p_value < _SPLIT_BROKEN:
        return (CheckLine(CheckState.FAILED, f"The split is not as planned: {told}."),)
    return (CheckLine(CheckState.PASSED, f"The split is as planned: {told}."),)


def _overlaps(kept: tuple[Registered, ...]) -> Iterable[Overlap]:
    """Pairs of running tests that touch the same people and field; the registry refuses them."""
    running = [one.experiment for one in kept if one.is_running]
    for number, one in enumerate(running):
        found = find_overlap(one.hypothesis, running[:number])
        if isinstance(found, Collides):
            yield Overlap(found.experiment, one.id, 1.0, found.reason, False)
