"""Plan check: whether a plan holds against its brief and the facts, before anything is built."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.citation import unresolved
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.context import ContextFile, FatigueLevel
from drumbeat.core.campaign.daily import per_day
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.money import Money
from drumbeat.core.operations.metrics import NAMES

# A send may be moved to an earlier hour of its day.
_EARLY = timedelta(days=1)


@dataclass(frozen=True)
class PlanFacts:
    """What is true when the plan is checked. ``closed`` are local dates nothing goes out on;
    ``known_sources`` every address a citation may name."""

    segments: Mapping[str, Segment]
    offers: Mapping[str, Offer]
    content: Mapping[str, Piece]
    context: ContextFile
    hypotheses: Mapping[str, HypothesisSpec]
    closed: Container[date]
    known_sources: frozenset[str]


Rule = Callable[[Plan, Brief, PlanFacts], Iterator[ReviewFinding]]


def plan_check(plan: Plan, brief: Brief, facts: PlanFacts) -> tuple[ReviewFinding, ...]:
    """Everything wrong with a plan; empty when it may be built."""
    return tuple(found for rule in RULES for found in rule(plan, brief, facts))


def answers_the_brief(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """The plan is for this cycle, and for this version of its brief."""
    if (plan.campaign, plan.cycle, plan.brief) != (brief.campaign, brief.cycle, brief.digest):
        yield _block("brief", "plan", "the plan answers another brief", "plan again from this one")


def cites_its_sources(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """No strategy from thin air: every element cites something that can be looked up."""
    for name, choice in plan.elements:
        if not choice.citations:
            text = f"the {name} rests on nothing"
            yield _block("citations", name, text, "cite a figure, a file, a lesson or a signal")
        for source in unresolved(choice.citations, facts.known_sources):
            text = f"the {name} cites {source}, which cannot be looked up"
            yield _block("citations", name, text, "cite a source that exists")


def stays_in_budget(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """The daily spend lies in the declared range, below the cap of a day."""
    currencies = {plan.budget.daily.currency, plan.budget.once.currency}
    currencies |= {line.daily_budget.currency for line in plan.lines}
    if currencies != {brief.currency}:
        text = f"speaks of {', '.join(sorted(currencies))}, the brief of {brief.currency}"
        yield _block("budget", "budget", text, f"plan in {brief.currency}")
        return
    yield from _adds_up(plan)
    spent = _spent_per_day(plan, brief)
    low, high = per_day(brief.budget.range)
    shown = Money(minor=round(spent), currency=brief.currency)
    if spent > high + 1:
        text = f"{shown} a day is over {brief.budget.range}"
        yield _block("budget", "budget", text, "plan inside the declared range")
    if spent < low - 10:
        text = f"{shown} a day is under {brief.budget.range}"
        yield _note("budget", "budget", text, "spend more, or declare a lower range")
    if brief.budget.per_day is not None and brief.budget.per_day < plan.budget.daily:
        text = f"{plan.budget.daily} a day is over the daily cap of {brief.budget.per_day}"
        yield _block("budget", "budget", text, "lower the daily budgets")


def keeps_the_calendar(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """Everything goes out inside the cycle, on an open day."""
    zone = ZoneInfo(brief.timezone)
    if (
        plan.cadence.starts_at < brief.occurrence_at - _EARLY
        or plan.cadence.ends_at > brief.ends_at
    ):
        text = "the plan reaches beyond its cycle"
        yield _block("calendar", "cadence", text, "keep to the cycle's start and end")
    for name, moment in _moments(plan):
        if not plan.cadence.starts_at <= moment <= plan.cadence.ends_at:
            text = f"the {name} lies outside the planned time"
            yield _block("calendar", name, text, "move it between start and end")
        local = moment.astimezone(zone)
        if local.date() in facts.closed:
            text = f"{local:%A %Y-%m-%d} is closed"
            yield _block("calendar", name, text, "choose an open day")


def knows_its_audience(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """Segments exist, are allowed, and are neither suppressed, empty nor tired of us."""
    tired = {f.segment for f in facts.context.fatigue if f.level is FatigueLevel.HIGH}
    for name, segments in _audiences(plan):
        for segment in segments:
            if trouble := _segment_trouble(segment, brief, facts, tired):
                fix = f"leave {segment} out"
                yield _block("audience", name, f"the {name} addresses {segment}, {trouble}", fix)
    for segment in sorted(set(brief.audience.exclude) - set(plan.audience.exclude)):
        text = f"the brief leaves {segment} out, the plan does not"
        yield _block("audience", "audience", text, f"exclude {segment}")


def makes_open_offers(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """An offer is allowed, open and in stock on every day something goes out."""
    names = {plan.offer.offer} | {c.offer for line in plan.lines for c in line.creatives}
    for name in sorted(names - {""}):
        if trouble := _offer_trouble(name, plan, brief, facts):
            text = f"offer {name} {trouble}"
            yield _block("offer", "offer", text, "choose an offer of the brief that is open")


def tells_what_there_is(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """The pieces a plan draws on are in the inventory."""
    pieces = [*plan.angle.pieces, *(post.piece for post in plan.posts)]
    pieces += [c.piece for line in plan.lines for c in line.creatives if c.piece]
    for piece in dict.fromkeys(pieces):
        if piece not in facts.content:
            text = f"piece {piece} is not in the inventory"
            yield _block("content", "angle", text, "choose a piece of data/content.yaml")


def measures_what_is_known(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """The goal is the brief's, and every metric has a definition."""
    if plan.metrics.goal != brief.goal.metric:
        text = f"the plan aims at {plan.metrics.goal}, the brief at {brief.goal.metric}"
        yield _block("metrics", "metrics", text, "keep the brief's goal")
    named = (plan.metrics.goal, *plan.metrics.watched, *(f.metric for f in plan.forecasts))
    for metric in dict.fromkeys(named):
        if metric not in NAMES:
            text = f"no metric is named {metric}"
            yield _block("metrics", "metrics", text, "use a metric of the glossary")
    if plan.forecast(plan.metrics.goal) is None:
        text = f"nothing is forecast for the goal {plan.metrics.goal}"
        yield _note("metrics", "forecast", text, "import history, or wait for the first cycles")


