"""Planner: answers a brief with a plan in which every element cites what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from drumbeat.agents.planning import audience, line_items, mail, placing, posts, testing
from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.expectation import expect
from drumbeat.core.campaign.plan import (
    AngleChoice,
    BudgetChoice,
    CadenceChoice,
    ChannelChoice,
    Forecast,
    LinePlan,
    MetricChoice,
    OfferChoice,
    Plan,
    PostPlan,
    SendPlan,
)
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money

ROLE = AgentRole(
    name="planner",
    reads=frozenset(
        {
            DataScope.BRIEF,
            DataScope.HISTORY,
            DataScope.SEGMENTS,
            DataScope.CONTENT,
            DataScope.OFFERS,
            DataScope.CALENDAR,
            DataScope.CONTEXT,
            DataScope.HYPOTHESES,
            DataScope.LESSONS,
        }
    ),
    proposes=frozenset({"campaign.set", "experiment.register", "hypothesis.change"}),
    takes="PlanningCase",
    gives="Plan",
    failure_class=FailureClass.DATA,
)


@dataclass(frozen=True)
class _Parts:
    """What the channels need, before it is one plan."""

    angle: AngleChoice
    offer: OfferChoice
    send: SendPlan | None = None
    lines: tuple[LinePlan, ...] = ()
    posts: tuple[PostPlan, ...] = ()


@dataclass(frozen=True)
class Planner:
    """Chooses from what is declared and what was measured; invents nothing."""

    role: AgentRole = ROLE

    def hypothesize(self, case: PlanningCase) -> Experiment | None:
        """The test to register before planning goes on; None where nothing is to be tested."""
        return testing.hypothesize(case)

    def passed_over(self, case: PlanningCase) -> Mapping[str, str]:
        """The claims that are not tested, each with what is missing for it."""
        return testing.passed_over(case)

    def plan(self, case: PlanningCase) -> Plan | Refusal:
        """The plan of the cycle, or what the planner would need to make one."""
        people = audience.choose(case)
        if not people.include:
            return self._refuse("nobody is left to address", "a segment that is not tired or empty")
        parts = _parts(case, people.include)
        if isinstance(parts, str):
            return self._refuse("there is nothing to plan with", parts)
        brief = case.brief
        return Plan(
            campaign=brief.campaign,
            cycle=brief.cycle,
            brief=brief.digest,
            audience=people,
            offer=parts.offer,
            angle=parts.angle,
            channels=ChannelChoice(
                channels=brief.channels, why="as the campaign declares", citations=(_own(brief),)
            ),
            cadence=_cadence(case, parts),
            budget=_budget(brief, parts),
            metrics=_metrics(brief),
            forecasts=_forecasts(case, people.expected_size),
            send=parts.send,
            lines=parts.lines,
            posts=parts.posts,
            hypothesis=testing.choose(case),
            placements=placing.choose(case),
        )

    def _refuse(self, why: str, *missing: str) -> Refusal:
        return Refusal(
            agent=self.role.name,
            why=why,
            missing=missing,
            failure_class=self.role.failure_class,
        )


def _parts(case: PlanningCase, segments: tuple[str, ...]) -> _Parts | str:
    """The channels' parts, or a sentence about what is missing."""
    found: _Parts | None = None
    for channel in case.brief.channels:
        made = _part_of(channel, case, segments)
        if isinstance(made, str):
            return made
        found = made if found is None else _joined(found, made)
    return found or "a channel"


def _part_of(channel: Channel, case: PlanningCase, segments: tuple[str, ...]) -> _Parts | str:
    match channel:
        case Channel.EMAIL:
            mailed = mail.plan(case, segments)
            return mailed if isinstance(mailed, str) else _Parts(*mailed)
        case Channel.ADS:
            run = line_items.plan(case, segments)
            return run if isinstance(run, str) else _Parts(run[0], run[1], lines=run[2])
        case Channel.SOCIAL:
            week = posts.plan(case)
            return week if isinstance(week, str) else _Parts(week[0], week[1], posts=week[2])
        case _:
            return f"a way to plan for {channel}"


def _joined(first: _Parts, other: _Parts) -> _Parts:
    """Two channels in one plan: the first channel's angle and offer lead."""
    return _Parts(
        angle=first.angle,
        offer=first.offer if first.offer.offer else other.offer,
        send=first.send or other.send,
        lines=first.lines or other.lines,
        posts=first.posts or other.posts,
    )


def _cadence(case: PlanningCase, parts: _Parts) -> CadenceChoice:
    brief = case.brief
    moments: list[datetime] = [post.publish_at for post in parts.posts]
    moments += [parts.send.send_at] if parts.send else []
    moments.sort()
    count = f"{len(moments)} moments" if len(moments) != 1 else "one moment"
    why = f"the cycle's own days, {count}" if moments else "always on through the review period"
    return CadenceChoice(
        starts_at=min([brief.occurrence_at, *moments]),
        ends_at=brief.ends_at,
        moments=tuple(moments),
        why=why,
        citations=(_own(brief, f"due {brief.occurrence_at:%Y-%m-%d %H:%M} UTC"),),
    )


def _budget(brief: Brief, parts: _Parts) -> BudgetChoice:
    daily = sum((li.daily_budget for li in parts.lines if li.is_active), Money.zero(brief.currency))
    once = sum((post.boost for post in parts.posts if post.boost), Money.zero(brief.currency))
    text = f"range {brief.budget.range}, cap {brief.budget.cap}"
    spends = daily.minor or once.minor
    return BudgetChoice(
        daily=daily,
        once=once,
        why=f"{daily} a day inside {brief.budget.range}" if spends else "nothing is spent on media",
        citations=(_own(brief, text),),
    )


def _metrics(brief: Brief) -> MetricChoice:
    watched = tuple(m for m in brief.success_metrics if m != brief.goal.metric)
    text = f"goal {brief.goal.metric} {brief.goal.target}"
    return MetricChoice(
        goal=brief.goal.metric,
        watched=watched,
        why="the campaign's own goal and success metrics",
        citations=(_own(brief, text),),
    )


def _forecasts(case: PlanningCase, people: int | None) -> tuple[Forecast, ...]:
    brief = case.brief
    # Guardrails compare with the forecast, so what they watch is forecast too.
    wanted = dict.fromkeys((brief.goal.metric, *brief.success_metrics, *case.watched_metrics))
    at = brief.occurrence_at.date()
    found = (
        expect(metric, case.dossier, people, brief.currency, at, case.closed) for metric in wanted
    )
    return tuple(one for one in found if one is not None)


def _own(brief: Brief, text: str = "") -> Citation:
    channels = ", ".join(brief.channels)
    return Citation(source=brief.source, text=text or f"{brief.campaign}: {channels}")
