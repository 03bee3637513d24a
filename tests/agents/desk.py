"""Cases for the agents: each one complete, so that a test can leave one thing out."""

from datetime import timedelta
from typing import Any

from drumbeat.agents.builder import Builder, BuildingCase
from drumbeat.agents.improving.case import ImprovementCase, LiveLine
from drumbeat.agents.intake import IntakeCase
from drumbeat.agents.launcher import LaunchCase
from drumbeat.agents.monitor import WatchCase
from drumbeat.agents.planner import Planner
from drumbeat.agents.planning.case import Bench, PlanningCase
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.calendar import CalendarFile
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.guardrail_rule import GuardrailRule
from drumbeat.core.campaign.lint import ReviewCase
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.campaign.pack import seal
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.experiments.drafting import Draft, draft
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.sizing import ErrorCost, Mode, Sizing, Traffic
from drumbeat.core.operations.guardrail import Snapshot
from tests.core.road.shop import (
    BRAND,
    CHOICE,
    CLAIMS,
    DOSSIER,
    HYPOTHESES,
    NAMING,
    OFFERS,
    PIECES,
    SEGMENTS,
    TUESDAY,
    VOICE,
    WEEK,
    ZONE,
    brief,
    context,
    line_item,
)

EMPTY = ContextFile(version=1)


def campaign(**changes: Any) -> Campaign:
    fields: dict[str, Any] = {
        "version": 1,
        "campaign": "weekly",
        "name": "The weekly leaf",
        "type": "newsletter",
        "owner": "ida",
        "channels": ["email"],
        "connection": {"email": "house-mail"},
        "goal": {"metric": "conversions", "target": "40/week"},
        "success_metrics": ["click_rate", "conversions"],
        "cadence": {"every": "week", "weekday": "tue", "at": "09:00", "skip": ["holidays DE-HB"]},
        "audience": {"include": ["warm-leads", "regulars"], "exclude": ["unsubscribed"]},
        "offers": ["tasting-set"],
        "themes": ["leaves", "brewing"],
        "languages": ["en"],
        "budget": {"range": "EUR 0-200/month", "cap": "EUR 200/month", "per_change": "20%"},
        "guardrails": [
            {"metric": "click_rate", "below": "forecast", "by": "20%", "then": "escalate"}
        ],
        "sla": {"plan": "48h", "launch": "4h", "detect": "15m", "recover": "4h"},
        "escalation": "default",
        "rollback": "cancel the send",
        "runbook": "runbooks/mail.md",
        "hypotheses": ["H-01"],
        "data_sources": [{"name": "sends", "source": "house-mail", "used_for": "counts"}],
        "data_permissions": {"intake": ["brief"]},
        "naming": {"region": "eu"},
        "actions": ["email.schedule_send"],
        "experiments": {"surface": "newsletter", "variables": ["subject"]},
    }
    return Campaign.model_validate(fields | changes)


def intake_case(**changes: Any) -> IntakeCase:
    fields: dict[str, Any] = {
        "campaign": campaign(),
        "cycle": "weekly-2026-03-03",
        "occurrence_at": TUESDAY,
        "ends_at": TUESDAY + WEEK,
        "timezone": ZONE,
        "now": TUESDAY - timedelta(days=2),
        "lessons": (),
        "context": EMPTY,
        "calendar": CalendarFile(version=1),
    }
    return IntakeCase(**fields | changes)


def planning_case(of: Brief | None = None, **changes: Any) -> PlanningCase:
    fields: dict[str, Any] = {
        "brief": of or brief(),
        "segments": SEGMENTS,
        "content": tuple(PIECES.values()),
        "offers": OFFERS,
        "context": EMPTY,
        "hypotheses": HYPOTHESES,
        "dossier": DOSSIER,
        "earliest": TUESDAY - timedelta(days=1),
        "networks": ("mastodon", "linkedin"),
        "hold_out": 0.1,
    }
    return PlanningCase(**fields | changes)


