"""Optimizer: proposes the few changes worth most, or holds steady and says why."""

from collections.abc import Sequence
from dataclasses import dataclass

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving import line_items, posts
from drumbeat.agents.improving.allocation import Source, Weighed, weigh_sources
from drumbeat.agents.improving.between import LiveCampaign, LiveMove, weigh_live
from drumbeat.agents.improving.case import ImprovementCase
from drumbeat.agents.improving.heeding import heeding, held_by
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import FailureClass

ROLE = AgentRole(
    name="optimizer",
    reads=frozenset(
        {DataScope.READINGS, DataScope.HISTORY, DataScope.HYPOTHESES, DataScope.LESSONS}
    ),
    proposes=frozenset(
        {
            "ads.enable",
            "ads.pause",
            "ads.remove_line_item",
            "ads.set_audience",
            "ads.set_bid",
            "ads.set_budget",
            "ads.set_creatives",
            "autonomy.demote",
            "autonomy.promote",
            "budget.allocate",
            "budget.move",
            "campaign.set",
            "experiment.register",
            "experiment.roll_out",
            "experiment.stop",
            "hypothesis.change",
            "policy.change",
            "social.boost_post",
            "social.stop_boost",
        }
    ),
    takes="ImprovementCase",
    gives="tuple[Suggestion, ...] | Hold",
    failure_class=FailureClass.BUDGET,
)

_MOST_VARIABLES = 2


@dataclass(frozen=True)
class Optimizer:
    """Sees numbers only; ranks by expected impact times confidence, never by ease."""

    role: AgentRole = ROLE

    def between(self, sources: Sequence[Source]) -> Weighed:
        """Money between whole campaigns, whatever their channels: for people to decide."""
        return weigh_sources(sources)

    def between_live(self, campaigns: Sequence[LiveCampaign]) -> LiveMove | Hold:
        """Money between what runs now of two campaigns: for their owners to decide."""
        return weigh_live(campaigns)

    def improve(self, case: ImprovementCase) -> tuple[Suggestion, ...] | Hold | Refusal:
        """The changes to propose, best first, of at most two variables; or the reason to wait.

        Refuses to optimize on data that cannot be trusted.
        """
        if case.data_problems:
            return Refusal(
                agent=self.role.name,
                why="the figures cannot be trusted",
                missing=case.data_problems,
                failure_class=FailureClass.DATA,
            )
        if business := _business_problem(case):
            return business
        weighed = line_items.weigh(case)
        found = [*line_items.suggestions(case, weighed), *posts.suggestions(case)]
        fresh = [one for one in found if not _is_asked(one, case)]
        if found and not fresh:
            text = "what would be changed is proposed already, and waits"
            return Hold(reason="asked already", text=text)
        made, lesson = heeding([one for one in fresh if one.actions], case)
        if not made:
            return _hold(case, weighed) if lesson is None else held_by(lesson)
        return _few(sorted(made, key=lambda one: (-one.score, one.variable, one.why)))


def _is_asked(one: Suggestion, case: ImprovementCase) -> bool:
    """Whether the same kind of change of one of its targets waits already: people are not asked
    twice, and of actions that belong together none goes alone."""
    return any((action.kind, action.target) in case.asked for action in one.actions)


def _few(ranked: list[Suggestion]) -> tuple[Suggestion, ...]:
    """The best of each of the two variables worth most, no target touched twice."""
    variables = list(dict.fromkeys(one.variable for one in ranked))[:_MOST_VARIABLES]
    chosen: list[Suggestion] = []
    touched: set[str] = set()
    for one in ranked:
        targets = {action.target for action in one.actions}
        if one.variable in variables and not targets & touched:
            chosen.append(one)
            touched |= targets
    return tuple(chosen)


def _business_problem(case: ImprovementCase) -> Hold | None:
    """A cause outside the campaign goes to its owner; changing ads would treat a symptom."""
    for found in case.findings:
        if found.diagnosis is not None and found.diagnosis.is_business_problem:
            cause = found.diagnosis.cause
            text = f"{found.text}: {cause.replace('_', ' ')}, a business problem, not a campaign's"
            evidence = tuple(Citation(source=found.key, text=e) for e in found.diagnosis.evidence)
            return Hold(reason=f"business problem: {cause}", text=text, evidence=evidence)
    return None


def _hold(case: ImprovementCase, weighed: Weighed) -> Hold:
    evidence = tuple(Citation(source=one.key, text=one.text) for one in case.findings)
    looked_at = len(case.lines) + len(case.posts)
    if not looked_at:
        return Hold(reason="nothing live", text="nothing is live to improve", evidence=evidence)
    if all(line_items.is_resting(line, case) for line in case.lines) and case.lines:
        text = "every line item is learning, under test or was changed a moment ago"
        return Hold(reason="resting", text=text, evidence=evidence)
    unknown = line_items.unidentified(case, weighed)
    if unknown:
        text = f"no difference is larger than chance explains, and more is not known: {unknown}"
        return Hold(reason="not identified", text=text, evidence=evidence)
    things = (("line item", len(case.lines)), ("post", len(case.posts)))
    told = " and ".join(f"{n} {noun}{'s' if n != 1 else ''}" for noun, n in things if n)
    text = f"looked at {told}; no difference is larger than chance explains"
    return Hold(reason="within noise", text=text, evidence=evidence)
