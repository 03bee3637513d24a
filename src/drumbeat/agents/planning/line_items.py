"""Line items: which ads run for whom, on how much a day, with which creatives."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from drumbeat.agents.planning import testing
from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.planning.heeding import (
    as_far_as_people_went,
    budget_lessons,
    heeded,
    may_launch,
)
from drumbeat.agents.planning.means import BIDS
from drumbeat.agents.planning.placing import mix_for
from drumbeat.agents.planning.trial import trial_of
from drumbeat.core.campaign.angle import Angle, angles_of, rank_angles
from drumbeat.core.campaign.campaign import CampaignType
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.daily import DAILY_TOTAL, per_day, within
from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.lesson import LessonElement, factor
from drumbeat.core.campaign.objects import Breadth, Creative, LineItem, Pacing
from drumbeat.core.campaign.plan import AngleChoice, CreativePlan, LinePlan, OfferChoice
from drumbeat.core.campaign.tally import rank
from drumbeat.core.campaign.theme import ThemeChoice, cite_piece, themes_for
from drumbeat.core.campaign.urgency import choose_offer
from drumbeat.core.campaign.week import week_of
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money

# What the settings are called that a winning test, or people, decide.
ANGLE = "creative_angle"
BREADTH, EXCLUSION, PACING = "breadth", "audience_exclusion", "budget_pacing"
BID, TARGET_COST = "bid_strategy", "target_cost"
_MOST_LINES = 3
_CREATIVES = 3
# How many earlier programmes a line item without a past of its own cites.
_PEERS = 2
# Two that run are left to learn; fewer cannot be compared.
_LEARNING = 2
# Where between the ends of the range a new programme starts.
_OPENING = Decimal("0.6")
# A budget is left alone unless the figures ask for a tenth more or less.
_HYSTERESIS = 0.1
_DEFAULT_CHANGE = 0.2
# Conversions from which a target cost can be asked of a platform.
_ENOUGH_CONVERSIONS = 30
# Flights reach a day beyond the cycle, so that a late review leaves no gap.
_BEYOND = timedelta(days=1)


def plan(
    case: PlanningCase, segments: tuple[str, ...]
) -> tuple[AngleChoice, OfferChoice, tuple[LinePlan, ...]] | str:
    """What to run, or a sentence about what is missing for it."""
    brief = case.brief
    at = max(brief.occurrence_at, case.earliest)
    themes = themes_for(
        brief,
        case.content,
        case.dossier,
        case.context,
        channel=Channel.ADS,
        element=LessonElement.THEME,
        at=at,
    )
    themes = heeded(case, themes)
    if not themes:
        return "a piece in data/content.yaml for ads, in stock, on one of the campaign's themes"
    offer = choose_offer(brief, case.offers, case.context, case.dossier, at=at, segments=segments)
    running = {item.name for item in case.live}
    wanted = [name for name in segments if name in running or may_launch(case, name)]
    if not wanted:
        return "a line item that people did not turn down"
    budgets = _budgets(case, wanted[:_MOST_LINES])
    lines = tuple(_line(case, name, money, themes, offer) for name, money in budgets)
    return _angle(case, themes[0]), offer, lines


def _angle(case: PlanningCase, best: ThemeChoice) -> AngleChoice:
    lead = best.pieces[0]
    at = case.brief.occurrence_at
    argued = rank_angles(angles_of(lead), case.dossier, case.brief.lessons, at)[0]
    return AngleChoice(
        theme=best.theme,
        angle=argued.subject,
        pieces=(lead.id,),
        why=best.why,
        citations=(*best.citations, *argued.citations, cite_piece(lead, case.dossier)),
    )


def _budgets(case: PlanningCase, segments: Sequence[str]) -> list[tuple[str, Money]]:
    """Daily budgets by line item. Live ones move towards their share in bounded steps; a new
    programme is split by the square root of what each returned, as returns diminish."""
    total = _total(case)
    weights = {name: math.sqrt(_worth(case, name)) for name in segments}
    whole = sum(weights.values())
    aims = {name: total.minor * weight / whole for name, weight in weights.items()}
    live = {item.name: item for item in case.live}
    wanted = {name: _moved(case, live.get(name), aim) for name, aim in aims.items()}
    ceiling = _ceiling(case)
    spent = sum(wanted.values())
    if spent > ceiling:
        wanted = {name: math.floor(minor * ceiling / spent) for name, minor in wanted.items()}
    return [(name, Money(minor=minor, currency=total.currency)) for name, minor in wanted.items()]


def _total(case: PlanningCase) -> Money:
    """What runs now, held inside the range; for a new programme a point above its middle."""
    declared = case.brief.budget.range
    running = sum(item.daily_budget_minor for item in case.live if item.status == "active")
    decided = case.chosen(DAILY_TOTAL)
    if decided.isdecimal():
        running = int(decided)
    if not running:
        opening = within(declared, _OPENING).minor
        return Money(minor=min(opening, _ceiling(case)), currency=case.brief.currency)
    low = math.ceil(per_day(declared)[0])
    return Money(minor=max(low, min(running, _ceiling(case))), currency=case.brief.currency)


def _ceiling(case: PlanningCase) -> int:
    """What the line items may cost a day, in minor units: within the range, and under the day's cap
    even where the platform spends more than it is asked to."""
    high = math.floor(per_day(case.brief.budget.range)[1])
    cap = case.brief.budget.per_day
    return min(high, math.floor(cap.minor / case.overspend)) if cap else high


def _worth(case: PlanningCase, name: str) -> float:
    """Conversions per money of the line item beside the average, drawn to 1 by the average's own
    conversions; then scaled by what lessons say. Cents of another currency are no cents of ours:
    what was spent in one is left out."""
    ours = [one for one in case.dossier.lines if one.currency == case.brief.currency]
    records = [one for one in ours if one.spend_minor > 0]
    mine = _record(case, name)
    lesson = factor(case.brief.lessons, LessonElement.LINE_ITEM, name)
    if mine is None or not mine.spend_minor:
        return _segment_worth(case, name) * lesson
    pooled = sum(r.conversions for r in records) / sum(r.spend_minor for r in records)
    prior = sum(r.conversions for r in records) / len(records)
    expected = pooled * mine.spend_minor
    return max(0.1, (mine.conversions + prior) / (expected + prior) if prior else 1.0) * lesson


def _record(case: PlanningCase, name: str) -> LineRecord | None:
    """The line item's own past, or that of the items that were named after its segment."""
    ours = [one for one in case.dossier.lines if one.currency == case.brief.currency]
    own = [one for one in ours if one.name == name]
    kin = own or [one for one in ours if one.name.startswith(f"{name}-")]
    if not kin:
        return None
    return replace(
        kin[0],
        name=name if own else f"{name} ({len(kin)} earlier items)",
        impressions=sum(one.impressions for one in kin),
        clicks=sum(one.clicks for one in kin),
        conversions=sum(one.conversions for one in kin),
        spend_minor=sum(one.spend_minor for one in kin),
        revenue_minor=sum(one.revenue_minor for one in kin),
    )