def registered(name: str = "H-01", weeks: int = 4, **changes: Any) -> Experiment:
    """A test of the library's claim, sealed a week before the cycle."""
    spec = HYPOTHESES[name]
    sizing = Sizing(
        mode=Mode.CONFIRMATORY,
        alpha=0.05,
        max_n=8_000,
        weeks=weeks,
        cost=ErrorCost(false_call=0.05, missed=0.2),
    )
    fields: dict[str, Any] = {"campaign": campaign(), "spec": spec, "sizing": sizing,
                              "now": TUESDAY - WEEK, "by": "agent:planner"}  # fmt: skip
    return draft(Draft(**fields | changes))


def bench(**changes: Any) -> Bench:
    """What a test of the newsletter could be chosen from: plenty of traffic, no past."""
    fields: dict[str, Any] = {
        "campaign": campaign(hypotheses=["H-01", "H-02"]),
        "now": TUESDAY - timedelta(days=2),
        "traffic": {
            name: Traffic(units_per_week=20_000, baseline=0.05) for name in ("H-01", "H-02")
        },
    }
    return Bench(**fields | changes)


def planned(of: Brief | None = None, **changes: Any) -> Plan:
    plan = Planner().plan(planning_case(of, **changes))
    assert isinstance(plan, Plan), plan
    return plan


def building_case(of: Brief | None = None, **changes: Any) -> BuildingCase:
    answered = of or brief()
    fields: dict[str, Any] = {
        "brief": answered,
        "plan": changes.pop("plan", None) or planned(answered),
        "segments": SEGMENTS,
        "content": PIECES,
        "offers": OFFERS,
        "brand": BRAND,
        "voice": VOICE,
        "naming": NAMING,
        "naming_choice": CHOICE,
    }
    return BuildingCase(**fields | changes)


def built(case: BuildingCase) -> Assets:
    made = Builder().build(case)
    assert isinstance(made, Assets), made
    return made


def review_case(of: Brief | None = None, **changes: Any) -> ReviewCase:
    answered = of or brief()
    plan = planned(answered)
    fields: dict[str, Any] = {
        "brief": answered,
        "plan": plan,
        "assets": built(building_case(answered, plan=plan)),
        "brand": BRAND,
        "offers": OFFERS,
        "claims": CLAIMS,
        "naming": NAMING,
    }
    return ReviewCase(**fields | changes)


def launch_case(**changes: Any) -> LaunchCase:
    answered = brief()
    plan = planned(answered)
    made = built(building_case(answered, plan=plan))
    nothing = dict.fromkeys(made.states())
    pack = seal(answered, plan, made, (), current=nothing, context=context())
    fields: dict[str, Any] = {"pack": pack, "current": nothing, "context": context()}
    return LaunchCase(**fields | changes)


def snapshot(hours: float = 0, **counts: float) -> Snapshot:
    return Snapshot(TUESDAY + timedelta(hours=hours), counts)


def watch_case(**changes: Any) -> WatchCase:
    fields: dict[str, Any] = {
        "plan": planned(),
        "guardrails": (),
        "snapshots": (snapshot(2, delivered=10_000.0, clicks=500.0, conversions=40.0),),
        "now": TUESDAY + timedelta(hours=3),
        "progress": 0.5,
        "currency": "EUR",
    }
    return WatchCase(**fields | changes)


def rule(text: dict[str, Any]) -> GuardrailRule:
    return GuardrailRule.model_validate(text)


def record(name: str, conversions: float, spend_minor: float = 70_000) -> LineRecord:
    return LineRecord(
        name=name,
        impressions=100_000,
        clicks=1_000,
        conversions=conversions,
        spend_minor=spend_minor,
        revenue_minor=conversions * 2_400,
        currency="EUR",
        source="history/ads 2026-W08",
    )


def live_line(name: str, conversions: float, **changes: Any) -> LiveLine:
    item: LineItem = changes.pop("item", None) or line_item(name)
    fields: dict[str, Any] = {
        "target": f"line_item:evergreen/{name}",
        "item": item,
        "record": record(name, conversions),
    }
    return LiveLine(**fields | changes)


def improvement_case(**changes: Any) -> ImprovementCase:
    fields: dict[str, Any] = {
        "campaign": "evergreen",
        "cycle": "evergreen-2026-03-03",
        "now": TUESDAY + timedelta(days=3),
        "context": context(now=TUESDAY + timedelta(days=3)),
        "lines": (live_line("visitors", 100), live_line("warm-leads", 30)),
    }
    return ImprovementCase(**fields | changes)
