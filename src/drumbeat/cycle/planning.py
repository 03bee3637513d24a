"""Planning: the brief becomes a plan in which every element cites what it rests on."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.dossier import Dossier
from drumbeat.core.campaign.exposure import read_object
from drumbeat.core.campaign.finding import ReviewFinding, blocking
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.plan_check import PlanFacts, plan_check
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.campaign.sources import known_sources
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.holdout import usual_holdout
from drumbeat.core.experiments.registered import Registered
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.money import Money
from drumbeat.cycle import moves, trouble
from drumbeat.cycle.bench import bench_of
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.evidence import dossier_for
from drumbeat.cycle.intake import context_for
from drumbeat.cycle.library import by_id
from drumbeat.cycle.recurrence import lead_time
from drumbeat.cycle.step import Next, Note, Step
from drumbeat.gate import internal, reads, registry
from drumbeat.store import cycles, experiments, objects, settings
from drumbeat.store.proposals import Status

# How long everybody is served before some are not.
_BASELINE = timedelta(weeks=3)
# What an ad platform must be able to do, and the campaign to ask for, to set a placement mix.
_MIX, _SET_MIX = "placements", "ads.set_placements"
_FIGURES = re.compile(r"[0-9]+")


def run(desk: Desk) -> Step:
    """Next with the plan. What the planner lacks, or the plan check finds wrong, is told to the
    owner: then Wait, past the cycle's moment Done. Raises ReadDenied."""
    planner = desk.office.team.planner
    case = gather(desk, desk.reading(planner.role, DataScope.BRIEF))
    case = with_test(desk, case)
    plan = planner.plan(case)
    if isinstance(plan, Refusal):
        return trouble.refused(desk, plan)
    wrong = blocking(decide(desk, plan, case))
    if wrong:
        return trouble.stuck(desk, "data", "planner", f"the plan was refused: {wrong[0].text}")
    return submit(plan)


def gather(desk: Desk, sight: Sight) -> PlanningCase:
    """Everything the planner may look at, as its role and the workspace allow."""
    library, campaign = desk.office.library, desk.campaign
    name = campaign.campaign
    return PlanningCase(
        brief=desk.document("brief", Brief),
        segments=by_id(sight.records(DataScope.SEGMENTS, library.segments.values())),
        content=sight.records(DataScope.CONTENT, library.content.values()),
        offers=by_id(sight.records(DataScope.OFFERS, library.offers.values())),
        context=context_for(library, sight),
        hypotheses=sight.show(DataScope.HYPOTHESES, library.files.hypotheses, {}),
        dossier=dossier_for(desk, sight),
        earliest=desk.now + lead_time(campaign) - campaign.sla.plan,
        closed=sight.show(DataScope.CALENDAR, library.skipped_dates(name), frozenset()),
        slots=campaign.slots,
        networks=library.networks_of(name),
        live=live_items(desk),
        hold_out=campaign.experiments.holdout,
        usual=campaign.experiments.holdout,
        held_geos=held_geos(desk),
        overspend=_overspend(desk),
        takes_mix=_takes_mix(desk),
        watched_metrics=tuple(rule.metric for rule in campaign.guardrails),
        **_decided(desk, sight),
    )


def _overspend(desk: Desk) -> float:
    platform = desk.office.gate.door.platforms.get(desk.campaign.connection.get(Channel.ADS, ""))
    return platform.overspend if platform else 1.0


def _takes_mix(desk: Desk) -> bool:
    """Whether the ad platform takes a placement mix and the campaign may set one: a plan that could
    not be carried out would keep the cycle from its launch."""
    able = desk.gate.abilities(desk.campaign.connection.get(Channel.ADS, ""))
    row = desk.office.library.files.actions.row(_SET_MIX)
    return _MIX in able and _SET_MIX in desk.campaign.actions and isinstance(row, Row)


def held_geos(desk: Desk) -> tuple[str, ...]:
    """The regions the campaign's ads go without. None before every region was served for long
    enough to compare with: what ads add shows where they stop."""
    campaign = desk.campaign
    with desk.office.database.read() as connection:
        began = [row.occurrence_at for row in cycles.of_campaign(connection, campaign.campaign)]
    if Channel.ADS not in campaign.channels or desk.now - min(began) < _BASELINE:
        return ()
    own = usual_holdout(Channel.ADS, campaign.campaign, campaign.experiments.holdout)
    return own.held_out(campaign.experiments.geos)