def _segment_worth(case: PlanningCase, name: str) -> float:
    ranked = rank((name,), case.dossier.tallies, case.brief.lessons, LessonElement.SEGMENT)
    everyone = case.dossier.about(LessonElement.SEGMENT)
    average = sum(t.hits for t in everyone) / max(1.0, sum(t.trials for t in everyone))
    return max(0.1, ranked[0].score / average) if everyone and average else 1.0


def _moved(case: PlanningCase, live: LineItem | None, aim: float) -> int:
    """The budget to set: the aim for a new item, a bounded step towards it for a live one."""
    if live is None or live.daily_budget_minor == 0:
        return math.floor(aim)
    now = live.daily_budget_minor
    if _is_under_test(case, live) or _is_settling(case, live.name):
        return now
    wish = aim / now - 1
    if abs(wish) < _HYSTERESIS:
        return now
    most = case.brief.budget.per_change or _DEFAULT_CHANGE
    step = as_far_as_people_went(case, live.name, max(-most, min(most, wish)))
    return math.floor(now * (1 + step))


def _line(
    case: PlanningCase,
    name: str,
    money: Money,
    themes: tuple[ThemeChoice, ...],
    offer: OfferChoice,
) -> LinePlan:
    live = next((item for item in case.live if item.name == name), None)
    record = _record(case, name)
    bid, target = _bid(case, live, record, money.currency)
    creatives = _creatives(case, live, themes, offer)
    exclude = _exclude(case, live)
    return LinePlan(
        name=name,
        daily_budget=money,
        segments=(name,),
        exclude=exclude,
        breadth=_breadth(case, live),
        creatives=creatives,
        bid_strategy=bid,
        target_cpa=target,
        is_active=live is None or live.status == "active",
        until=case.brief.ends_at + _BEYOND,
        pacing=_pacing(case, live),
        trial=trial_of(case, name, creatives, exclude),
        placements=dict(mix_for(case, live)),
        why=_why(live, record, money, is_settling=_is_settling(case, name)),
        citations=_evidence(case, name, record, live),
    )


