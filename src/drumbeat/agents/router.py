"""Router: from a failure's class and severity to its owner, tiers and channel, by table."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import EscalationPolicy, FailureClass
from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration

ROLE = AgentRole(
    name="router",
    reads=frozenset({DataScope.BRIEF}),
    proposes=frozenset(),
    takes="RoutingCase",
    gives="Route",
    failure_class=FailureClass.PLATFORM,
)


class Urgent(StrEnum):
    """How a notice reaches people: at once on every channel they have, or in their inbox."""

    PAGE = "page"
    INBOX = "inbox"


class Tier(Noun):
    """Whom to tell, and how long after the failure was noticed."""

    to: str
    after: Duration


class Route(Noun):
    """``owner`` answers for this kind of failure; ``tiers`` are told in turn until one does."""

    failure_class: FailureClass
    severity: Severity
    owner: str
    channel: Urgent
    tiers: tuple[Tier, ...]
    repeat: int


@dataclass(frozen=True)
class RoutingCase:
    """A failure and the campaign's escalation policy; without one the table below stands in."""

    failure_class: FailureClass
    severity: Severity
    policy: EscalationPolicy | None = None


# Who owns a class, after the agent responsible for it.
_OWNERS: dict[FailureClass, tuple[str, str]] = {
    FailureClass.COPY: ("role:approver:brand", "agent:builder"),
    FailureClass.LEGAL: ("role:approver:legal", ""),
    FailureClass.BUDGET: ("role:performance", "agent:optimizer"),
    FailureClass.DATA: ("role:analyst", ""),
    FailureClass.PLATFORM: ("role:engineering", "agent:launcher"),
    FailureClass.BRAND_CRISIS: ("role:approver:brand", ""),
    FailureClass.SECURITY: ("role:admin", ""),
}
_AGENT_TRIES = timedelta(minutes=5)
_TO_MANAGER = {Severity.CRITICAL: timedelta(minutes=30), Severity.WARNING: timedelta(hours=4)}
_REPEAT = 3


@dataclass(frozen=True)
class Router:
    """No judgement of its own: the same failure always takes the same way."""

    role: AgentRole = ROLE

    def route(self, case: RoutingCase) -> Route | Refusal:
        """Where the failure goes. A critical one does not wait for an agent's own repair."""
        tiers = _declared(case) if case.policy is not None else _by_table(case)
        if case.severity is Severity.CRITICAL:
            tiers = _without_agents(tiers)
        people = [tier for tier in tiers if not tier.to.startswith("agent:")]
        if not people:
            return Refusal(
                agent=self.role.name,
                why=f"nobody is named for {case.failure_class}",
                missing=(f"a person or role for {case.failure_class} in policy/escalation.yaml",),
                failure_class=self.role.failure_class,
            )
        return Route(
            failure_class=case.failure_class,
            severity=case.severity,
            owner=people[0].to,
            channel=Urgent.PAGE if case.severity is Severity.CRITICAL else Urgent.INBOX,
            tiers=tiers,
            repeat=case.policy.repeat if case.policy else _REPEAT,
        )


def _declared(case: RoutingCase) -> tuple[Tier, ...]:
    levels = case.policy.classes.get(case.failure_class, ()) if case.policy else ()
    return tuple(Tier(to=level.to, after=level.after) for level in levels)


def _by_table(case: RoutingCase) -> tuple[Tier, ...]:
    owner, agent = _OWNERS[case.failure_class]
    own = (Tier(to=agent, after=timedelta()),) if agent else ()
    start = _AGENT_TRIES if agent else timedelta()
    later = start + _TO_MANAGER[case.severity]
    return (*own, Tier(to=owner, after=start), Tier(to="role:manager", after=later))


def _without_agents(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    """The people's tiers, the first of them at once."""
    people = [tier for tier in tiers if not tier.to.startswith("agent:")]
    wait = people[0].after if people else timedelta()
    return tuple(Tier(to=tier.to, after=tier.after - wait) for tier in people)