def with_test(desk: Desk, case: PlanningCase) -> PlanningCase:
    """The case with the test its cycle carries on: the one that runs, else one registered now.

    What the gate does not let start at once (a person is asked, something is frozen) is no test
    of this cycle; once it is allowed, the next cycle finds it running.
    """
    bench = bench_of(desk)
    mine = (one.experiment for one in bench.tests if one.is_running)
    running = next((one for one in mine if one.campaign == desk.campaign.campaign), None)
    case = replace(case, bench=bench, test=running)
    # A plan that was lost may have registered its test: what it passed over stays what it was.
    before = tuple(t for t in bench.tests if not _is_of_this_plan(desk, t))
    as_it_was = replace(case, bench=replace(bench, tests=before))
    _tell_passed_over(desk, desk.office.team.planner.passed_over(as_it_was))
    draft = desk.office.team.planner.hypothesize(case)
    if draft is None or desk.gate.submit(registration(desk, draft)).status is not Status.ALLOWED:
        return case
    return replace(case, test=draft)


def _is_of_this_plan(desk: Desk, one: Registered) -> bool:
    made = one.experiment
    is_mine = made.campaign == desk.campaign.campaign
    return is_mine and made.registered_at >= desk.cycle.entered_at


def _tell_passed_over(desk: Desk, why: Mapping[str, str]) -> None:
    """Keep why each claim is not tested, and write it down when that changes."""
    key = passed_over_key(desk.campaign.campaign)
    with desk.office.database.write() as transaction:
        known = settings.get(transaction, key, {})
        if known == dict(why):
            return
        settings.put(transaction, key, dict(why))
        # Another week's count of people is no other reason.
        news = {
            name: t for name, t in why.items() if _unnumbered(known.get(name, "")) != _unnumbered(t)
        }
        if news:
            text = "; ".join(f"{name} {reason}" for name, reason in sorted(news.items()))
            desk.note_in(
                transaction, "hypotheses_passed_over", "agent:planner", why=news, text=text
            )


def _unnumbered(text: str) -> str:
    return _FIGURES.sub("", text)


def passed_over_key(campaign: str) -> str:
    """Where it is kept why a campaign's claims are not tested."""
    return f"not-tested:{campaign}"


def registration(desk: Desk, made: Experiment) -> Proposal:
    """The planner's wish to start a test, with what it is expected to show and to cost."""
    action = Action(
        kind=registry.REGISTER,
        channel=Channel.WORKSPACE,
        connection="workspace",
        campaign=made.campaign,
        target=registry.target_of(made.id),
        before=None,
        after=made.model_dump(mode="json"),
        spend_delta=Money.zero(desk.campaign.currency),
        cycle=desk.cycle.id,
    )
    claim, sizing = made.hypothesis, made.sizing
    source = f"hypotheses#{claim.id}"
    return propose(
        action,
        Actor.agent("planner"),
        f"{claim.statement}. {sizing.cost.sentence}",
        now=desk.now,
        expires_at=desk.now + desk.campaign.sla.plan,
        evidence=(Evidence(text=claim.reason, source=source),),
        if_nothing="the claim stays a claim",
    )


def _decided(desk: Desk, sight: Sight) -> dict[str, Any]:
    """What was settled for the campaign, what people said no to, and what a test keeps."""
    name = desk.campaign.campaign
    with desk.office.database.read() as connection:
        return {
            "settings": settings.get(connection, internal.chosen_by(name), {}),
            "under_test": experiments.under_test(connection),
            "settling": moves.settling(connection, name),
            "overrides": reads.lessons(desk.gate.door, connection, sight, name),
        }


def decide(desk: Desk, plan: Plan, case: PlanningCase) -> tuple[ReviewFinding, ...]:
    """Whether the plan holds against its brief and the facts."""
    # The check itself is no agent: it knows the closed days whatever the planner was shown.
    closed = desk.office.library.skipped_dates(desk.campaign.campaign)
    return plan_check(plan, case.brief, facts_of(replace(case, closed=closed), case.dossier))


def submit(plan: Plan) -> Next:
    """Keep the plan; the ledger is told its choices, forecasts (low, mean, high) and sources."""
    forecasts = {f.metric: [f.low, f.mean, f.high] for f in plan.forecasts}
    body = {
        "plan": plan.digest,
        "theme": ", ".join(plan.themes),
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
            overrides=(one.entry for one in case.overrides),
        ),
    )


def live_items(desk: Desk) -> tuple[LineItem, ...]:
    """The line items of this campaign that run now, as we last made or read them."""
    with desk.office.database.read() as connection:
        found = objects.of_campaign(connection, desk.campaign.campaign)
    live = (o for o in found if o.ends_at is None or o.ends_at > desk.now)
    running = (read_object(one.target, one.state) for one in live)
    return tuple(item for item in running if isinstance(item, LineItem))
