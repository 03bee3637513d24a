"""Reviewer: asks every rule about a plan's assets; it may add findings, never take one away."""

from collections.abc import Sequence
from dataclasses import dataclass

from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.lint import RULES, ReviewCase, Rule

ROLE = AgentRole(
    name="reviewer",
    reads=frozenset(
        {
            DataScope.BRIEF,
            DataScope.BRAND,
            DataScope.CONTENT,
            DataScope.OFFERS,
            DataScope.SEGMENTS,
            DataScope.LANDING_PAGES,
            # The complaint rate alone, of all that was measured.
            f"{DataScope.READINGS}.complaints",
            f"{DataScope.READINGS}.delivered",
        }
    ),
    proposes=frozenset(),
    takes="ReviewCase",
    gives="tuple[ReviewFinding, ...]",
    failure_class=FailureClass.LEGAL,
)


@dataclass(frozen=True)
class Reviewer:
    """Runs the rules it is given, the shipped ones where none are."""

    rules: Sequence[Rule] = RULES
    role: AgentRole = ROLE

    def review(
        self, case: ReviewCase, found: tuple[ReviewFinding, ...] = ()
    ) -> tuple[ReviewFinding, ...] | Refusal:
        """What was ``found`` before, and what the rules add; each finding once.

        A rule that fails to answer blocks: unknown means no.
        """
        if case.assets.is_empty:
            return Refusal(
                agent=self.role.name,
                why="there is nothing to review",
                missing=("assets",),
                failure_class=self.role.failure_class,
            )
        added = (finding for rule in self.rules for finding in _asked(rule, case))
        return tuple(dict.fromkeys((*found, *added)))


def _asked(rule: Rule, case: ReviewCase) -> tuple[ReviewFinding, ...]:
    name = getattr(rule, "__name__", type(rule).__name__)
    try:
        return tuple(rule(case))
    except Exception as error:  # fail closed on whatever a rule may raise
        return (
            ReviewFinding(
                rule=name,
                severity=Severity.BLOCK,
                subject="rule",
                text=f"the rule could not answer ({type(error).__name__}: {error})",
                fix="repair the rule or what it reads",
            ),
        )