def tests_what_was_approved(plan: Plan, brief: Brief, facts: PlanFacts) -> Iterator[ReviewFinding]:
    """A hypothesis is of the library, allowed for the campaign, and approved beforehand."""
    if plan.hypothesis is None:
        return
    name = plan.hypothesis.hypothesis
    spec = facts.hypotheses.get(name)
    if spec is None or name not in brief.hypotheses:
        text = f"{name} is no hypothesis of this campaign"
        yield _block("hypothesis", "hypothesis", text, "list it in the campaign file")
    elif not spec.pre_approved:
        text = f"{name} was not approved beforehand"
        yield _block("hypothesis", "hypothesis", text, "have a person approve the hypothesis first")


RULES: tuple[Rule, ...] = (
    answers_the_brief,
    cites_its_sources,
    stays_in_budget,
    keeps_the_calendar,
    knows_its_audience,
    makes_open_offers,
    tells_what_there_is,
    measures_what_is_known,
    tests_what_was_approved,
)


def _moments(plan: Plan) -> Iterator[tuple[str, datetime]]:
    if plan.send is not None:
        for moment in dict.fromkeys((plan.send.send_at, *plan.send.moments)):
            yield "send", moment
    for number, post in enumerate(plan.posts, 1):
        yield f"post {number}", post.publish_at


def _audiences(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "audience", plan.audience.include
    for line in plan.lines:
        yield f"line item {line.name}", line.segments


def _segment_trouble(
    name: str, brief: Brief, facts: PlanFacts, tired: Container[str]
) -> str | None:
    segment = facts.segments.get(name)
    if segment is None:
        return "which is no segment of data/segments.yaml"
    if name not in brief.audience.include or name in brief.audience.exclude:
        return "which the brief does not allow"
    if segment.suppression:
        return "people we must not contact"
    if segment.size == 0:
        return "which is empty"
    return "which is tired of us" if name in tired else None


def _offer_trouble(name: str, plan: Plan, brief: Brief, facts: PlanFacts) -> str | None:
    offer = facts.offers.get(name)
    if offer is None:
        return "is not in data/offers.yaml"
    if name not in brief.offers:
        return "is not allowed by the brief"
    if offer.product is not None and facts.context.is_sold_out(offer.product):
        return "is for a product that is sold out"
    zone = ZoneInfo(brief.timezone)
    days = {moment.astimezone(zone).date() for _, moment in _moments(plan)}
    days |= {plan.cadence.starts_at.astimezone(zone).date()} if not days else set()
    closed = sorted(day for day in days if not offer.is_open(day))
    return f"is not open on {closed[0]}" if closed else None


def _adds_up(plan: Plan) -> Iterator[ReviewFinding]:
    lines = sum(line.daily_budget.minor for line in plan.lines if line.is_active)
    boosts = sum(post.boost.minor for post in plan.posts if post.boost)
    if (lines, boosts) != (plan.budget.daily.minor, plan.budget.once.minor):
        text = "the budget is not the sum of its line items and boosts"
        yield _block("budget", "budget", text, "add them up again")


def _spent_per_day(plan: Plan, brief: Brief) -> Decimal:
    """The average spend of a day of the cycle, in minor units."""
    once = Decimal(plan.budget.once.minor) / max(Decimal(1), Decimal(str(brief.days)))
    return plan.budget.daily.minor + once


def _block(rule: str, subject: str, text: str, fix: str) -> ReviewFinding:
    return ReviewFinding(
        rule=f"plan.{rule}", severity=Severity.BLOCK, subject=subject, text=text, fix=fix
    )


def _note(rule: str, subject: str, text: str, fix: str) -> ReviewFinding:
    return ReviewFinding(
        rule=f"plan.{rule}", severity=Severity.WARN, subject=subject, text=text, fix=fix
    )
