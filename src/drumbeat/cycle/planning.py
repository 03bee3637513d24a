"""Planning: the brief becomes a plan in which every element cites what it rests on."""

from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.dossier import Dossier
from drumbeat.core.campaign.exposure import read_object
from drumbeat.core.campaign.finding import ReviewFinding, blocking
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.plan_check import PlanFacts, plan_check
from drumbeat.core.campaign.sources import known_sources
from drumbeat.cycle import trouble
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.evidence import dossier_for
from drumbeat.cycle.recurrence import lead_time
from drumbeat.cycle.step import Next, Note, Step
from drumbeat.store import objects


def run(desk: Desk) -> Step:
    case = gather(desk)
    plan = desk.office.team.planner.plan(case)
    if isinstance(plan, Refusal):
        return trouble.refused(desk, plan)
    wrong = blocking(decide(desk, plan, case))
    if wrong:
        return trouble.stuck(desk, "data", "planner", f"the plan was refused: {wrong[0].text}")
    return submit(plan)


def gather(desk: Desk) -> PlanningCase:
    """Everything the planner may look at, as its role and the workspace allow."""
    library, campaign = desk.office.library, desk.campaign
    name = campaign.campaign
    return PlanningCase(
        brief=desk.document("brief", Brief),
        segments=library.segments,
        content=tuple(library.content.values()),
        offers=library.offers,
        context=library.files.context,
        hypotheses=library.files.hypotheses,
        dossier=dossier_for(desk),
        earliest=desk.now + lead_time(campaign) - campaign.sla.plan,
        closed=library.skipped_dates(name),
        slots=campaign.slots,
        networks=library.networks_of(name),
        live=live_items(desk),
        hold_out=campaign.experiments.holdout,
        watched_metrics=tuple(rule.metric for rule in campaign.guardrails),
    )


def decide(desk: Desk, plan: Plan, case: PlanningCase) -> tuple[ReviewFinding, ...]:
    """Whether the plan holds against its brief and the facts."""
    return plan_check(plan, case.brief, facts_of(case, case.dossier))


def submit(plan: Plan) -> Next:
    forecasts = {f.metric: [f.low, f.mean, f.high] for f in plan.forecasts}
    body = {
        "plan": plan.digest,
        "theme": plan.angle.theme,
        "angle": plan.angle.angle,
        "offer": plan.offer.offer,
        "why": plan.angle.why,
        "forecasts": forecasts,
        "cites": [citation.source for citation in plan.citations],
    }
    return Next({"plan": plan}, Note("planned", "agent:planner", body))


def facts_of(case: PlanningCase, dossier: Dossier) -> PlanFacts:
    """What is true while the plan is checked."""
    content = {piece.id: piece for piece in case.content}
    return PlanFacts(
        segments=case.segments,
        offers=case.offers,
        content=content,
        context=case.context,
        hypotheses=case.hypotheses,
        closed=case.closed,
        known_sources=known_sources(
            case.brief,
            dossier,
            segments=case.segments,
            offers=case.offers,
            content=content,
            hypotheses=case.hypotheses,
        ),
    )


def live_items(desk: Desk) -> tuple[LineItem, ...]:
    """The line items of this campaign that run now, as we last made or read them."""
    with desk.office.database.read() as connection:
        found = objects.of_campaign(connection, desk.campaign.campaign)
    live = (o for o in found if o.ends_at is None or o.ends_at > desk.now)
    running = (read_object(one.target, one.state) for one in live)
    return tuple(item for item in running if isinstance(item, LineItem))