def _exclude(case: PlanningCase, live: LineItem | None) -> tuple[str, ...]:
    """The brief's exclusions, the one that won a test, and the regions of the hold-out; a test's
    line item stays as it is."""
    if live is not None and _is_under_test(case, live):
        return live.exclude
    won = case.chosen(EXCLUSION)
    own = (*case.brief.audience.exclude, *((won,) if won in case.segments else ()))
    return tuple(dict.fromkeys((*own, *case.held_geos)))


def _breadth(case: PlanningCase, live: LineItem | None) -> Breadth:
    won = case.chosen(BREADTH)
    if won in tuple(Breadth) and not (live is not None and _is_under_test(case, live)):
        return Breadth(won)
    return live.breadth if live else Breadth.MEDIUM


def _pacing(case: PlanningCase, live: LineItem | None) -> Pacing:
    won = case.chosen(PACING)
    if won in tuple(Pacing) and not (live is not None and _is_under_test(case, live)):
        return Pacing(won)
    return live.pacing if live else Pacing.EVEN


def _is_settling(case: PlanningCase, name: str) -> bool:
    return f"line_item:{case.brief.campaign}/{name}" in case.settling


def _is_under_test(case: PlanningCase, live: LineItem) -> bool:
    return f"line_item:{case.brief.campaign}/{live.name}" in case.under_test


def _bid(
    case: PlanningCase, live: LineItem | None, record: LineRecord | None, currency: str
) -> tuple[str, Money | None]:
    """A live item keeps its bid, unless another won a test: a new one starts the platform's
    learning over again."""
    won, wanted = case.chosen(BID), case.chosen(TARGET_COST)
    if won in BIDS and not (live is not None and _is_under_test(case, live)):
        aimed = Money(minor=int(wanted), currency=currency) if wanted.isdecimal() else None
        return won, aimed if won == "target_cpa" else None
    if live is not None:
        kept = live.target_cpa_minor
        return live.bid_strategy, Money(minor=kept, currency=currency) if kept else None
    cost = record.cost_per_acquisition_minor if record else None
    if record and cost and record.conversions >= _ENOUGH_CONVERSIONS:
        return "target_cpa", Money(minor=round(cost * 1.1), currency=currency)
    return "maximize_conversions", None


def _creatives(
    case: PlanningCase,
    live: LineItem | None,
    themes: tuple[ThemeChoice, ...],
    offer: OfferChoice,
) -> tuple[CreativePlan, ...]:
    """What runs stays, unless it sells an offer that is gone; new ones fill up to three.

    The arms of a test come first, then an angle that won one, then the angles by what they did,
    one creative an angle. While a test runs its arms are neither changed nor left out.
    """
    arms = testing.arms_of(case, "angle") or ()
    kept = [_kept(one) for one in live.creatives if _stays(one, offer, arms)] if live else []
    taken = {one.angle for one in kept}
    missing = [angle for angle in arms if angle not in taken]
    if len(kept) >= _LEARNING and not missing:
        return tuple(kept)
    by_angle = _pieces_by_angle(case, themes, offer)
    ranked = rank_angles(by_angle, case.dossier, case.brief.lessons, case.brief.occurrence_at)
    ordered = dict.fromkeys((*missing, case.chosen(ANGLE), *(one.subject for one in ranked)))
    fresh = [a for a in ordered if a in by_angle and a not in taken]
    stay = sorted(kept, key=lambda one: one.angle not in arms)[: _CREATIVES - len(missing)]
    made = [_new(case, by_angle[angle], angle, offer.offer) for angle in fresh]
    return tuple(stay + made[: _CREATIVES - len(stay)])


