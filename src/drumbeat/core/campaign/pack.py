"""LaunchPack: the sealed set a person approves, named by its hash."""

from functools import cached_property

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.finding import ReviewFinding, blocking, roles_asked
from drumbeat.core.campaign.launch import LaunchContext, approved_states, difference
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.canonical import digest
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money
from drumbeat.core.noun import Noun


class CannotSeal(ValueError):
    """The parts do not belong together, or a finding stands in the way."""


class LaunchPack(Noun):
    """Brief, plan, assets and findings as one; ``wanted_objects`` holds each target's state.

    ``wanted`` holds, for each target, the digests of the states a launch may leave it in: the
    wanted one, and those between, since a live object is changed step by step. ``adds`` is the
    spend the whole launch adds beside what was live at sealing.
    """

    brief: Brief
    plan: Plan
    assets: Assets
    findings: tuple[ReviewFinding, ...]
    wanted_objects: dict[str, JsonValue]
    wanted: dict[str, tuple[str, ...]]
    adds: Money

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of everything in it: what an approval is bound to."""
        return digest(self.model_dump(mode="json"))

    @property
    def approvers(self) -> tuple[str, ...]:
        """The roles the findings say must agree, beside those of the action matrix."""
        return roles_asked(self.findings)


def seal(
    brief: Brief,
    plan: Plan,
    assets: Assets,
    findings: tuple[ReviewFinding, ...],
    *,
    current: dict[str, JsonValue],
    context: LaunchContext,
    removed: tuple[str, ...] = (),
) -> LaunchPack:
    """Put the parts under one seal. ``current`` is what was read back; ``removed`` names targets
    that should not be there any more.

    Raises CannotSeal for parts of different cycles or a blocking finding, CannotDiffer for a
    target that was not read back.
    """
    if trouble := _trouble(brief, plan, assets, findings):
        raise CannotSeal(trouble)
    wanted: dict[str, JsonValue] = {**dict.fromkeys(removed), **assets.states()}
    actions = difference(wanted, current, context)
    adds = sum((a.spend_delta for a in actions), Money.zero(context.currency))
    return LaunchPack(
        brief=brief,
        plan=plan,
        assets=assets,
        findings=findings,
        wanted_objects=wanted,
        wanted=approved_states(wanted, actions),
        adds=adds,
    )


def _trouble(
    brief: Brief, plan: Plan, assets: Assets, findings: tuple[ReviewFinding, ...]
) -> str | None:
    if plan.brief != brief.digest:
        return "the plan answers another brief; plan again"
    if assets.plan != plan.digest:
        return "the assets were made after another plan; build again"
    if assets.is_empty:
        return "nothing was made; there is nothing to launch"
    stopping = blocking(findings)
    return f"a finding blocks it: {stopping[0].text}" if stopping else None
