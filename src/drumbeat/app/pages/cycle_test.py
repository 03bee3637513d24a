"""Cycle test: what cycles' mails tell about the hypothesis their plans test, arm beside arm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.lesson import Effect, ratio_effect
from drumbeat.core.campaign.objects import Variant
from drumbeat.core.campaign.plan import HypothesisChoice, Plan
from drumbeat.core.operations.metrics import RATES, value_of
from drumbeat.store import readings
from drumbeat.store.cycles import CycleRow

# What a mail's arms can be held beside each other in, when a hypothesis speaks of no rate.
_USUAL = "click_rate"


@dataclass(frozen=True)
class ArmCounts:
    """One arm: its label in the hypothesis, its mail, and what was counted of it."""

    label: str
    variant: Variant
    counts: Mapping[str, float]

    def rate(self, metric: str) -> float | None:
        return value_of(metric, self.counts)


@dataclass(frozen=True)
class CycleTest:
    """A hypothesis with both arms of one or several cycles' mails, the newest cycle last."""

    cycles: tuple[CycleRow, ...]
    choice: HypothesisChoice
    spec: HypothesisSpec
    control: ArmCounts
    treatment: ArmCounts

    @property
    def id(self) -> str:
        return f"{self.newest.campaign}.{self.spec.id}"

    @property
    def newest(self) -> CycleRow:
        return self.cycles[-1]

    @property
    def metric(self) -> str:
        return self.spec.metric if self.spec.metric in RATES else _USUAL

    @property
    def effect(self) -> Effect | None:
        return self.effect_on(self.metric)

    def effect_on(self, metric: str) -> Effect | None:
        """The relative difference of the treatment from the control; None while it is too early."""
        rate = RATES.get(metric)
        if rate is None:
            return None
        hits, trials = (round(self.treatment.counts.get(n, 0)) for n in (rate.over, rate.under))
        peer = [round(self.control.counts.get(n, 0)) for n in (rate.over, rate.under)]
        return ratio_effect(hits, trials, *peer)

    def joined(self, later: "CycleTest") -> "CycleTest":
        """The same test with a later cycle's counts added; the later mail stands for the arm."""
        return replace(
            later,
            cycles=self.cycles + later.cycles,
            control=_joined(self.control, later.control),
            treatment=_joined(self.treatment, later.treatment),
        )


def pooled(tests: Iterable[CycleTest]) -> list[CycleTest]:
    """Tests of the same hypothesis by the same campaign as one, in the order they began."""
    found: dict[tuple[str, str, str], CycleTest] = {}
    for test in sorted(tests, key=lambda one: one.newest.occurrence_at):
        key = (test.id, test.choice.control, test.choice.treatment)
        found[key] = found[key].joined(test) if key in found else test
    return list(found.values())


def _joined(one: ArmCounts, later: ArmCounts) -> ArmCounts:
    names = one.counts.keys() | later.counts.keys()
    counts = {name: one.counts.get(name, 0) + later.counts.get(name, 0) for name in names}
    return replace(later, counts=counts)


def is_test(plan: Any, assets: Any) -> bool:
    """Whether a cycle's papers, as JSON, hold a test of a mail's two arms."""
    sends = assets.get("sends") if isinstance(assets, dict) else None
    if not sends or not isinstance(plan, dict):
        return False
    return bool(plan.get("hypothesis")) and len(sends[0]["variants"]) == 2


def test_of(
    connection: sa.Connection,
    row: CycleRow,
    plan: Any,
    assets: Any,
    library: Mapping[str, HypothesisSpec],
) -> CycleTest | None:
    """The test of a cycle; None where its papers name no hypothesis of the library."""
    if not is_test(plan, assets):
        return None
    choice, made = Plan.model_validate(plan).hypothesis, Assets.model_validate(assets)
    spec = library.get(choice.hypothesis) if choice else None
    if choice is None or spec is None:
        return None
    measured = readings.totals(connection, row.campaign)
    parts = measured.get(f"send:{row.campaign}/{row.id}", {})
    arms = {
        variant.style: ArmCounts(variant.style, variant, parts.get(("variant", variant.name), {}))
        for variant in made.sends[0].variants
    }
    if choice.control not in arms or choice.treatment not in arms:
        return None
    return CycleTest((row,), choice, spec, arms[choice.control], arms[choice.treatment])