def _pieces_by_angle(
    case: PlanningCase, themes: tuple[ThemeChoice, ...], offer: OfferChoice
) -> dict[str, Piece]:
    """The piece to argue each angle with: about the offer's product first, then by theme."""
    selling = case.offers[offer.offer].product if offer.offer else None
    pieces = [piece for theme in themes for piece in theme.pieces]
    pieces.sort(key=lambda piece: selling is None or piece.product != selling)
    found: dict[str, Piece] = {}
    for piece in pieces:
        for angle in angles_of(piece):
            found.setdefault(angle, piece)
    if case.brief.type is CampaignType.RETARGETING:
        found.setdefault(Angle.REMINDER, pieces[0])
    return found


def _stays(creative: Creative, offer: OfferChoice, arms: tuple[str, ...]) -> bool:
    return creative.offer in ("", offer.offer) or creative.angle in arms


def _kept(creative: Creative) -> CreativePlan:
    return CreativePlan(
        name=creative.name, angle=creative.angle, format=creative.format, offer=creative.offer
    )


def _new(case: PlanningCase, piece: Piece, angle: str, offer: str) -> CreativePlan:
    tallies = case.dossier.about(LessonElement.FORMAT)
    formats = dict.fromkeys(tally.subject for tally in tallies) or {"responsive": None}
    best = rank(formats, case.dossier.tallies, case.brief.lessons, LessonElement.FORMAT)[0]
    born = week_of(case.brief.occurrence_at.date()).lower()
    return CreativePlan(
        name=f"{angle}-{born}", angle=angle, format=best.subject, piece=piece.id, offer=offer
    )


def _evidence(
    case: PlanningCase, name: str, record: LineRecord | None, live: LineItem | None
) -> tuple[Citation, ...]:
    declared = Citation(source=f"data/segments.yaml#{name}", text=case.segments[name].description)
    lessons = rank((name,), case.dossier.tallies, case.brief.lessons, LessonElement.LINE_ITEM)
    formats = rank(
        dict.fromkeys(t.subject for t in case.dossier.about(LessonElement.FORMAT)),
        case.dossier.tallies,
        case.brief.lessons,
        LessonElement.FORMAT,
    )
    figures = (record.citation,) if record else _peers(case)
    shapes = formats[0].citations if formats and live is None else ()
    said = budget_lessons(case, name) if live is not None else ()
    return (declared, *figures, *lessons[0].citations, *shapes, *said)


def _peers(case: PlanningCase) -> tuple[Citation, ...]:
    """What the dearest other programmes did, where this line item has no past of its own, each
    with its own source. Their names are somebody's words in an export, and stay there."""
    known = sorted(case.dossier.lines, key=lambda one: (one.currency, -one.spend_minor))
    ours = [one for one in known if one.currency == case.brief.currency] or known
    labels = (f"{place} of {len(ours)} earlier ones by spend" for place in range(1, _PEERS + 1))
    return tuple(replace(one, name=name).citation for one, name in zip(ours, labels, strict=False))


def _why(
    live: LineItem | None, record: LineRecord | None, money: Money, *, is_settling: bool
) -> str:
    if live is None:
        basis = "its own past" if record else "its segment and its peers"
        return f"starts at {money} a day, weighed by {basis}"
    change = money.minor / live.daily_budget_minor - 1 if live.daily_budget_minor else 0.0
    if change == 0 and is_settling:
        return f"stays at {money} a day: what its last move brought has yet to be seen"
    if change == 0:
        return f"stays at {money} a day: the figures do not ask for a tenth more or less"
    return f"moves by {change:+.0%} to {money} a day, towards its share of what it returns"
